"""Users and sessions, on PostgreSQL."""

import pytest

from tests.unit.accounts.conftest import *  # noqa: F403 - the same tests
from tests.unit.accounts.test_users_and_sessions import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
