"""A glass that shows what was never pushed, on PostgreSQL."""

import pytest

from tests.integration.delivery.conftest import *  # noqa: F403 - the same tests
from tests.integration.delivery.test_wrong_glass import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
