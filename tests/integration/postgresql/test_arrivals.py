"""Files that are taken once, on PostgreSQL."""

import pytest

from tests.unit.pricing.test_arrivals import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
