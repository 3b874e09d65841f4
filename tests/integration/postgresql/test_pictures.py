"""Previews and pictures, on PostgreSQL."""

import pytest

from tests.unit.services.test_pictures import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
