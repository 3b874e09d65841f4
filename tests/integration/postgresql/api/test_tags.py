"""The API: tags, on PostgreSQL."""

import pytest

from tests.unit.api.test_tags import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
