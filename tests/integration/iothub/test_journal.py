"""The journal on a real disk: what it keeps, and that nothing leaves that it could not keep."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from simulators.iothub.core.hub import Device, Hub
from simulators.iothub.core.identity import IdentityWish
from simulators.iothub.core.twin import TwinPatch
from simulators.iothub.server.errors import HubStartError, JournalError
from simulators.iothub.server.journal import Journal
from simulators.iothub.server.rows import STEPS

pytestmark = pytest.mark.integration

NOON = 1_795_435_200.0


def must_not_fail(error: JournalError) -> None:
    raise error


def a_hub(journal: Journal) -> Hub:
    return Hub(["localhost"], {}, bytes, journal.keep)


async def released(journal: Journal) -> None:
    """Wait until all that was kept so far is on disk."""
    on_disk = asyncio.Event()
    journal.after(on_disk.set)
    await asyncio.wait_for(on_disk.wait(), 20)


async def reopened(file: Path, journal: Journal) -> dict[str, Device]:
    await journal.close()
    again = Journal(file, must_not_fail)
    devices = {device.identity.device_id: device for device in again.devices()}
    await again.close()
    return devices


async def test_everything_is_read_back_as_it_was(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "hub.db", must_not_fail)
    hub = a_hub(journal)
    for device_id in ("kept", "updated", "gone"):
        hub.create(IdentityWish(device_id, status_reason="new"), NOON)
    hub.patch_twin("kept", TwinPatch({"store": "1"}, {"a": {"b": 1}, "c": "č"}), "*", NOON)
    hub.patch_twin("kept", TwinPatch(desired={"a": {"d": 2}}), "*", NOON + 1)
    hub.report("kept", {"e": [1, "two"]}, NOON + 2)
    hub.subscribe("kept", (("$iothub/twin/res/#", 1),))
    hub.update(IdentityWish("updated", status="disabled"), "*", NOON + 3)
    hub.delete("gone", "*")
    hub.mail.send("kept", {"$.mid": "1", "none": None}, b"\x00waits", None, NOON + 4)
    hub.mail.send("kept", {}, b"arrives", None, NOON + 4)
    hub.mail.sent("kept", 1, NOON + 5)
    hub.mail.complete("kept", 2, NOON + 5)
    before = {device.identity.device_id: device for device in hub.devices()}
    before["kept"].last_activity = -62135596800.0  # of one run only
    assert await reopened(tmp_path / "hub.db", journal) == before


async def test_what_follows_from_a_change_waits_until_it_is_on_disk(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "hub.db", must_not_fail)
    said: list[str] = []
    journal.after(lambda: said.append("nothing was pending"))
    assert said == ["nothing was pending"]
    a_hub(journal).create(IdentityWish("a"), NOON)
    journal.after(lambda: said.append("first"))
    journal.after(lambda: said.append("second"))
    assert said == ["nothing was pending"]
    await released(journal)
    assert said == ["nothing was pending", "first", "second"]
    await journal.close()


async def test_on_a_full_disk_nothing_more_is_acknowledged(tmp_path: Path) -> None:
    failures: list[JournalError] = []
    failed = asyncio.Event()

    def fail(error: JournalError) -> None:
        failures.append(error)
        failed.set()

    journal = Journal(tmp_path / "hub.db", fail, most_bytes=128 * 1024)
    hub = a_hub(journal)
    hub.create(IdentityWish("a"), NOON)
    await released(journal)
    for device_id in "bcdefgh":
        texts = {f"t{number}": "x" * 4000 for number in range(8)}
        hub.create(IdentityWish(device_id), NOON, TwinPatch(desired=texts))
    said: list[str] = []
    journal.after(lambda: said.append("acknowledged"))
    await asyncio.wait_for(failed.wait(), 20)
    journal.after(lambda: said.append("acknowledged"))
    assert said == []
    assert list(await reopened(tmp_path / "hub.db", journal)) == ["a"]
    assert "cannot be written" in str(failures[0])


async def test_a_file_of_another_version_is_left_alone(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "hub.db", must_not_fail)
    await journal.close()
    data = bytearray((tmp_path / "hub.db").read_bytes())
    data[60:64] = (99).to_bytes(4, "big")  # SQLite's user_version
    (tmp_path / "hub.db").write_bytes(data)
    with pytest.raises(HubStartError, match="format 99"):
        Journal(tmp_path / "hub.db", must_not_fail)


@pytest.mark.parametrize("age", range(len(STEPS)))
async def test_a_file_of_an_earlier_version_takes_messages_to_devices(
    tmp_path: Path, age: int
) -> None:
    with closing(sqlite3.connect(tmp_path / "hub.db")) as earlier:
        earlier.executescript("".join(STEPS[:age]) + f"PRAGMA user_version = {age};")
    journal = Journal(tmp_path / "hub.db", must_not_fail)
    hub = a_hub(journal)
    hub.create(IdentityWish("a"), NOON)
    hub.mail.send("a", {}, b"waits", None, NOON)
    (message,) = (await reopened(tmp_path / "hub.db", journal))["a"].mailbox
    assert message.body == b"waits"
