"""Units of work on a database that several processes share."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from cloud_service.clock import FixedClock
from cloud_service.errors import ServiceError
from cloud_service.pricing.tables import PriceRow
from cloud_service.services import Services, open_services
from cloud_service.services.views.imports import ImportReport
from cloud_service.storage import Storage
from cloud_service.storage.events import (
    Event,
    append_event,
    append_events,
    events_after,
    last_event_id,
)
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


def test_of_two_lists_taken_at_once_the_later_stands_on_the_earlier(
    book: Services, tmp_path: Path
) -> None:
    both_read = threading.Barrier(2)

    def take_list(price: int) -> ImportReport:
        path = tmp_path / f"{price}.csv"
        rows = "".join(f"{n},Product {n},{price}.00\n" for n in range(10_000, 13_000))
        path.write_text(f"sku,name,price\n{rows}")

        def progress(done: int, total: int) -> None:
            if done == total:
                both_read.wait(timeout=60)

        return book.import_prices(
            store="0204", source=path, format="csv", actor="ana", progress=progress
        )

    with ThreadPoolExecutor() as pool:
        reports = list(pool.map(take_list, (5, 7)))
    first, last = sorted(reports, key=lambda report: report.revision or 0)
    assert (first.new, first.changed, last.new, last.changed) == (3000, 0, 0, 3000)
    stands = 7 if last is reports[1] else 5
    page = book.search(store="0204", text="10", limit=500)
    assert {found.price and found.price.effective for found in page.products} == {stands * 100}
    with book.storage.read() as unit:
        entries = select(PriceRow.previous).where(PriceRow.sku == "10000")
        chain = unit.scalars(entries.order_by(PriceRow.revision)).all()
    assert chain == [None, first.revision]


def test_who_follows_events_misses_none_that_many_write_at_once(storage: Storage) -> None:
    start, writers, each = _last(storage), 4, 25
    read: list[Event] = []

    def write(writer: int) -> None:
        for n in range(each):
            with storage.begin() as unit:
                append_event(unit, NOON, "price.changed", {"writer": writer, "n": n})

    with ThreadPoolExecutor(writers) as pool:
        written = [pool.submit(write, writer) for writer in range(writers)]
        while len(read) < writers * each and not all(map(_broken, written)):
            with storage.read() as unit:
                read += events_after(unit, read[-1].id if read else start, 10)
    assert [done.result() for done in written] == [None] * writers
    for writer in range(writers):
        theirs = [event.data["n"] for event in read if event.data["writer"] == writer]
        assert theirs == list(range(each))


def _broken(done: Future[None]) -> bool:
    return done.done() and done.exception() is not None


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
