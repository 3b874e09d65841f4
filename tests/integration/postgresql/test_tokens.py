"""API tokens, on PostgreSQL."""

import pytest

from tests.unit.accounts.conftest import *  # noqa: F403 - the same tests
from tests.unit.accounts.test_tokens import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
