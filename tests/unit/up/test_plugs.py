"""Plugs: who has power, and which devices there are to unplug."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from simulators.__main__ import app
from simulators.up.errors import UpError
from simulators.up.folder import Folder
from simulators.up.plugs import powered, pull, put_back


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    for device in ("1001-001", "1001-002"):
        folder.device(device).mkdir(parents=True)
        (folder.device(device) / "agent.toml").touch()
    return folder


def test_an_unplugged_device_is_without_power_until_its_plug_is_back(folder: Folder) -> None:
    devices = ("1001-001", "1001-002")
    assert powered(folder, devices) == devices
    pull(folder, "1001-001")
    assert powered(folder, devices) == ("1001-002",)
    put_back(folder, "1001-001")
    put_back(folder, "1001-001")
    assert powered(folder, devices) == devices


def test_a_device_that_is_not_there_is_named_with_those_that_are(folder: Folder) -> None:
    with pytest.raises(UpError, match=r"no device 7 in .*; there are 1001-001, 1001-002"):
        pull(folder, "7")


def test_the_command_says_how_to_give_the_power_back(folder: Folder) -> None:
    options = ["--data-dir", str(folder.root)]
    told = CliRunner().invoke(app, ["unplug", "1001-002", *options])
    assert told.exit_code == 0
    back = f"shelf-sim plug 1001-002 --data-dir {folder.root}"
    assert told.output == f"1001-002 is without power; {back} gives it back\n"
    assert powered(folder, ["1001-002"]) == ()
    assert CliRunner().invoke(app, ["plug", "1001-002", *options]).exit_code == 0
    assert powered(folder, ["1001-002"]) == ("1001-002",)


def test_the_command_fails_where_there_is_no_such_device(folder: Folder) -> None:
    told = CliRunner().invoke(app, ["unplug", "77", "--data-dir", str(folder.root)])
    assert told.exit_code == 1
    assert "shelf-sim unplug: there is no device 77" in told.output
