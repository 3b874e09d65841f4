"""Price lists meet the guard rails, wait in the database, and are published or forgotten."""

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cloud_service.changes.guards import Freeze, Rails
from cloud_service.changes.tables import LISTED
from cloud_service.clock import FixedClock
from cloud_service.errors import Conflict, Invalid
from cloud_service.pricing.window import Window
from cloud_service.services import Services
from cloud_service.services.importing import File
from cloud_service.services.views.imports import ImportReport
from tests.book import NOON, ROWS, add_store, as_csv, hang, open_book, take

FOUR_EYES = Rails(approve_percent=30)
LIMON = {**ROWS[2], "name": "Limun žuti"}
DEAR = ({**ROWS[0], "price": "2.99"}, {**ROWS[1], "price": "1.00"}, LIMON)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Services]:
    services = open_book(tmp_path, FixedClock(NOON))
    yield services
    services.close()


def guarded(book: Services, rails: Rails = FOUR_EYES) -> None:
    book.guard = replace(book.guard, rails=rails)


def price(book: Services, sku: str = "4711") -> int | None:
    view = book.product(sku=sku, store="0204").price
    return view.effective if view is not None else None


def waiting_rows(book: Services) -> int | None:
    with book.storage.read() as unit:
        return unit.scalar(select(func.count()).select_from(LISTED))


def sent(book: Services, rows: Sequence[Mapping[str, str]] = DEAR, **more: object) -> ImportReport:
    return book.import_prices(store="0204", source=as_csv(rows), actor="ana", **more)  # type: ignore[arg-type]


def test_a_list_with_a_large_step_waits_whole_for_a_second_person(book: Services) -> None:
    hang(book, "0204", "4711", "0815", "4053")
    guarded(book)
    report = sent(book, note="autumn")
    assert (report.state, report.revision, report.changed) == ("submitted", None, 3)
    assert report.change_id is not None
    assert [(one.code, one.sku) for one in report.findings] == [("large-step", "4711")]
    assert (price(book), price(book, "0815")) == (199, 99)
    change = report.change_id
    with pytest.raises(Conflict, match="submitted: publishing it is not possible now"):
        book.desk.publish(change=change, actor="ana")
    with pytest.raises(Invalid, match="not the author"):
        book.desk.approve(change=change, actor="ana")
    book.desk.approve(change=change, actor="boro", note="as agreed")
    done = book.desk.publish(change=change, actor="ana")
    assert (done.state, done.products, done.tiles, done.note) == ("published", 3, 3, "autumn")
    assert (price(book), price(book, "0815")) == (299, 100)
    assert book.product(sku="4053").name == "Limun žuti"
    assert waiting_rows(book) == 0


def test_what_a_waiting_list_would_do_is_shown_in_counts_and_largest_steps(book: Services) -> None:
    add_store(book, "0205")
    book.catalogue.edit_store(store="0205", changes={"zone": "0204"}, actor="ana")
    hang(book, "0204", "4711", "0815", "4053")
    hang(book, "0205", "4711", device="d2")
    guarded(book)
    new = {"sku": "9", "name": "Sol", "price": "0.89"}
    change = sent(book, [*DEAR, new]).change_id
    seen = book.desk.difference(change=change or "")
    tally = seen.tally
    assert (tally.raised, tally.lowered, tally.new, tally.other) == (2, 0, 1, 1)
    assert [(one.sku, one.old, one.new, one.percent) for one in seen.differences] == [
        ("4711", 199, 299, 50),
        ("0815", 99, 100, 1),
        ("4053", 249, 249, 0),
        ("9", None, 89, None),
    ]
    assert [(one.store_id, one.products, one.tiles) for one in seen.stores] == [
        ("0204", 3, 3),
        ("0205", 1, 1),
    ]
    book.desk.approve(change=change or "", actor="boro")
    book.desk.publish(change=change or "", actor="boro")
    book.set_price(store="0204", sku="4711", amount_minor=500, actor="ana", confirm=True)
    after = book.desk.difference(change=change or "")
    assert {one.sku: (one.old, one.new) for one in after.differences} == {
        "4711": (199, 299), "0815": (99, 100), "9": (None, 89),
    }  # fmt: skip


def test_what_looks_like_a_slip_waits_until_somebody_says_that_it_is_meant(book: Services) -> None:
    slip = [{**ROWS[0], "price": "19.90"}]
    report = sent(book, slip)
    assert (report.state, price(book)) == ("draft", 199)
    with pytest.raises(Invalid, match="ten-fold"):
        book.desk.publish(change=report.change_id or "", actor="ana")
    book.desk.publish(change=report.change_id or "", actor="ana", confirm=True)
    assert price(book) == 1990
    assert sent(book, [{**ROWS[0], "price": "1.99"}], confirm=True).state == "published"
    assert price(book) == 199


def test_what_changed_meanwhile_is_named_when_a_list_is_published(book: Services) -> None:
    guarded(book)
    change = sent(book).change_id or ""
    book.desk.approve(change=change, actor="boro")
    book.set_price(store="0204", sku="0815", amount_minor=105, actor="cica")
    with pytest.raises(Conflict, match="Somebody else changed 0815 since this list came"):
        book.desk.publish(change=change, actor="ana")
    assert (price(book), price(book, "0815")) == (199, 105)
    assert book.desk.change(change=change).state == "approved"


def test_a_product_that_was_renamed_meanwhile_is_named_too(book: Services) -> None:
    guarded(book)
    change = sent(book).change_id or ""
    book.desk.approve(change=change, actor="boro")
    seen = book.product(sku="4053").revision
    book.catalogue.edit_product(
        sku="4053", changes={"name": "Limun bio"}, expected=seen, actor="cica"
    )
    with pytest.raises(Conflict, match="changed 4053 since"):
        book.desk.publish(change=change, actor="ana")
    assert book.product(sku="4053").name == "Limun bio"


def test_a_rejected_list_goes_back_to_its_author_and_a_cancelled_one_is_forgotten(
    book: Services,
) -> None:
    guarded(book)
    change = sent(book).change_id or ""
    with pytest.raises(Invalid, match="second person rejects"):
        book.desk.reject(change=change, actor="ana")
    back = book.desk.reject(change=change, actor="boro", note="too dear")
    assert (back.state, back.products) == ("draft", 3)
    assert book.desk.audit(subject=change)[0].why == "too dear"
    book.desk.cancel(change=change, actor="ana", note="sent by mistake")
    assert (waiting_rows(book), price(book)) == (0, 199)


def test_a_list_is_refused_while_prices_are_frozen(book: Services) -> None:
    guarded(book, Rails(freezes=(Freeze(Window(NOON - 1, NOON + 1), "stocktaking"),)))
    with pytest.raises(Invalid, match="prices are frozen then: stocktaking"):
        sent(book)
    assert (price(book), waiting_rows(book)) == (199, 0)


def test_a_list_below_cost_waits(book: Services) -> None:
    seen = book.product(sku="4711").revision
    cost = {"cost": 150, "cost_currency": "EUR"}
    book.catalogue.edit_product(sku="4711", changes=cost, expected=seen, actor="ana")
    guarded(book, Rails(below_cost="approve"))
    report = sent(book, [{**ROWS[0], "price": "1.49"}])
    assert (report.state, report.findings[0].code) == ("submitted", "below-cost")


def test_many_products_need_a_second_person_and_unchanged_ones_do_not_count(
    book: Services,
) -> None:
    guarded(book, Rails(approve_products=1))
    assert sent(book, [{**ROWS[0], "price": "2.00"}, *ROWS[1:]]).state == "published"
    report = sent(book, [{**row, "price": "2.10"} for row in ROWS])
    assert (report.state, report.findings[0].reason) == (
        "submitted", "3 products change; more than 1 need a second person",
    )  # fmt: skip


def test_a_trusted_feed_waits_for_nobody_but_is_refused_what_others_are(book: Services) -> None:
    guarded(book, replace(FOUR_EYES, trusted=frozenset({"ana"})))
    report = sent(book)
    assert (report.state, price(book)) == ("published", 299)
    assert [one.code for one in report.findings] == ["large-step"]
    frozen = Freeze(Window(NOON - 1, NOON + 1), "stocktaking")
    guarded(book, replace(book.guard.rails, freezes=(frozen,)))
    with pytest.raises(Invalid, match="stocktaking"):
        sent(book, ROWS)


def test_a_feed_that_waits_was_taken_once(book: Services) -> None:
    guarded(book)
    content = as_csv(DEAR).getvalue()
    file = File("prices.csv", hashlib.sha256(content).hexdigest())
    report = book.import_prices(store="0204", source=io.BytesIO(content), actor="till", file=file)
    assert book.arrival(store="0204", name="prices.csv").change_id == report.change_id
    with pytest.raises(Conflict, match=f"in change {report.change_id}"):
        book.import_prices(store="0204", source=io.BytesIO(content), actor="till", file=file)


def test_a_dry_run_tells_what_the_guard_rails_say_and_keeps_nothing(book: Services) -> None:
    guarded(book)
    report = sent(book, dry_run=True)
    assert (report.state, report.change_id, waiting_rows(book)) == (None, None, 0)
    assert [one.code for one in report.findings] == ["large-step"]


def test_of_many_findings_a_few_are_named_and_the_rest_counted(book: Services) -> None:
    rows = [{"sku": str(n), "name": f"Product {n}", "price": "1.00"} for n in range(1000, 1050)]
    take(book, "0204", rows)
    guarded(book)
    report = sent(book, [{**row, "price": "1.50"} for row in rows])
    assert len(report.findings) == 21
    assert report.findings[-1].reason == "and 30 more of this kind"


def test_a_list_that_waited_is_rolled_back_as_any_other(book: Services) -> None:
    guarded(book)
    change = sent(book).change_id or ""
    book.desk.approve(change=change, actor="boro")
    book.desk.publish(change=change, actor="ana")
    book.desk.roll_back(change=change, actor="boro", note="wrong list")
    assert (price(book), price(book, "0815")) == (199, 99)
