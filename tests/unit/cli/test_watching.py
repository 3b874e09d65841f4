"""Which files of a watched folder rest, and which are lists at all."""

import os
from pathlib import Path

import pytest

from cloud_service.cli.errors import Unreachable, WrongUsage
from cloud_service.cli.watching import Resting, Taken, Watched
from tests.unit.cli.conftest import Run

REPORT = {
    "read": 3, "new": 1, "changed": 1, "unchanged": 1, "refused": 0, "tiles": 2, "dry_run": False,
    "change_id": "chg_1", "errors": [], "unfit": 0, "state": "published",
}  # fmt: skip


def _watched(folder: Path, pattern: str = "*") -> Watched:
    return Watched(folder, "0204", {}, pattern=pattern)


def test_a_file_is_ready_when_it_did_not_change_between_two_looks() -> None:
    resting = Resting()
    assert resting.ready({"a": (10, 1)}) == []
    assert resting.ready({"a": (20, 2)}) == []
    assert resting.ready({"a": (20, 3)}) == []
    assert resting.ready({"a": (20, 3), "b": (1, 4)}) == ["a"]


def test_what_is_done_is_left_alone_until_it_changes() -> None:
    resting = Resting()
    resting.ready({"a": (10, 1)})
    assert resting.ready({"a": (10, 1)}) == ["a"]
    resting.done("a")
    assert resting.ready({"a": (10, 1)}) == []
    assert resting.ready({"a": (10, 2)}) == []
    assert resting.ready({"a": (10, 2)}) == ["a"]


def test_the_oldest_comes_first() -> None:
    resting, look = Resting(), {"monday": (1, 30), "c": (1, 10), "b": (1, 20), "a": (1, 20)}
    resting.ready(look)
    assert resting.ready(look) == ["c", "a", "b", "monday"]


def test_what_is_hidden_unfinished_a_folder_or_otherwise_named_is_no_list(tmp_path: Path) -> None:
    for name in ("list.csv", ".hidden.csv", "~$list.csv", "next.csv.part", "list.txt", "list.csv~"):
        (tmp_path / name).write_text("sku\n")
    (tmp_path / "old.csv").mkdir()
    assert sorted(_watched(tmp_path).look()) == ["list.csv", "list.txt"]
    look = _watched(tmp_path, "*.csv").look()
    os.utime(tmp_path / "list.csv", ns=(0, 7))
    assert look.keys() == {"list.csv"}
    assert _watched(tmp_path, "*.csv").look() == {"list.csv": (4, 7)}


def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="gone cannot be read"):
        _watched(tmp_path / "gone").look()


def test_what_is_put_away_is_not_put_where_it_would_be_found_again(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    same = tmp_path / "in" / ".." / "in"
    for watched in (
        Watched(tmp_path / "in", "0204", {}, move_to=same),
        Watched(tmp_path / "in", "0204", {}, errors_to=same),
    ):
        with pytest.raises(WrongUsage, match="the folder that is watched"):
            watched.check()


def test_a_file_is_told_in_a_line_for_people_and_for_scripts() -> None:
    taken = Taken("a.csv", REPORT)
    assert taken.told() == (
        "a.csv: 3 rows: 1 new, 1 changed, 1 unchanged, 0 refused; 2 tiles follow; change chg_1"
    )
    assert (taken.code, taken.json()["state"]) == (0, "taken")
    failed = Taken("b.csv", None, "columns are missing")
    assert failed.told() == "b.csv: FAILED: columns are missing"
    assert (failed.code, failed.json()) == (
        1,
        {"file": "b.csv", "state": "failed", "reason": "columns are missing", "report": None},
    )
    assert Taken("c.csv", {**REPORT, "refused": 1}).code == 1
    unfit = Taken("d.csv", {**REPORT, "unfit": 2})
    assert (unfit.code, unfit.told().endswith("; 2 tiles cannot hang so")) == (1, True)


def test_a_format_and_a_profile_contradict_each_other(run: Run, tmp_path: Path) -> None:
    profile = tmp_path / "till.toml"
    profile.write_text("")
    both = ("--store", "0204", "--format", "csv", "--profile", str(profile))
    for command in (("prices", "watch", str(tmp_path)), ("prices", "import", str(profile))):
        ran = run(*command, *both)
        assert ran.code == 2
        assert "not both" in ran.err
