"""What must not hang, refused before it is published, on PostgreSQL."""

import pytest

from tests.unit.changes.test_fitness import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.integration
