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

import pytest

from label_templates.contract.panel import panel_spec
from label_templates.drawing.frame import Frame
from tests.integration.up.store import PATIENCE_S, RunningStore, alive

pytestmark = pytest.mark.integration

SMALL = ("--devices", "3", "--tiles", "4", "--processes", "2")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunningStore]:
    with RunningStore(tmp_path / "var") as running:
        yield running


def status(store: RunningStore) -> dict[str, dict[str, int]]:
    command = [str(Path(sys.executable).with_name("edge-shelf")), "status", "--json"]
    done = subprocess.run(  # noqa: S603 - our own command
        command, env={**os.environ, **store.env}, capture_output=True, text=True, check=True
    )
    answer: dict[str, dict[str, int]] = json.loads(done.stdout)
    return answer


def converged(store: RunningStore, devices: int, tiles: int) -> bool:
    now = status(store)
    return (now["devices"]["connected"], now["tiles"]["shown"]) == (devices, tiles)


def test_one_command_opens_a_store_that_survives_crashes_and_is_found_again(
    store: RunningStore,
) -> None:
    store.start(*SMALL).until_open()
    assert set(store.pids) == {"hub", "serve", "dispatch", "fleet-1", "fleet-2"}
    assert "12 tiles on 3 devices" in store.said
    assert store.login() is not None

    # The pictures are frames of the panels that hang there.
    pictures = sorted((store.root / "devices").glob("1001-*/b*.png"))
    assert len(pictures) == 12
    large = Frame.read_png(pictures[0].read_bytes(), panel_spec("epd-7.3-e6").inks)
    assert (large.width, large.height) == (800, 480)

    # The env file is all that a command line needs, and private.
    assert (store.root / "env").stat().st_mode & 0o777 == 0o600
    assert set(store.env) == {
        "EDGE_SHELF_URL", "EDGE_SHELF_TOKEN", "IOTHUB_CONNECTION_STRING",
        "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS",
    }  # fmt: skip
    store.until(lambda: converged(store, 3, 12), "every tile is shown")

    # A process that dies is named and comes back.
    before = store.pids
    for name in ("dispatch", "fleet-1"):
        os.kill(before[name], signal.SIGKILL)
    store.until(
        lambda: {"dispatch", "fleet-1"} <= {n for n, p in store.pids.items() if p != before[n]},
        "both run again",
    )
    assert "dispatch ended (SIGKILL) and is started again" in store.said
    assert "fleet-1 ended (SIGKILL) and is started again" in store.said
    store.until(lambda: converged(store, 3, 12), "every tile is shown again")

    # Ctrl-C ends everything.
    pids = store.pids.values()
    token = store.env["EDGE_SHELF_TOKEN"]
    assert store.end() == 0
    assert not any(alive(pid) for pid in pids)
    assert store.pids == {}

    # The second start finds it all again and tells no new login.
    store.start().until_open()
    assert "12 tiles on 3 devices, as it was left" in store.said
    assert store.login() is None
    assert store.env["EDGE_SHELF_TOKEN"] == token
    store.until(lambda: converged(store, 3, 12), "every tile is shown after the second start")

    # Even a killed one leaves no process behind.
    pids = store.pids.values()
    store.process.kill()
    store.process.wait()
    end = time.monotonic() + PATIENCE_S
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < end, "processes outlived the one that started them"
        time.sleep(0.05)

    # And after that a fresh start forgets everything, when told to.
    store.start(*SMALL[:2], "--tiles", "1", "--fresh").until_open()
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
