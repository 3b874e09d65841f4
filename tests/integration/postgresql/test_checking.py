"""Checking whole stores, on PostgreSQL."""

import pytest

from tests.unit.services.test_checking import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
