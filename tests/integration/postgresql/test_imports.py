"""Price lists from files, on PostgreSQL."""

import pytest

from tests.unit.pricing.test_imports import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
