"""The console over real services and a small store whose shelves follow, called in this process."""

import shutil
from collections.abc import Iterator
from copy import deepcopy
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from cloud_service.clock import FixedClock
from cloud_service.server import build_app
from tests.unit.console.shelves import MemoryTwins, Shelves, open_shelves
from tests.unit.console.views import NOW

HEADER = "sku,gtin,name,brand,size,unit,category,price,special_price,special_from,special_until"
ROWS = (
    "100,5901234123457,Filter Coffee,Bergtal,500,g,Coffee,5.99,,,",
    "101,036000291452,Peanut Butter,Nutwell,340,g,Spreads,4.25,,,",
    "102,,Đumbir & <b>Čaj</b>,,,,Tea,2.00,1.50,2026-11-01T00:00,2026-12-01T00:00",
    "103,,Unhung Honey,,,,Spreads,7.00,,,",
)
PLACES = (
    ("b01-s1-p01", "shelf-1", "epd-2.9-bwr", "100"),
    ("b01-s1-p02", "shelf-1", "epd-2.13-bw", "101"),
    ("b01-s1-p03", "shelf-1", "epd-7.3-e6", "102"),
    ("b01-s2-p01", "shelf-2", "lcd-st7789", "100"),
    ("b01-s2-p02", "shelf-2", "epd-2.9-bw", None),
    ("b02-s1-p01", "shelf-3", "epd-2.9-bw", "101"),
)
ORIGIN = "http://testserver"
PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def hung(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, MemoryTwins]:
    """Return the folder and twins of a store that hangs, to be copied: hanging it takes a while."""
    folder = tmp_path_factory.mktemp("hung")
    shelves = open_shelves(folder, FixedClock(NOW))
    shelves.accounts.add_user("nina", PASSWORD)
    shelves.services.add_store(
        id="0204", name="Zagreb Ilica", tz="Europe/Zagreb", currency="EUR", locale="hr-HR",
        jurisdiction="HR", actor="test",
    )  # fmt: skip
    prices = BytesIO("\n".join((HEADER, *ROWS, "")).encode())
    report = shelves.services.import_prices(store="0204", source=prices, format="csv", actor="test")
    assert not report.errors
    shelves.services.add_planogram(store="0204", positions=PLACES, actor="test")
    shelves.follow()
    shelves.close()
    return folder, shelves.twins


@pytest.fixture
def shelves(tmp_path: Path, hung: tuple[Path, MemoryTwins]) -> Iterator[Shelves]:
    """Return a store of its own, with shelves that show what they should."""
    folder, twins = hung
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    shelves = open_shelves(tmp_path, FixedClock(NOW), deepcopy(twins))
    yield shelves
    shelves.close()


@pytest.fixture
def visitor(shelves: Shelves) -> TestClient:
    """Return a browser of somebody who has not logged in."""
    app = build_app(shelves.services, shelves.accounts)
    return TestClient(app, base_url=ORIGIN, headers={"Origin": ORIGIN})


@pytest.fixture
def clerk(visitor: TestClient) -> TestClient:
    """Return a browser of somebody who has logged in."""
    answer = visitor.post("/login", data={"name": "nina", "password": PASSWORD})
    assert answer.status_code == 200
    return visitor
