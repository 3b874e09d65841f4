"""What the cloud may ask directly, and what a device says of its health."""

import socket
from pathlib import Path
from typing import Any

import pytest

from shelf_agent import commands, health
from shelf_agent.errors import CommandError
from shelf_agent.health import Watchdog
from tests.unit.agent.cloud import FIRST, SECOND, Twin, sealed, tile
from tests.unit.agent.rig import Rig

HERE = (FIRST, SECOND)


def test_commands_are_read() -> None:
    assert commands.parse("refresh", {"position": FIRST}, HERE) == commands.Refresh(FIRST)
    assert commands.parse("refresh", None, HERE) == commands.Refresh(None)
    assert commands.parse("status", {}, HERE) == commands.Status()


@pytest.mark.parametrize(
    ("name", "payload", "reason"),
    [
        ("reboot", None, "unknown command 'reboot'; known are refresh, status"),
        ("refresh", {"position": "b07-s1-p01"}, "no panel at 'b07-s1-p01'; there are b01-s1-p01"),
        ("refresh", {"position": 3}, "no panel at 3"),
        ("refresh", {"place": FIRST}, "unknown field place"),
        ("refresh", [FIRST], "the payload is an object"),
        ("status", {"all": True}, "unknown field all"),
    ],
)
def test_a_command_that_cannot_be_done_is_refused_with_the_reason(
    name: str, payload: Any, reason: str
) -> None:
    with pytest.raises(CommandError, match=reason):
        commands.parse(name, payload, HERE)


def shelf_with_a_broken_panel() -> Rig:
    rig = Rig(Twin(sealed({FIRST: tile(199), SECOND: tile(349)})))
    rig.broken[SECOND] = "gone"
    rig.connect()
    rig.run(120)
    return rig


def test_a_status_names_what_failed() -> None:
    words = health.status(shelf_with_a_broken_panel().machine.reported(), connected=True)
    assert words["tiles"] == {"shown": 1, "failed": 1}
    assert words["failed"] == {SECOND: "gone"}


def test_the_watchdog_tells_systemd_how_the_shelf_is(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        environment = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "30000000"}
        watchdog = Watchdog(environment)
        watchdog.ready()
        reported = shelf_with_a_broken_panel().machine.reported()
        watchdog.alive(lambda: health.sentence(reported, connected=False))
        watchdog.stopping()
        heard = [systemd.recv(1000).decode() for _ in range(3)]
    assert heard == [
        "READY=1",
        "WATCHDOG=1\nSTATUS=offline, seal 0.1, 1 failed, 1 shown",
        "STOPPING=1",
    ]
    assert watchdog.interval_s == 15


def test_without_systemd_the_watchdog_is_silent() -> None:
    watchdog = Watchdog({})
    watchdog.ready()
    watchdog.alive(lambda: pytest.fail("nobody listens"))
    assert watchdog.interval_s is None
