"""Marks and claims of devices, on PostgreSQL."""

import pytest

from tests.unit.catalog.test_devices import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
