"""`shelf-sim up` as a person has it: one command, whole processes, nothing left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from label_templates.contract.panel import panel_spec
from label_templates.drawing.frame import Frame
from simulators.up.folder import Folder
from simulators.up.plugs import pull, put_back
from tests.integration.up.store import PATIENCE_S, RunningStore, alive

pytestmark = pytest.mark.integration

SMALL = ("--devices", "3", "--tiles", "4", "--processes", "2")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunningStore]:
    """A store that is not started yet."""
    with RunningStore(tmp_path / "var") as running:
        yield running


@pytest.fixture(scope="module")
def open_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStore]:
    """A store that is open, for the tests that leave it as they found it."""
    with RunningStore(tmp_path_factory.mktemp("up") / "var") as running:
        running.start(*SMALL).until_open()
        yield running
        assert running.end() == 0


def edge_shelf(store: RunningStore, *arguments: str) -> str:
    command = [str(Path(sys.executable).with_name("edge-shelf")), *arguments]
    done = subprocess.run(
        command, env={**os.environ, **store.env}, capture_output=True, text=True, check=True
    )
    return done.stdout


def status(store: RunningStore) -> dict[str, dict[str, int]]:
    answer: dict[str, dict[str, int]] = json.loads(edge_shelf(store, "status", "--json"))
    return answer


def tile(store: RunningStore, position: str) -> dict[str, str]:
    """What the API says of a tile."""
    answer = httpx.get(
        f"{store.env['EDGE_SHELF_URL']}/v1/stores/1001/tiles/{position}",
        headers={"Authorization": f"Bearer {store.env['EDGE_SHELF_TOKEN']}"},
    )
    found: dict[str, str] = answer.raise_for_status().json()
    return found


def converged(store: RunningStore, devices: int, tiles: int) -> bool:
    now = status(store)
    return (now["devices"]["connected"], now["tiles"]["shown"]) == (devices, tiles)


def test_one_command_opens_a_store_and_says_where_everything_is(open_store: RunningStore) -> None:
    assert set(open_store.pids) == {"hub", "serve", "dispatch", "fleet-1", "fleet-2"}
    assert "12 tiles on 3 devices" in open_store.said
    assert open_store.login() is not None
    assert f"http://localhost:{open_store.port}" in open_store.said


def test_every_tiles_pixels_lie_in_its_devices_folder(open_store: RunningStore) -> None:
    pictures = sorted((open_store.root / "devices").glob("1001-*/b*.png"))
    assert len(pictures) == 12
    large = Frame.read_png(pictures[0].read_bytes(), panel_spec("epd-7.3-e6").inks)
    assert (large.width, large.height) == (800, 480)


def test_the_env_file_is_private_and_all_that_a_command_line_needs(
    open_store: RunningStore,
) -> None:
    assert (open_store.root / "env").stat().st_mode & 0o777 == 0o600
    assert set(open_store.env) == {
        "EDGE_SHELF_URL", "EDGE_SHELF_TOKEN",
        "IOTHUB_CONNECTION_STRING", "EVENTHUB_CONNECTION_STRING",
        "PROVISIONING_DEVICE_ENDPOINT", "PROVISIONING_DEVICE_IDSCOPE",
        "PROVISIONING_SERVICE_CONNECTION_STRING",
        "AZURE_AUTHORITY_HOST", "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET",
        "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS",
    }  # fmt: skip
    open_store.until(lambda: converged(open_store, 3, 12), "every tile is shown")


def test_a_process_that_dies_is_named_and_comes_back(open_store: RunningStore) -> None:
    before = open_store.pids
    victims = {"hub", "dispatch", "fleet-1"}
    for name in victims:
        os.kill(before[name], signal.SIGKILL)
    open_store.until(
        lambda: victims <= {name for name, pid in open_store.pids.items() if pid != before[name]},
        "all three run again",
    )
    for name in victims:
        assert f"{name} ended (SIGKILL) and is started again" in open_store.said
    open_store.until(lambda: converged(open_store, 3, 12), "every tile is shown again")


def test_a_shelf_without_power_keeps_its_picture_and_catches_up(open_store: RunningStore) -> None:
    folder, position = Folder(open_store.root), "b01-s3-p02"
    picture = folder.device("1001-003") / f"{position}.png"
    before = picture.read_bytes()
    pull(folder, "1001-003")
    open_store.until(lambda: status(open_store)["devices"]["connected"] == 2, "the shelf is gone")
    sku = tile(open_store, position)["sku"]
    edge_shelf(open_store, "prices", "set", sku, "77.77", "--store", "1001")
    assert tile(open_store, position)["state"] == "pending"
    assert picture.read_bytes() == before
    put_back(folder, "1001-003")
    open_store.until(lambda: converged(open_store, 3, 12), "the shelf has caught up")
    assert picture.read_bytes() != before


def test_ctrl_c_ends_everything_and_a_second_start_finds_it_again(store: RunningStore) -> None:
    store.start(*SMALL).until_open()
    pids, token = store.pids.values(), store.env["EDGE_SHELF_TOKEN"]
    assert store.end() == 0
    assert not any(alive(pid) for pid in pids)
    assert store.pids == {}

    store.start().until_open()
    assert "12 tiles on 3 devices, as it was left" in store.said
    assert store.login() is None
    assert store.env["EDGE_SHELF_TOKEN"] == token
    store.until(lambda: converged(store, 3, 12), "every tile is shown after the second start")


def test_one_that_was_killed_leaves_no_process_and_a_fresh_start_forgets_all(
    store: RunningStore,
) -> None:
    store.start(*SMALL).until_open()
    pids, token = store.pids.values(), store.env["EDGE_SHELF_TOKEN"]
    store.process.kill()
    store.process.wait()
    end = time.monotonic() + PATIENCE_S
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < end, "processes outlived the one that started them"
        time.sleep(0.05)

    store.start("--devices", "3", "--tiles", "1", "--fresh").until_open()
    assert "3 tiles on 3 devices" in store.said
    assert store.login() is not None
    assert store.env["EDGE_SHELF_TOKEN"] != token
    assert len(list((store.root / "devices").glob("1001-*/b*.png"))) == 3
    assert store.end(signal.SIGTERM) == 0


def test_a_port_already_taken_is_named_and_nothing_is_started(store: RunningStore) -> None:
    with socket.create_server(("127.0.0.1", store.port)):
        code = store.start().process.wait(timeout=PATIENCE_S)
    assert code == 2
    assert store.said == (
        f"shelf-sim up: port {store.port} on 127.0.0.1, for the console, is already taken: "
        "end what uses it, or choose another with --port\n"
    )
    assert not store.root.exists()


def test_a_folder_of_other_things_is_not_cleared(store: RunningStore) -> None:
    store.root.mkdir()
    (store.root / "thesis.txt").write_text("years of work")
    assert store.start("--fresh").process.wait(timeout=PATIENCE_S) == 2
    assert "was not made by shelf-sim up" in store.said
    assert (store.root / "thesis.txt").exists()


def test_a_wrong_price_list_is_named_and_leaves_no_process(
    store: RunningStore, tmp_path: Path
) -> None:
    (tmp_path / "mine.csv").write_text("sku,name,price\nA1,Oat rusks,free\n")
    store.start("--store", "77", "--prices", str(tmp_path / "mine.csv"))
    assert store.process.wait(timeout=PATIENCE_S) == 1
    assert "mine.csv was not taken, because of row 2, column price: 'free'" in store.said
    assert "Traceback" not in store.said
    assert store.pids == {}
