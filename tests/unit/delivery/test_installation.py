"""What a Pi is installed with: settings its agent can use, a secret apart, no edit overwritten."""

from pathlib import Path

import pytest

from cloud_service.delivery.errors import InstallationError
from cloud_service.delivery.installation import (
    LCD_PANELS,
    WAVESHARE_PANELS,
    AgentSettings,
    agent_toml,
    installation_files,
    pi_settings,
    usual_driver,
    write_installations,
)
from label_templates.contract.panel import CATALOGUE
from shelf_agent import settings
from shelf_agent.displays import lcd
from shelf_agent.displays.registry import DRIVERS
from shelf_agent.displays.waveshare import MODELS

DEVICE = "pi-0204-01"
CONNECTION = f"HostName=chain.azure-devices.net;DeviceId={DEVICE};SharedAccessKey=a2V5"
ROOT_KEY = "A" * 43 + "="
PANELS = [(f"b01-s1-p{place:02}", panel) for place, panel in enumerate(sorted(CATALOGUE), start=1)]


def installed(folder: Path, agent: AgentSettings) -> Path:
    """Write a Pi's files and return its folder."""
    write_installations(installation_files(folder, agent, CONNECTION), overwrite=False)
    return folder / agent.device


def test_an_agent_can_use_what_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trust = Path('/etc/edge-shelf/odd "ca".pem')
    home = installed(tmp_path, pi_settings(DEVICE, PANELS, ROOT_KEY, trust=trust))
    secret = (home / "connection_string").read_text().strip()
    monkeypatch.setenv("SHELF_AGENT_CONNECTION_STRING", secret)
    found = settings.load(home / "agent.toml")
    assert secret == CONNECTION
    assert (found.device, found.root_key, found.trust) == (DEVICE, ROOT_KEY, trust)
    assert [(display.position, display.panel) for display in found.displays] == PANELS


def test_every_panel_gets_a_driver_that_drives_it(tmp_path: Path) -> None:
    assert MODELS.keys() == WAVESHARE_PANELS
    usual = {panel: usual_driver(panel) for panel in CATALOGUE}
    assert set(usual.values()) == DRIVERS.keys()
    assert [panel for panel, driver in usual.items() if driver == "lcd"] == ["lcd-st7789"]
    assert lcd.PANELS == LCD_PANELS


def test_one_driver_may_be_asked_for_all_panels() -> None:
    agent = pi_settings(DEVICE, PANELS, ROOT_KEY, driver="capture")
    assert {display.driver for display in agent.displays} == {"capture"}
    assert all(display.options["directory"] for display in agent.displays)
    strange = pi_settings(DEVICE, PANELS, ROOT_KEY, driver="serial")
    assert {(display.driver, *display.options) for display in strange.displays} == {("serial",)}


def test_the_secret_stands_in_a_file_of_its_own_that_only_its_owner_reads(tmp_path: Path) -> None:
    home = installed(tmp_path / "new", pi_settings(DEVICE, PANELS, ROOT_KEY))
    assert "SharedAccessKey" not in (home / "agent.toml").read_text()
    assert {path.stat().st_mode & 0o777 for path in home.iterdir()} == {0o600}
    assert home.stat().st_mode & 0o777 == 0o700


def test_a_secret_inside_settings_is_never_shown() -> None:
    agent = AgentSettings(DEVICE, ROOT_KEY, Path("state"), [], connection_string=CONNECTION)
    assert "a2V5" in agent_toml(agent)
    assert "a2V5" not in repr(agent)


def test_the_same_files_a_second_time_are_fine(tmp_path: Path) -> None:
    agent = pi_settings(DEVICE, PANELS, ROOT_KEY)
    before = (installed(tmp_path, agent) / "agent.toml").read_bytes()
    assert (installed(tmp_path, agent) / "agent.toml").read_bytes() == before


def test_an_edited_file_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    home = installed(tmp_path, pi_settings(DEVICE, PANELS, ROOT_KEY))
    edited = home / "agent.toml"
    edited.write_text(edited.read_text() + "reset_pin = 5\n")
    before = edited.read_bytes()
    other = pi_settings("pi-0204-00", PANELS, ROOT_KEY)
    files = installation_files(tmp_path, other, CONNECTION)
    files |= installation_files(tmp_path, pi_settings(DEVICE, PANELS, ROOT_KEY), CONNECTION)
    with pytest.raises(InstallationError, match=f"{DEVICE}/agent.toml: there is something else"):
        write_installations(files, overwrite=False)
    assert edited.read_bytes() == before
    assert not (tmp_path / "pi-0204-00").exists()
    write_installations(files, overwrite=True)
    assert edited.read_bytes() == files[edited]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    files = {tmp_path / "file" / DEVICE / "agent.toml": b""}
    with pytest.raises(InstallationError, match=r"file/pi-0204-01.*Not a directory"):
        write_installations(files, overwrite=True)
