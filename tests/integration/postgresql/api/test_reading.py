"""The API: reading, on PostgreSQL."""

import pytest

from tests.unit.api.test_reading import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
