"""The API: imports, on PostgreSQL."""

import pytest

from tests.unit.api.test_imports import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
