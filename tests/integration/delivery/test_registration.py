"""`edge-shelf devices register` against the simulated hub: what a Pi is installed with."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from cloud_service.cli import main
from cloud_service.delivery.hub import AzureHub
from cloud_service.delivery.keys import ensure_keys
from shelf_agent import settings
from simulators.iothub.server.hub import SimulatedHub
from tests.book import add_store, open_book

pytestmark = pytest.mark.integration

DEVICES = ("register-1", "register-2")
Register = Callable[..., tuple[int, str]]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, simulated_hub: SimulatedHub) -> str:
    """A store with two devices, an empty one, keys and the hub's address; returns the root key."""
    with closing(open_book(tmp_path)) as services:
        add_store(services, "1601")
        services.add_planogram(
            store="0204",
            positions=[
                ("b01-s1-p01", DEVICES[0], "epd-2.9-bwr", "4711"),
                ("b01-s1-p02", DEVICES[0], "lcd-st7789", "0815"),
                ("b02-s1-p01", DEVICES[1], "epd-7.3-e6", None),
            ],
            actor="ana",
        )
    monkeypatch.setenv("EDGE_SHELF_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("IOTHUB_CONNECTION_STRING", simulated_hub.connection_string)
    return ensure_keys(tmp_path / "keys", "2026-11").root


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "installation"


@pytest.fixture
def register(output: Path, capsys: pytest.CaptureFixture[str], root: str) -> Register:
    """Run the command; return its exit code and all it printed, in which no key may stand."""
    assert root

    def running(*words: str, store: str = "0204") -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(["devices", "register", "--store", store, "--output", str(output), *words])
        captured = capsys.readouterr()
        assert "SharedAccessKey=" not in (captured.out + captured.err).replace("Key=...", "")
        return int(ended.value.code or 0), captured.out + captured.err

    return running


@pytest.fixture
def hub(simulated_hub: SimulatedHub) -> AzureHub:
    return AzureHub(simulated_hub.connection_string)


def test_every_device_of_the_planogram_can_be_installed(
    register: Register, output: Path, hub: AzureHub, root: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = register("--trust", "/etc/edge-shelf/ca.pem")
    assert code == 0
    assert f"2 devices of store 0204 have an identity at {hub.host}" in said
    drivers = []
    for device in DEVICES:
        secret = (output / device / "connection_string").read_text().strip()
        assert secret == hub.ensure_identity(device)
        monkeypatch.setenv("SHELF_AGENT_CONNECTION_STRING", secret)
        found = settings.load(output / device / "agent.toml")
        assert (found.device, found.root_key) == (device, root)
        assert found.trust == Path("/etc/edge-shelf/ca.pem")
        drivers.append([display.driver for display in found.displays])
    assert drivers == [["waveshare", "lcd"], ["capture"]]


def test_a_script_is_told_what_was_written(register: Register, output: Path, hub: AzureHub) -> None:
    code, said = register("--json", "--driver", "capture")
    assert code == 0
    assert json.loads(said) == {
        "store": "0204",
        "hub": hub.host,
        "devices": [
            {"id": DEVICES[0], "displays": 2, "folder": str(output / DEVICES[0])},
            {"id": DEVICES[1], "displays": 1, "folder": str(output / DEVICES[1])},
        ],
    }


def test_registering_again_keeps_keys_and_refuses_to_undo_an_edit(
    register: Register, output: Path
) -> None:
    assert register()[0] == 0
    secret, edited = (output / DEVICES[0] / name for name in ("connection_string", "agent.toml"))
    before = secret.read_bytes()
    assert register()[0] == 0
    assert secret.read_bytes() == before
    edited.write_text(edited.read_text() + "[displays.options]\nspi_bus = 1\n")
    code, said = register()
    assert code == 1
    assert f"{edited}: there is something else already" in said
    assert "spi_bus" in edited.read_text()
    assert register("--overwrite")[0] == 0
    assert "spi_bus" not in edited.read_text()


@pytest.mark.parametrize(
    ("store", "reason"), [("9999", "'9999'"), ("1601", "store 1601 has no planogram yet")]
)
def test_a_store_without_devices_is_named(
    register: Register, output: Path, store: str, reason: str
) -> None:
    code, said = register(store=store)
    assert code == 1
    assert reason in said
    assert not output.exists()


@pytest.mark.parametrize(
    ("value", "reason"),
    [(None, "IOTHUB_CONNECTION_STRING is not set"), ("postgresql://x", "HostName=...;")],
)
def test_a_hub_that_is_not_named_is_wrong_usage(
    register: Register,
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
    value: str | None,
    reason: str,
) -> None:
    if value is None:
        monkeypatch.delenv("IOTHUB_CONNECTION_STRING")
    else:
        monkeypatch.setenv("IOTHUB_CONNECTION_STRING", value)
    code, said = register()
    assert code == 2
    assert reason in said
    assert not output.exists()


def test_a_hub_that_refuses_the_key_is_named_and_nothing_is_written(
    register: Register, output: Path, monkeypatch: pytest.MonkeyPatch, simulated_hub: SimulatedHub
) -> None:
    host, name, _ = simulated_hub.connection_string.split(";")
    monkeypatch.setenv("IOTHUB_CONNECTION_STRING", f"{host};{name};SharedAccessKey=d3Jvbmc=")
    code, said = register()
    assert code == 1
    assert "does not accept the connection string" in said
    assert not output.exists()


def test_a_driver_that_can_be_none_is_wrong_usage(register: Register, output: Path) -> None:
    code, said = register("--driver", "Wave Share")
    assert code == 2
    assert "'Wave Share' is no driver" in said
    assert not output.exists()


def test_without_keys_it_is_said_how_to_make_them(
    register: Register, output: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("EDGE_SHELF_KEY_DIR", str(tmp_path / "no-keys"))
    code, said = register()
    assert code == 1
    assert "`edge-shelf keys init` makes keys" in said
    assert not output.exists()
