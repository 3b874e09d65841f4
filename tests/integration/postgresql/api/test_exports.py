"""The API: exports, on PostgreSQL."""

import pytest

from tests.unit.api.test_exports import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
