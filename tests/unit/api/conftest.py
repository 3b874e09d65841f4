"""The API over real services and a small store, called in this process."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient

from cloud_service.accounts import Accounts, Scope
from cloud_service.accounts.secrets import Passwords
from cloud_service.api import build_router
from cloud_service.clock import FixedClock
from cloud_service.services import Services, open_services
from cloud_service.settings import Settings

NOW = 1_800_000_000
GTIN = "3850000000015"
HEADER = "sku,gtin,name,brand,size,unit,category,price"
PRODUCTS = f"""{HEADER}
4711,{GTIN},Čokolada za kuhanje,Zvijezda,200 g,,Slatko,2.49
4712,,Kruh bijeli,Pekara,500 g,,Kruh,1.59
4713,,Mlijeko 2.8%,Vindija,1 l,,Mlijeko,1.29
"""
POSITIONS = [
    ("b01-s1-p01", "store-0204-1", "epd-2.9-bwr", "4711"),
    ("b01-s1-p02", "store-0204-1", "epd-2.9-bwr", "4712"),
    ("b02-s1-p01", "store-0204-2", "epd-2.13-bw", "4713"),
    ("b02-s1-p02", "store-0204-2", "epd-2.13-bw", None),
]


def price(minor: int, currency: str = "EUR") -> dict[str, Any]:
    return {"amount_minor": minor, "currency": currency}


@dataclass(frozen=True)
class Caller:
    """Calls /v1 with a token."""

    client: TestClient
    token: str | None = None

    def __call__(self, method: str, path: str, **request: Any) -> Any:
        headers = dict(request.pop("headers", {}))
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        return self.client.request(method, f"/v1{path}", headers=headers, **request)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


def open_seeded(folder: Path, clock: FixedClock) -> Services:
    """Open services with one store, 0204 in Zagreb, that hangs."""
    services = open_services(Settings(data_dir=folder), clock)
    services.add_store(
        id="0204", name="Zagreb", tz="Europe/Zagreb", currency="EUR", locale="hr-HR",
        jurisdiction="HR", actor="test",
    )  # fmt: skip
    file = BytesIO(PRODUCTS.encode())
    services.import_prices(store="0204", source=file, format="csv", actor="test")
    services.add_planogram(store="0204", positions=POSITIONS, actor="test")
    return services


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the store once; each test gets a copy of its database."""
    folder = tmp_path_factory.mktemp("seeded")
    open_seeded(folder, FixedClock(NOW)).close()
    return folder


@pytest.fixture
def services(seeded: Path, tmp_path: Path, clock: FixedClock) -> Iterator[Services]:
    folder = shutil.copytree(seeded, tmp_path / "var")
    services = open_services(Settings(data_dir=folder), clock)
    yield services
    services.close()


@pytest.fixture
def accounts(services: Services, clock: FixedClock) -> Accounts:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return Accounts(services.storage, clock, Passwords(cheap))


@pytest.fixture
def client(services: Services, accounts: Accounts) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(build_router(services, accounts))
    with TestClient(app) as client:
        yield client


def _caller(client: TestClient, accounts: Accounts, scope: Scope) -> Caller:
    token = accounts.issue_token(f"{scope}er", scope, created_by="test")
    return Caller(client, token)


@pytest.fixture
def anybody(client: TestClient) -> Caller:
    return Caller(client)


@pytest.fixture
def reader(client: TestClient, accounts: Accounts) -> Caller:
    return _caller(client, accounts, "read")


@pytest.fixture
def writer(client: TestClient, accounts: Accounts) -> Caller:
    return _caller(client, accounts, "write")
