"""Imports that are killed, on PostgreSQL."""

import pytest

from tests.integration.storage.test_crashes import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
