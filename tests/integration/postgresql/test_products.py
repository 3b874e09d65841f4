"""Products, their GTINs and deposits, on PostgreSQL."""

import pytest

from tests.unit.catalog.test_products import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
