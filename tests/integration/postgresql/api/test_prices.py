"""The API: prices, on PostgreSQL."""

import pytest

from tests.unit.api.test_prices import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
