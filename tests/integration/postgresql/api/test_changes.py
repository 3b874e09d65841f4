"""The API: changes, on PostgreSQL."""

import pytest

from tests.unit.api.test_changes import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
