"""The dispatcher's rounds, on PostgreSQL."""

import pytest

from tests.integration.delivery.conftest import *  # noqa: F403 - the same tests
from tests.integration.delivery.test_rounds import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
