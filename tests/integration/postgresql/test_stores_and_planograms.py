"""Stores and planograms, on PostgreSQL."""

import pytest

from tests.unit.catalog.test_stores_and_planograms import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
