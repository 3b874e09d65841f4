"""The last state on disk, through power cuts, torn files and full disks."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from shelf_agent.errors import MemoryFault
from shelf_agent.machine.snapshot import Hanging, Snapshot
from shelf_agent.memory import NAME, PREVIOUS, Memory
from tests.unit.agent.cloud import DEVICE, FIRST, KEYS, MORNING


def snapshot(rev: int) -> Snapshot:
    hanging = Hanging(
        epoch=0, rev=rev, since=None, setting="s", price=199, frame="f" * 32, at=MORNING,
        refreshed_at=MORNING + 0.5, sure=True,
    )  # fmt: skip
    return Snapshot(
        device=DEVICE, latest=MORNING + rev, desired={"seal": {"rev": rev}}, keys=KEYS,
        places={FIRST: hanging},
    )  # fmt: skip


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    made = Memory(tmp_path / "state")
    made.prepare()
    return made


def test_a_new_device_remembers_nothing(memory: Memory) -> None:
    assert memory.recall() is None


def test_what_was_kept_last_is_recalled_whole(memory: Memory) -> None:
    for rev in (1, 2, 3):
        memory.keep(snapshot(rev))
        assert memory.recall() == snapshot(rev)


def cuts(data: bytes) -> Iterator[bytes]:
    """Every way a file may be torn: cut off anywhere, or with a hole of zeros."""
    for at in range(0, len(data), 97):
        yield data[:at]
        yield data[:at] + b"\0" * (len(data) - at)


def test_a_torn_file_is_named_and_the_generation_before_it_is_used(
    memory: Memory, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    memory.keep(snapshot(1))
    memory.keep(snapshot(2))
    current = tmp_path / "state" / NAME
    whole = current.read_bytes()
    for torn in cuts(whole):
        current.write_bytes(torn)
        assert memory.recall() == snapshot(1)
    assert f"{NAME} is torn" in caplog.text
    memory.keep(snapshot(3))
    assert memory.recall() == snapshot(3)


def test_two_torn_files_leave_nothing_and_no_crash(memory: Memory, tmp_path: Path) -> None:
    memory.keep(snapshot(1))
    memory.keep(snapshot(2))
    for name in (NAME, PREVIOUS):
        (tmp_path / "state" / name).write_bytes(b"\x00\xff{}")
    assert memory.recall() is None


def test_a_file_of_another_version_is_named(
    memory: Memory, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    memory.keep(snapshot(1))
    odd = snapshot(2).model_copy(update={"format": 9})
    memory.keep(odd)
    with caplog.at_level(logging.WARNING):
        assert memory.recall() == snapshot(1)
    assert "of another version" in caplog.text
    assert (tmp_path / "state" / NAME).exists()


OPERATIONS = ("open", "hardlink_to", "replace", "unlink")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_disk_that_fails_at_any_step_keeps_the_state_before(
    memory: Memory, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    memory.keep(snapshot(1))
    memory.keep(snapshot(2))

    def fails(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(Path, operation, fails)
        with pytest.raises(MemoryFault, match="No space left on device"):
            memory.keep(snapshot(3))
    assert memory.recall() == snapshot(2)
    memory.keep(snapshot(4))
    assert memory.recall() == snapshot(4)


def test_a_glass_that_went_beyond_a_full_disk_is_doubted_after_a_power_cut(
    memory: Memory,
) -> None:
    memory.keep(snapshot(1))
    memory.doubt()  # snapshot 2 could not be kept, and was shown all the same
    recalled = memory.recall()
    assert recalled is not None
    assert not recalled.places[FIRST].sure
    assert recalled.places[FIRST].rev == 1
    memory.keep(snapshot(3))
    assert memory.recall() == snapshot(3)


def test_a_power_cut_between_any_two_steps_leaves_a_whole_state(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.keep(snapshot(1))
    memory.keep(snapshot(2))

    class PowerCutError(Exception):
        pass

    def cut(*_: object, **__: object) -> None:
        raise PowerCutError

    for operation in (*OPERATIONS, "fsync"):
        with monkeypatch.context() as broken:
            owner = "os.fsync" if operation == "fsync" else f"pathlib.Path.{operation}"
            broken.setattr(owner, cut)
            with pytest.raises(PowerCutError):
                memory.keep(snapshot(3))
        assert memory.recall() in (snapshot(2), snapshot(3))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MemoryFault, match="file/state: Not a directory"):
        Memory(tmp_path / "file" / "state").prepare()


def test_the_folder_is_readable_by_the_agent_alone(memory: Memory, tmp_path: Path) -> None:
    memory.keep(snapshot(1))
    assert (tmp_path / "state").stat().st_mode & 0o077 == 0
