"""The API: events, on PostgreSQL."""

import pytest

from tests.unit.api.test_events import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
