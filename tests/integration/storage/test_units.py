"""Units of work on a database that several processes share."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from cloud_service.clock import FixedClock
from cloud_service.errors import ServiceError, Unavailable
from cloud_service.services import Services, open_services
from cloud_service.storage import Storage
from cloud_service.storage.events import append_event, append_events, events_after, last_event_id
from tests.book import NOON, open_book, settings_in

pytestmark = pytest.mark.integration


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Services]:
    services = open_book(tmp_path)
    yield services
    services.close()


@pytest.fixture
def storage(book: Services) -> Storage:
    return book.storage


def test_what_is_acknowledged_is_on_the_disk(storage: Storage) -> None:
    with storage.read() as unit:
        assert unit.scalar(text("PRAGMA journal_mode")) == "wal"
        assert unit.scalar(text("PRAGMA synchronous")) == 2
        assert unit.scalar(text("PRAGMA foreign_keys")) == 1


def test_a_new_database_and_its_log_are_for_their_owner_alone(tmp_path: Path) -> None:
    storage = Storage(f"sqlite:///{tmp_path / 'new' / 'edge-shelf.db'}")
    with storage.begin() as unit:
        unit.execute(text("CREATE TABLE shelves (id INTEGER)"))
    files = list((tmp_path / "new").iterdir())
    assert {file.suffix for file in files} >= {".db", ".db-wal"}
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    storage.close()


def test_a_unit_that_fails_leaves_nothing(storage: Storage) -> None:
    def fail() -> None:
        with storage.begin() as unit:
            append_event(unit, NOON, "price.changed", {})
            raise RuntimeError("half way")

    before = _last(storage)
    with pytest.raises(RuntimeError, match="half way"):
        fail()
    assert _last(storage) == before


def test_a_reader_sees_one_snapshot_beside_a_writer(storage: Storage) -> None:
    with storage.read() as reader:
        before = last_event_id(reader)
        with storage.begin() as writer:
            append_event(writer, NOON, "price.changed", {})
        assert last_event_id(reader) == before
    assert _last(storage) == before + 1


def test_events_come_in_order_and_page(storage: Storage) -> None:
    start = _last(storage)
    with storage.begin() as unit:
        append_events(unit, NOON, [("price.changed", {"n": n}) for n in range(5)])
    with storage.read() as unit:
        first = events_after(unit, start, 3)
        rest = events_after(unit, first[-1].id, 3)
    assert [event.data["n"] for event in (*first, *rest)] == [0, 1, 2, 3, 4]
    assert [event.id for event in (*first, *rest)] == list(range(start + 1, start + 6))


def test_a_database_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "book.db").mkdir()
    storage = Storage(f"sqlite:///{tmp_path / 'book.db'}")
    with pytest.raises(Unavailable, match="unable to open"), storage.read() as unit:
        unit.scalar(text("SELECT 1"))
    storage.close()


def test_of_many_who_edit_one_price_at_once_one_wins(book: Services) -> None:
    price = book.product(sku="4711", store="0204").price
    assert price is not None
    seen, amounts = price.version, range(300, 308)
    won: list[int] = []
    refused: list[ServiceError] = []

    def edit(amount: int) -> None:
        try:
            book.set_price(
                store="0204", sku="4711", amount_minor=amount, actor="x", expected_version=seen
            )
            won.append(amount)
        except ServiceError as error:
            refused.append(error)

    threads = [threading.Thread(target=edit, args=(amount,)) for amount in amounts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(won) == 1
    assert [error.status for error in refused] == [409] * 7
    after = book.product(sku="4711", store="0204").price
    assert after is not None
    assert after.effective == won[0]


_IMPORT = """
import sys
from pathlib import Path
from cloud_service.clock import FixedClock
from cloud_service.services import open_services
from cloud_service.settings import Settings
services = open_services(Settings(data_dir=sys.argv[1]), FixedClock(1782000000))
def progress(done, total):
    print(done, flush=True)
    if sys.argv[3] == "reading":
        sys.stdin.readline()
from cloud_service.services import importing
merge = importing.merge
def stop_after(*arguments):
    merged = merge(*arguments)
    print("merged", flush=True)
    sys.stdin.readline()
    return merged
if sys.argv[3] == "merging":
    importing.merge = stop_after
services.import_prices(store="0204", source=Path(sys.argv[2]), format="csv", actor="ana",
                       progress=progress)
"""


@pytest.mark.parametrize("where", ["reading", "merging"])
def test_an_import_that_is_killed_leaves_the_old_book(
    book: Services, tmp_path: Path, where: str
) -> None:
    path = tmp_path / "list.csv"
    rows = "".join(f"{n},Product {n},1.00\n" for n in range(5000))
    path.write_text(f"sku,name,price\n4711,Other,9.99\n{rows}")
    before = (book.search(), book.events_after(after=0))
    command = [sys.executable, "-c", _IMPORT, str(tmp_path), str(path), where]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    awaited = "merged" if where == "merging" else ""
    while (line := process.stdout.readline()) and awaited and line.strip() != awaited:
        pass
    assert line
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    again = open_services(settings_in(tmp_path), FixedClock(NOON))
    assert (again.search(), again.events_after(after=0)) == before
    again.set_price(store="0204", sku="4711", amount_minor=250, actor="ana")
    again.close()


def test_reading_a_long_file_keeps_no_writer_waiting(book: Services, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("sku,name,price\n" + "".join(f"{n},P,1.00\n" for n in range(10_000, 15_000)))
    set_meanwhile: list[int] = []

    def progress(done: int, total: int) -> None:
        if not set_meanwhile and done < total:
            other = open_services(settings_in(tmp_path), FixedClock(NOON))
            done_it = other.set_price(store="0204", sku="4711", amount_minor=250, actor="ivo")
            set_meanwhile.append(done_it.revision)
            other.close()

    report = book.import_prices(
        store="0204", source=path, format="csv", actor="ana", progress=progress
    )
    assert set_meanwhile
    assert report.new == 5000
    assert report.revision is not None
    assert report.revision > set_meanwhile[0]


def _last(storage: Storage) -> int:
    with storage.read() as unit:
        return last_event_id(unit)
