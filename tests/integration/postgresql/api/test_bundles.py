"""The API: bundles, on PostgreSQL."""

import pytest

from tests.unit.api.test_bundles import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
