"""Publishing: one change, whole or not at all, and only what it touches must follow."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud_service.clock import FixedClock
from cloud_service.errors import Conflict, Invalid, NotFound
from cloud_service.services import Services
from tests.book import NOON, ROWS, add_store, hang, open_book, take


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def book(tmp_path: Path, clock: FixedClock) -> Iterator[Services]:
    services = open_book(tmp_path, clock)
    hang(services, "0204", "4711", "0815", "4711", None)
    yield services
    services.close()


def _effective(book: Services, sku: str, store: str = "0204") -> int:
    price = book.product(sku=sku, store=store).price
    assert price is not None
    return price.effective


def _version(book: Services, sku: str) -> int:
    price = book.product(sku=sku, store="0204").price
    assert price is not None
    return price.version


def test_a_price_is_set_and_its_tiles_must_follow(book: Services) -> None:
    done = book.set_price(store="0204", sku="4711", amount_minor=219, actor="ivo", note="supplier")
    assert (done.old, done.new, done.tiles) == (199, 219, 2)
    assert _effective(book, "4711") == 219
    newest, first = book.history(store="0204", sku="4711")
    assert (newest.change_id, newest.actor, newest.note, newest.regular) == (
        done.change_id, "ivo", "supplier", 219
    )  # fmt: skip
    assert (first.kind, first.regular) == ("import", 199)


def test_a_change_is_told_with_what_it_touched(book: Services) -> None:
    last = book.last_event_id()
    done = book.set_price(store="0204", sku="4711", amount_minor=219, actor="ivo")
    changed, pending = book.events_after(after=last)
    assert changed.kind == "price.changed"
    assert changed.data["change"] == done.change_id
    assert (changed.data["skus"], changed.data["tiles"]) == (["4711"], 2)
    assert pending.kind == "tile.pending"
    assert pending.data == {
        "store": "0204", "device": "d1", "positions": ["b01-s1-p01", "b01-s1-p03"]
    }  # fmt: skip


def test_who_edits_what_somebody_else_changed_meanwhile_gets_a_conflict(book: Services) -> None:
    seen = _version(book, "4711")
    book.set_price(store="0204", sku="4711", amount_minor=219, actor="ivo", expected_version=seen)
    with pytest.raises(Conflict) as refused:
        book.set_price(
            store="0204", sku="4711", amount_minor=229, actor="ana", expected_version=seen
        )
    assert refused.value.present == _version(book, "4711") > seen
    assert _effective(book, "4711") == 219


def test_many_prices_are_one_change(book: Services) -> None:
    done = book.set_prices(store="0204", prices=[("4711", 219), ("0815", 89)], actor="ivo")
    assert (done.prices, done.tiles) == (2, 3)
    assert {book.history(store="0204", sku=sku)[0].change_id for sku in ("4711", "0815")} == {
        done.change_id
    }


def test_a_price_that_stands_already_is_not_touched(book: Services) -> None:
    before = _version(book, "4711")
    done = book.set_prices(store="0204", prices=[("4711", 199), ("0815", 89)], actor="ivo")
    assert (done.prices, done.tiles) == (1, 1)
    assert _version(book, "4711") == before


@pytest.mark.parametrize(
    ("prices", "error", "named"),
    [
        ([("4711", 219), ("nope", 100)], NotFound, "nope"),
        ([("4711", 219), ("0815", 0)], Invalid, "price of 0815: .*not above zero"),
        ([("4711", 219), ("0815", -5)], Invalid, "price of 0815"),
        ([("4711", 219), ("0815", 100_000_000)], Invalid, "too large"),
        ([("4711", 219), ("4711", 229)], Invalid, "given twice"),
    ],
)
def test_one_price_that_cannot_be_keeps_all_out(
    book: Services, prices: list[tuple[str, int]], error: type[Exception], named: str
) -> None:
    last = book.last_event_id()
    with pytest.raises(error, match=named):
        book.set_prices(store="0204", prices=prices, actor="ivo")
    assert _effective(book, "4711") == 199
    assert book.last_event_id() == last


def test_a_stores_price_is_its_own(book: Services) -> None:
    add_store(book, "1601")
    take(book, "1601", ROWS)
    book.set_price(store="1601", sku="4711", amount_minor=299, actor="ivo")
    assert (_effective(book, "4711"), _effective(book, "4711", "1601")) == (199, 299)
    assert [view.store_id for view in book.prices(sku="4711")] == ["0204", "1601"]


def test_a_promotion_comes_and_goes_with_the_clock(book: Services, clock: FixedClock) -> None:
    take(
        book,
        "0204",
        [{**ROWS[0], "special_price": "1.49", "special_from": "2026-06-22T06:00",
          "special_until": "2026-06-23T06:00"}],
    )  # fmt: skip
    steps = book.upcoming(store="0204", sku="4711")
    assert [step.effective for step in steps] == [149, 199]
    for step in steps:
        clock.instant = step.at - 1
        before = _effective(book, "4711")
        clock.instant = step.at
        assert _effective(book, "4711") == step.effective != before


def test_a_twin_that_would_be_too_large_is_refused_naming_the_device(book: Services) -> None:
    long = [
        {"sku": str(n), "name": "巧" * 120, "brand": "克" * 120, "price": "1.00",
         "special_price": "0.90", "special_until": "2026-12-01"}
        for n in range(48)
    ]  # fmt: skip
    take(book, "0204", long)
    last = book.last_event_id()
    with pytest.raises(Invalid, match=r"device d2: its 48 tiles would need \d+ bytes"):
        book.add_planogram(
            store="0204",
            positions=[(f"b02-s1-p{n + 1:02}", "d2", "epd-2.9-bw", str(n)) for n in range(48)],
            actor="ana",
        )
    assert book.store(store="0204").bays == (1,)
    assert book.last_event_id() == last


def test_a_name_that_outgrows_the_twin_is_refused_at_import(book: Services) -> None:
    short = [{"sku": str(n), "name": "x", "brand": "x", "price": "1.00"} for n in range(48)]
    take(book, "0204", short)
    hang(book, "0204", *(row["sku"] for row in short), device="d2")
    with pytest.raises(Invalid, match="device d2"):
        take(book, "0204", [{**row, "name": "巧" * 120, "brand": "克" * 120} for row in short])
    assert book.product(sku="7").name == "x"


def test_48_tiles_with_ordinary_names_fit(book: Services) -> None:
    rows = [
        {"sku": f"9071{n:04}", "gtin": "3850334020802", "name": "TIJESTO PENNE RIGATE PREMIUM 500g",
         "brand": "K PLUS", "size": "500 g", "price": "1.55", "special_price": "1.19",
         "best_price_30": "1.49", "special_until": "2026-06-25", "reference_price": "1.49",
         "reference_date": "2025-05-02"}
        for n in range(48)
    ]  # fmt: skip
    take(book, "0204", rows)
    hang(book, "0204", *(row["sku"] for row in rows), device="d2")
    assert book.store(store="0204").tiles >= 48
