"""Publishing, on PostgreSQL."""

import pytest

from tests.unit.changes.test_publishing import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
