"""The API: pictures, on PostgreSQL."""

import pytest

from tests.unit.api.test_pictures import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
