"""Accounts over an empty database, with cheap hashing so that the tests stay fast."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from cloud_service.accounts import Accounts
from cloud_service.accounts.secrets import Passwords
from cloud_service.clock import FixedClock
from cloud_service.services.schema import metadata
from cloud_service.storage import Storage
from tests.book import settings_in

NOW = 1_800_000_000


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    storage = Storage(settings_in(tmp_path).database)
    metadata.create_all(storage.engine)
    yield storage
    storage.close()


@pytest.fixture
def accounts(storage: Storage, clock: FixedClock) -> Accounts:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return Accounts(storage, clock, Passwords(cheap))
