"""Template bundles on their way, on PostgreSQL."""

import pytest

from tests.integration.delivery.conftest import *  # noqa: F403 - the same tests
from tests.integration.delivery.test_bundles import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
