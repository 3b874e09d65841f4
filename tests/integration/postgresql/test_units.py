"""Units of work, on PostgreSQL."""

import pytest

from tests.integration.storage.test_units import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
