"""A folder that a till fills, watched by the command line over the real API."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cloud_service.cli.connection import Connection, connect
from cloud_service.cli.errors import Unreachable
from cloud_service.cli.watching import Taken, Watched, watch
from tests.integration.api.conftest import CommandLine, Running

HEADER = "sku,name,price\n"
Step = Callable[[], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "till"
    folder.mkdir()
    return folder


@pytest.fixture
def connection(running: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    monkeypatch.setenv("EDGE_SHELF_URL", running.url)
    monkeypatch.setenv("EDGE_SHELF_TOKEN", running.token)
    with connect() as connection:
        yield connection


def _put(folder: Path, name: str, price: str, at: int = 1_000_000, sku: str = "1030") -> Path:
    path = folder / name
    path.write_text(f"{HEADER}{sku},Product {sku},{price}\n")
    os.utime(path, (at, at))
    return path


def _price(running: Running, sku: str = "1030") -> int:
    found = running.services.product(sku=sku, store="0204").price
    assert found is not None
    return found.effective


def _watch(connection: Connection, watched: Watched, *steps: Step) -> list[Taken]:
    """Watch, taking a step between looks; what follows the last is the end."""
    told: list[Taken] = []
    rest = iter(steps)

    def sleep(_seconds: float) -> None:
        step = next(rest, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    with pytest.raises(KeyboardInterrupt):
        watch(connection, watched, told.append, every=0, once=False, sleep=sleep)
    return told


def _nothing() -> None:
    pass


def test_each_file_is_taken_once_when_it_rests(
    connection: Connection, running: Running, folder: Path
) -> None:
    path = _put(folder, "night.csv", "11.00")

    def write_on() -> None:
        with path.open("a") as file:
            file.write("1031,Product 1031,12.00\n")

    told = _watch(connection, Watched(folder, "0204", {}), write_on, _nothing, _nothing, _nothing)
    assert [(taken.file, taken.report and taken.report["changed"]) for taken in told] == [
        ("night.csv", 2)
    ]
    assert (_price(running), _price(running, "1031")) == (1100, 1200)


def test_a_watcher_that_is_started_anew_takes_nothing_twice(
    connection: Connection, running: Running, folder: Path
) -> None:
    watched = Watched(folder, "0204", {})
    _put(folder, "night.csv", "11.00")
    assert len(_watch(connection, watched, _nothing)) == 1
    running.services.set_price(store="0204", sku="1030", amount_minor=1050, actor="ana")
    os.utime(folder / "night.csv")
    assert _watch(connection, watched, _nothing) == []
    assert _price(running) == 1050


def test_a_file_that_is_written_over_every_night_is_taken_every_night(
    connection: Connection, running: Running, folder: Path
) -> None:
    watched = Watched(folder, "0204", {})
    prices = []

    def put(price: str, at: int) -> Step:
        def step() -> None:
            prices.append(_price(running))
            _put(folder, "prices.csv", price, at)

        return step

    steps = [put("11.00", 1), _nothing, put("12.00", 2), _nothing, put("11.00", 3), _nothing]
    assert len(_watch(connection, watched, *steps)) == 3
    assert [*prices[1:], _price(running)] == [1100, 1200, 1100]


def test_the_oldest_file_is_taken_first(
    connection: Connection, running: Running, folder: Path
) -> None:
    _put(folder, "b.csv", "11.00", at=1)
    _put(folder, "a.csv", "12.00", at=2)
    told = _watch(connection, Watched(folder, "0204", {}), _nothing)
    assert [taken.file for taken in told] == ["b.csv", "a.csv"]
    assert _price(running) == 1200


def test_a_file_that_fails_is_named_once_and_tried_again_when_it_changes(
    connection: Connection, running: Running, folder: Path
) -> None:
    watched = Watched(folder, "0204", {})
    _put(folder, "bad.csv", "-1", at=1)
    _put(folder, "good.csv", "12.00", at=2, sku="1031")
    failed, good = _watch(connection, watched, _nothing, _nothing)
    assert (failed.file, failed.reason) == ("bad.csv", "1 of 1 row has errors; nothing was taken.")
    assert good.code == 0
    assert _watch(connection, watched, _nothing) == []
    _put(folder, "bad.csv", "11.00", at=3)
    (mended,) = _watch(connection, watched, _nothing)
    assert mended.code == 0
    assert _price(running) == 1100


def test_what_was_refused_is_tried_again_where_that_is_asked_for(
    connection: Connection, running: Running, folder: Path
) -> None:
    (folder / "list.csv").write_text(f"{HEADER}1030,Product 1030,11.00\n1031,Product 1031,-1\n")
    assert _watch(connection, Watched(folder, "0204", {}), _nothing)[0].code == 1
    go_on = Watched(folder, "0204", {"on_error": "continue"}, retry=True)
    (taken,) = _watch(connection, go_on, _nothing, _nothing)
    assert (taken.reason, taken.code, taken.report and taken.report["refused"]) == (None, 1, 1)
    assert _price(running) == 1100


def test_taken_files_are_put_away_and_rows_in_error_written_where_that_is_asked_for(
    connection: Connection, folder: Path, tmp_path: Path
) -> None:
    done, errors = tmp_path / "done", tmp_path / "errors"
    for place in (done, errors):
        place.mkdir()
    (done / "good.csv").write_text("of last year")
    _put(folder, "good.csv", "11.00")
    _put(folder, "bad.csv", "-1")
    watched = Watched(folder, "0204", {}, move_to=done, errors_to=errors)
    _watch(connection, watched, _nothing)
    assert [path.name for path in folder.iterdir()] == ["bad.csv"]
    assert sorted(path.name for path in done.iterdir()) == ["good-1.csv", "good.csv"]
    assert [path.name for path in errors.iterdir()] == ["bad.csv.errors.csv"]
    assert "2,price,-1,'-1' is negative" in (errors / "bad.csv.errors.csv").read_text()


def test_a_file_taken_by_a_watcher_that_was_ended_then_is_put_away_by_the_next(
    connection: Connection, folder: Path, tmp_path: Path
) -> None:
    _put(folder, "night.csv", "11.00")
    _watch(connection, Watched(folder, "0204", {}), _nothing)
    assert _watch(connection, Watched(folder, "0204", {}, move_to=tmp_path), _nothing) == []
    assert (tmp_path / "night.csv").exists()


def test_a_service_that_does_not_answer_is_asked_again_and_files_keep_their_order(
    connection: Connection, running: Running, folder: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    _put(folder, "monday.csv", "11.00", at=1)
    _put(folder, "tuesday.csv", "12.00", at=2)
    asked: list[str] = []
    real = Connection.find

    def find(self: Connection, path: str) -> object:
        asked.append(path.rpartition("/")[2])
        if len(asked) == 1:
            raise Unreachable("the service does not answer in time")
        return real(self, path)

    monkeypatch.setattr(Connection, "find", find)
    told = _watch(connection, Watched(folder, "0204", {}), _nothing, _nothing)
    assert asked == ["monday.csv", "monday.csv", "tuesday.csv"]
    assert [taken.file for taken in told] == ["monday.csv", "tuesday.csv"]
    assert "does not answer in time; it is tried again" in capsys.readouterr().err
    assert _price(running) == 1200


def test_once_is_for_cron_and_says_by_its_exit_code_whether_all_went_well(
    edge_shelf: CommandLine, running: Running, folder: Path
) -> None:
    arguments = ("prices", "watch", str(folder), "--store", "0204", "--once", "--every", "0.1")
    _put(folder, "a.csv", "11.00")
    ran = edge_shelf(*arguments)
    assert ran.code == 0
    assert "a.csv: 1 row: 0 new, 1 changed, 0 unchanged, 0 refused; 1 tile follows" in ran.out
    _put(folder, "b č.csv", "-1")
    failed = edge_shelf(*arguments, "--json")
    (line,) = map(json.loads, failed.out.splitlines())
    assert (failed.code, line["file"], line["state"]) == (1, "b č.csv", "failed")
    assert (edge_shelf(*arguments).out, edge_shelf(*arguments).code) == ("", 0)
    running.stop()


def test_an_unknown_store_is_named_before_anything_is_looked_at(
    edge_shelf: CommandLine, folder: Path
) -> None:
    ran = edge_shelf("prices", "watch", str(folder), "--store", "9999", "--once")
    assert (ran.code, "9999" in ran.err) == (1, True)
