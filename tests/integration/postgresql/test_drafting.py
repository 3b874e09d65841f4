"""Drafting, on PostgreSQL."""

import pytest

from tests.unit.changes.test_drafting import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
