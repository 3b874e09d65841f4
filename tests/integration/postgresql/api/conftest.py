"""The API over real services on PostgreSQL and a small store, called in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud_service.clock import FixedClock
from cloud_service.services import Services
from tests.unit.api.conftest import (  # noqa: F401 - fixtures
    accounts,
    anybody,
    client,
    clock,
    open_seeded,
    reader,
    writer,
)


@pytest.fixture
def services(tmp_path: Path, clock: FixedClock) -> Iterator[Services]:  # noqa: F811 - a fixture
    services = open_seeded(tmp_path, clock)
    yield services
    services.close()
