"""Planograms and what hung before, on PostgreSQL."""

import pytest

from tests.unit.catalog.test_planogram import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
