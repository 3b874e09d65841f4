"""The API behind a real socket, and the command line that talks to it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI

from cloud_service.accounts import Accounts
from cloud_service.api import build_router
from cloud_service.cli import main
from cloud_service.clock import SystemClock
from cloud_service.services import Services, open_services
from cloud_service.settings import Settings

HEADER = "sku,gtin,name,brand,size,unit,category,price"
PRODUCTS = f"{HEADER}\n" + "".join(
    f"{number},,Product {number},,,,,{number % 90 + 1}.49\n" for number in range(1000, 1600)
)
DEVICE_TILES = 24


@dataclass(frozen=True)
class Running:
    services: Services
    url: str
    token: str
    server: uvicorn.Server

    def stop(self) -> None:
        self.server.should_exit = True


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


class CommandLine:
    """Runs commands in this process with the environment that `make run` would write."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        captured = self._capsys.readouterr()
        return Ran(int(ended.value.code or 0), captured.out, captured.err)


@pytest.fixture
def products(tmp_path: Path) -> Path:
    path = tmp_path / "products.csv"
    path.write_text(PRODUCTS, encoding="utf-8")
    return path


@pytest.fixture
def services(tmp_path: Path, products: Path) -> Iterator[Services]:
    services = open_services(Settings(data_dir=tmp_path / "var"), SystemClock())
    services.add_store(
        id="0204", name="Zagreb", tz="Europe/Zagreb", currency="EUR", locale="hr-HR",
        jurisdiction="HR", actor="test",
    )  # fmt: skip
    services.import_prices(store="0204", source=products, format="csv", actor="test")
    services.add_planogram(store="0204", positions=_positions(), actor="test")
    yield services
    services.close()


def _positions() -> list[tuple[str, str, str, str | None]]:
    return [
        (f"b{bay:02}-s1-p{place:02}", f"device-{bay}", "epd-2.9-bw", str(1000 + bay * 24 + place))
        for bay in range(1, 3)
        for place in range(1, DEVICE_TILES + 1)
    ]


@pytest.fixture
def running(services: Services) -> Iterator[Running]:
    accounts = Accounts(services.storage, SystemClock())
    app = FastAPI()
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    app.include_router(build_router(services, accounts, lambda: server.should_exit))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    port = server.servers[0].sockets[0].getsockname()[1]
    token = accounts.issue_token("tests", "write", created_by="tests")
    service = Running(services, f"http://127.0.0.1:{port}", token, server)
    yield service
    service.stop()
    thread.join(timeout=20)
    assert not thread.is_alive()


@pytest.fixture
def edge_shelf(
    running: Running, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    monkeypatch.setenv("EDGE_SHELF_URL", running.url)
    monkeypatch.setenv("EDGE_SHELF_TOKEN", running.token)
    monkeypatch.setenv("COLUMNS", "200")
    return CommandLine(capsys)
