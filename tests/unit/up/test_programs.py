"""Which processes run, and what each is told."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.up import programs
from simulators.up.agents import Installer
from simulators.up.folder import Folder
from simulators.up.options import Options

HUB = {"IOTHUB_CONNECTION_STRING": "HostName=localhost", "SSL_CERT_FILE": "/ca.pem"}


@given(devices=st.integers(1, 60), processes=st.none() | st.integers(1, 80))
def test_every_device_runs_in_one_process_and_the_processes_are_even(
    devices: int, processes: int | None
) -> None:
    names = [f"1001-{number:03}" for number in range(devices)]
    groups = programs.fleet(Options(Folder(Path("/var")), processes=processes), names)
    assert [device for group in groups.values() for device in group] == names
    sizes = [len(group) for group in groups.values()]
    assert max(sizes) - min(sizes) <= 1
    assert len(groups) == min(processes or -(-devices // 4), devices)


def test_a_store_hung_without_tiles_runs_no_fleet() -> None:
    assert programs.fleet(Options(Folder(Path("/var"))), []) == {}


def test_a_process_is_told_the_settings_of_its_devices() -> None:
    program = programs.agents(Options(Folder(Path("/var"))), {}, "fleet-1", ["a-001", "a-002"])
    told = [word for word in program.command if word.endswith(".toml")]
    assert told == ["/var/devices/a-001/agent.toml", "/var/devices/a-002/agent.toml"]
    assert program.command.count("--settings") == 2


def test_a_process_without_devices_has_nothing_to_run() -> None:
    assert programs.agents(Options(Folder(Path("/var"))), {}, "fleet-1", []).command == ()


def test_programs_end_in_the_order_in_which_they_lean_on_each_other() -> None:
    options = Options(Folder(Path("/var")))
    running = [
        programs.hub(options),
        *programs.cloud(options, HUB),
        programs.agents(options, {}, "fleet-1", ["1001-001"]),
    ]
    waves = [(program.name, program.wave) for program in running]
    assert waves == [("hub", 0), ("serve", 1), ("dispatch", 1), ("fleet-1", 2)]
    assert Counter(program.log.name for program in running).most_common(1)[0][1] == 1


def test_settings_of_another_installation_do_not_reach_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EDGE_SHELF_DATABASE_URL", "postgresql://somewhere/else")
    monkeypatch.setenv("IOTHUB_CONNECTION_STRING", "HostName=production")
    serve, _ = programs.cloud(Options(Folder(Path("/var")), port=8123), HUB)
    assert "EDGE_SHELF_DATABASE_URL" not in serve.env
    assert serve.env["IOTHUB_CONNECTION_STRING"] == "HostName=localhost"
    assert serve.env["EDGE_SHELF_PORT"] == "8123"
    assert serve.env["EDGE_SHELF_DATA_DIR"] == "/var/cloud"


def test_agents_are_not_told_the_services_credentials() -> None:
    options = Options(Folder(Path("/var")))
    agents = programs.agents(options, {"SSL_CERT_FILE": "/x"}, "fleet-1", ["1001-001"])
    assert "IOTHUB_CONNECTION_STRING" not in agents.env


def test_an_agents_settings_are_private_toml_that_says_where_its_pictures_go(
    tmp_path: Path,
) -> None:
    folder = Folder(tmp_path / 'odd "name"')
    panels = [("b01-s1-p01", "epd-7.3-e6"), ("b01-s1-p02", "epd-2.9-bw")]
    trust = tmp_path / "ca.pem"
    installer = Installer(folder, "cm9vdA==", trust, "http://localhost:8000")
    installer.write("1001-001", "HostName=h;Key=a+/=", panels)
    path = folder.device("1001-001") / "agent.toml"
    assert path.stat().st_mode & 0o777 == 0o600
    written = tomllib.loads(path.read_text())
    assert written["device"] == "1001-001"
    assert written["connection_string"] == "HostName=h;Key=a+/="
    assert written["trust"] == str(trust)
    assert written["bundles"] == "http://localhost:8000"
    assert [(shown["position"], shown["panel"]) for shown in written["displays"]] == panels
    assert {shown["driver"] for shown in written["displays"]} == {"capture"}
    assert {shown["options"]["directory"] for shown in written["displays"]} == {str(path.parent)}
