"""Price lists into files, on PostgreSQL."""

import pytest

from tests.unit.pricing.test_exports import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
