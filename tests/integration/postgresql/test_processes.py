"""Several services and dispatchers on one PostgreSQL, as a chain runs them on several machines."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pytest

from cloud_service.accounts import Accounts
from cloud_service.clock import SystemClock
from cloud_service.delivery.hub import AzureHub
from cloud_service.delivery.keys import ensure_keys
from cloud_service.services import Services, open_services
from label_templates.contract import wire
from simulators.iothub.server.hub import SimulatedHub
from tests.book import add_store, settings_in, take
from tests.integration.delivery.chain import PANEL, PRODUCTS, STORE

pytestmark = pytest.mark.integration
DEVICES = [f"postgresql-{number:02}" for number in range(8)]
_COMMAND = [sys.executable, "-c", "from cloud_service.cli import main; main()"]


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """A store with eight devices of two tiles, by the time of this machine."""
    services = open_services(settings_in(tmp_path), SystemClock())
    add_store(services, STORE)
    take(services, STORE, PRODUCTS)
    places = [
        (f"b{bay:02}-s1-p{place:02}", device, PANEL, sku)
        for bay, device in enumerate(DEVICES, 1)
        for place, sku in enumerate(("1001", "1002"), 1)
    ]
    services.add_planogram(store=STORE, positions=places, actor="test")
    yield services
    services.close()


@pytest.fixture
def environment(tmp_path: Path, simulated_hub: SimulatedHub) -> dict[str, str]:
    ensure_keys(settings_in(tmp_path).keys, "2026-11")
    own = {"EDGE_SHELF_DATA_DIR": str(tmp_path)}
    return {**os.environ, **simulated_hub.environment, **own}


@contextmanager
def running(environment: dict[str, str], *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command until the end of the block; it must end well when it is asked to."""
    with subprocess.Popen([*_COMMAND, *words], env=environment) as process:
        try:
            yield process
            process.terminate()
            assert process.wait(30) in {0, -signal.SIGTERM}  # uvicorn ends by the signal it got
        finally:
            process.kill()


def test_what_one_service_takes_every_other_says_and_every_shelf_is_sent(
    services: Services, environment: dict[str, str], simulated_hub: SimulatedHub
) -> None:
    azure = AzureHub(simulated_hub.connection_string)
    for device in DEVICES:
        azure.ensure_identity(device)
    accounts = Accounts(services.storage, SystemClock())
    token = accounts.issue_token("tests", "write", created_by="tests")
    with ExitStack() as stack:
        clients = []
        for port in _free_ports(2):
            stack.enter_context(running(environment, "serve", "--port", str(port)))
            headers = {"Authorization": f"Bearer {token}"}
            address = f"http://127.0.0.1:{port}"
            client = httpx.Client(base_url=address, headers=headers, timeout=30)
            clients.append(stack.enter_context(client))
        for _ in range(2):
            stack.enter_context(running(environment, "dispatch"))
        one, other = clients
        _until(lambda: all(map(_answers, clients)))
        for amount in (111, 222, 333):
            price = {"price": _euros(amount), "confirm": True}
            done = one.put(f"/v1/stores/{STORE}/prices/1001", json=price)
            assert done.status_code == 200, done.text
            seen = other.get(f"/v1/stores/{STORE}/prices/1001").json()
            assert seen["effective"] == _euros(amount)
        _until(lambda: all(_prices(azure, device) == [333, 249] for device in DEVICES))


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/healthz").status_code == 200
    except httpx.TransportError:
        return False


def _euros(minor: int) -> dict[str, Any]:
    return {"amount_minor": minor, "currency": "EUR"}


def _prices(azure: AzureHub, device: str) -> list[int]:
    document = azure.read(device).desired
    tiles = wire.read_desired(document).tiles if document else {}
    return [tiles[position].now.price for position in sorted(tiles)]


def _free_ports(count: int) -> Sequence[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


def _until(true: Callable[[], bool], timeout_s: float = 120.0) -> None:
    end = monotonic() + timeout_s
    while not true():
        assert monotonic() < end, "not within the time-out"
        sleep(0.1)
