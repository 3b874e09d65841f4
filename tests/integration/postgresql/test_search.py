"""Finding products, on PostgreSQL."""

import pytest

from tests.unit.catalog.test_search import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
