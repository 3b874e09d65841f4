"""The API: callers, on PostgreSQL."""

import pytest

from tests.unit.api.test_callers import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
