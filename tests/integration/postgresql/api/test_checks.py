"""The API: checks, on PostgreSQL."""

import pytest

from tests.unit.api.test_checks import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
