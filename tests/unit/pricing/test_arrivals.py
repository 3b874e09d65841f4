"""Files that are taken once: a file is new when it differs from the last one of its name."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud_service.errors import Conflict, Invalid, NotFound
from cloud_service.services import Services
from cloud_service.services.importing import File
from cloud_service.services.views.imports import ImportReport
from tests.book import open_book

MONDAY, TUESDAY = (f"sku,name,price\n4711,Kečap blagi,{price}\n".encode() for price in (2, 3))
BROKEN = b"sku,name,price\n4711,Ketchup,-1\n9,Sol,1\n"


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Services]:
    services = open_book(tmp_path)
    yield services
    services.close()


def _arrive(
    services: Services, content: bytes, name: str = "prices.csv", *, go_on: bool = False
) -> ImportReport:
    return services.import_prices(
        store="0204",
        source=io.BytesIO(content),
        actor="till",
        on_error="continue" if go_on else "stop",
        file=File(name, hashlib.sha256(content).hexdigest()),
    )


def _price(services: Services) -> int:
    price = services.product(sku="4711", store="0204").price
    assert price is not None
    return price.effective


def test_a_file_is_taken_once_and_a_price_set_since_stands(book: Services) -> None:
    done = _arrive(book, MONDAY)
    book.set_price(store="0204", sku="4711", amount_minor=250, actor="ana", confirm=True)
    with pytest.raises(Conflict, match=f"taken already, in change {done.change_id}"):
        _arrive(book, MONDAY)
    assert _price(book) == 250


def test_a_file_under_the_same_name_is_taken_when_it_differs_from_the_last(book: Services) -> None:
    for content, price in ((MONDAY, 200), (TUESDAY, 300), (MONDAY, 200)):
        assert _arrive(book, content).changed == 1
        assert _price(book) == price


def test_the_same_content_under_another_name_is_another_file(book: Services) -> None:
    _arrive(book, MONDAY, "monday.csv")
    _arrive(book, TUESDAY, "tuesday.csv")
    assert _arrive(book, MONDAY, "wednesday.csv").changed == 1
    with pytest.raises(Conflict):
        _arrive(book, TUESDAY, "tuesday.csv")
    assert _price(book) == 200


def test_a_file_that_changes_nothing_was_taken_too(book: Services) -> None:
    _arrive(book, MONDAY, "monday.csv")
    assert _arrive(book, MONDAY, "again.csv").change_id is None
    with pytest.raises(Conflict, match="taken already, and changed nothing"):
        _arrive(book, MONDAY, "again.csv")


def test_a_file_that_was_refused_is_remembered_and_may_be_tried_again(book: Services) -> None:
    for _ in range(2):
        assert _arrive(book, BROKEN).change_id is None
        found = book.arrival(store="0204", name="prices.csv")
        assert (found.refused, found.change_id) == ("1 of 2 rows have errors", None)
    with pytest.raises(Invalid):
        _arrive(book, b"name,cost\n", "other.csv")
    found = book.arrival(store="0204", name="other.csv")
    assert found.refused is not None
    assert "missing: 'sku', 'price'" in found.refused
    taken = _arrive(book, BROKEN, go_on=True)
    assert (taken.new, taken.refused) == (1, 1)
    assert book.arrival(store="0204", name="prices.csv").change_id == taken.change_id


def test_good_rows_that_change_nothing_leave_their_file_taken(book: Services) -> None:
    _arrive(book, BROKEN, "first.csv", go_on=True)
    assert _arrive(book, BROKEN, "second.csv", go_on=True).change_id is None
    assert book.arrival(store="0204", name="second.csv").refused is None


def test_a_dry_run_remembers_nothing(book: Services) -> None:
    book.import_prices(
        store="0204", source=io.BytesIO(MONDAY), actor="till", dry_run=True, file=File("a.csv")
    )
    with pytest.raises(NotFound, match=r"No file 'a\.csv' has arrived for store 0204"):
        book.arrival(store="0204", name="a.csv")


def test_what_arrives_otherwise_than_it_was_sent_is_not_taken(book: Services) -> None:
    with pytest.raises(Conflict, match="changed while it was sent"):
        book.import_prices(
            store="0204", source=io.BytesIO(MONDAY[:-1]), actor="till",
            file=File("a.csv", hashlib.sha256(MONDAY).hexdigest()),
        )  # fmt: skip
    assert _price(book) == 199


def test_each_store_takes_a_file_of_its_own(book: Services) -> None:
    _arrive(book, MONDAY)
    book.add_store(
        id="0205", name="B", tz="Europe/Zagreb", currency="EUR", locale="hr-HR",
        jurisdiction="HR", actor="ana",
    )  # fmt: skip
    report = book.import_prices(
        store="0205", source=io.BytesIO(MONDAY), actor="till", file=File("prices.csv")
    )
    assert report.new == 1
