"""The catalogue's use cases: what is edited, which shelves follow, and what others see of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud_service.catalog.products import Deposit, Product
from cloud_service.catalog.stores import Store
from cloud_service.catalog.zones import Zone
from cloud_service.changes.guards import Rails
from cloud_service.errors import Conflict, Invalid, NotFound
from cloud_service.services import Services
from cloud_service.services.desk import Wanted
from tests.book import NOON, add_store, hang, open_book, take

WATER = Product(
    sku="w1", name="Jamnica", size="1,5 l", net_milli=1500, net_measure="l",
    deposits=(Deposit("HR", 10, "EUR"),),
)  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Services]:
    services = open_book(tmp_path)
    yield services
    services.close()


def edit(book: Services, sku: str, **changes: object) -> int:
    return book.catalogue.edit_product(sku=sku, changes=changes, actor="ana").tiles


def shown(book: Services, position: str = "b01-s1-p01") -> str | None:
    return book.tile(store="0204", position=position).wanted_image


def test_a_product_is_added_and_priced_and_its_price_says_what_must_be_printed(
    book: Services,
) -> None:
    book.catalogue.add_product(product=WATER, gtins=["96385074"], actor="ana")
    take(book, "0204", [{"sku": "w1", "name": "Jamnica", "price": "0.89"}])
    price = book.product(sku="w1", store="0204").price
    assert price is not None
    assert (price.effective, price.deposit) == (89, 10)
    assert ("deposit", "Directive 98/6/EC art. 2(a), CJEU C-543/21") in {
        (one.asks, one.citation) for one in price.must_print
    }
    assert book.catalogue.by_gtin(gtin="00000096385074") == "w1"


def test_what_a_tile_prints_is_followed_by_the_shelves_and_what_it_does_not_is_not(
    book: Services,
) -> None:
    hang(book, "0204", "4711", "0815", "4711")
    before = shown(book)
    assert edit(book, "4711", name="Kečap ljuti") == 2
    assert shown(book) != before
    assert edit(book, "4711", cost=100, cost_currency="EUR") == 0
    assert edit(book, "4711", category="Umaci") == 0
    assert edit(book, "4711", name="Kečap ljuti") == 0
    assert edit(book, "4711", deposits=(Deposit("DE", 25, "EUR"),)) == 2


def test_shelves_of_all_stores_follow_a_product(book: Services) -> None:
    add_store(book, "1601")
    take(book, "1601", [{"sku": "4711", "name": "Kečap blagi", "price": "1.79"}])
    hang(book, "0204", "4711", device="d1")
    hang(book, "1601", "4711", device="d2")
    assert edit(book, "4711", origin="Hrvatska") == 2


def test_of_two_who_edit_a_product_one_gets_a_conflict(book: Services) -> None:
    seen = book.product(sku="4711").revision
    first = book.catalogue.edit_product(
        sku="4711", changes={"brand": "Ribar d.d."}, expected=seen, actor="ana"
    )
    with pytest.raises(Conflict, match="changed product 4711 meanwhile") as refused:
        book.catalogue.edit_product(
            sku="4711", changes={"brand": "Other"}, expected=seen, actor="ivo"
        )
    assert refused.value.present == first.view.revision
    assert book.product(sku="4711").brand == "Ribar d.d."


def test_an_edit_that_cannot_be_changes_nothing(book: Services) -> None:
    before = (book.product(sku="4711"), book.last_event_id())
    with pytest.raises(Invalid, match="check digit"):
        edit(book, "4711", name="Other", gtin="3850334020803")
    with pytest.raises(Conflict, match="GTIN 036000291452 names the product with SKU 0815"):
        edit(book, "4711", name="Other", gtins=("036000291452",))
    with pytest.raises(NotFound):
        edit(book, "9999", name="Other")
    assert (book.product(sku="4711"), book.last_event_id()) == before


def test_edits_stand_in_the_audit_trail_and_among_the_events(book: Services) -> None:
    hang(book, "0204", "4711")
    last = book.last_event_id()
    book.catalogue.edit_product(sku="4711", changes={"name": "Kečap"}, actor="ana", note="shorter")
    kinds = [event.kind for event in book.events_after(after=last)]
    assert kinds == ["product.changed", "tile.pending"]
    (deed,) = book.desk.audit(subject="product 4711")
    assert (deed.actor, deed.action, deed.why, deed.data["fields"]) == (
        "ana", "product changed", "shorter", ["name"]
    )  # fmt: skip


def test_stores_share_the_prices_of_their_zone(book: Services) -> None:
    book.catalogue.add_zone(zone=Zone("north", "North", "EUR"), actor="ana")
    store = Store("1601", "Split", "Europe/Zagreb", "EUR", "hr-HR", "HR", "north")
    book.catalogue.add_store(store=store, actor="ana")
    take(book, "1601", [{"sku": "4711", "name": "Kečap blagi", "price": "1.79"}])
    hang(book, "0204", "4711")
    moved = book.catalogue.edit_store(store="0204", changes={"zone": "north"}, actor="ana")
    assert (moved.tiles, moved.view.zone) == (1, "north")
    assert book.tile(store="0204", position="b01-s1-p01").wanted_price == 179
    assert book.catalogue.zone(zone="north").stores == ("0204", "1601")
    assert book.set_price(store="1601", sku="4711", amount_minor=169, actor="ana").tiles == 1


def test_a_zone_without_a_price_for_what_hangs_is_asked_about(book: Services) -> None:
    book.catalogue.add_zone(zone=Zone("north", "North", "EUR"), actor="ana")
    hang(book, "0204", "4711", "0815")
    with pytest.raises(Conflict, match="0815, 4711 hang in store 0204 and have no price in zone"):
        book.catalogue.edit_store(store="0204", changes={"zone": "north"}, actor="ana")
    assert book.store(store="0204").zone == "0204"
    done = book.catalogue.edit_store(
        store="0204", changes={"zone": "north"}, confirm=True, actor="ana"
    )
    assert done.tiles == 2
    assert book.tile(store="0204", position="b01-s1-p01").wanted_price is None


def test_a_zone_keeps_prices_in_one_money(book: Services) -> None:
    book.catalogue.add_zone(zone=Zone("us", "States", "USD"), actor="ana")
    with pytest.raises(Invalid, match="prices of zone us are in USD, the store sells in EUR"):
        book.catalogue.edit_store(store="0204", changes={"zone": "us"}, actor="ana")
    with pytest.raises(NotFound, match="no price zone 'south'; known are: 0204, us"):
        book.catalogue.edit_store(store="0204", changes={"zone": "south"}, actor="ana")
    with pytest.raises(Conflict, match="a price zone us already"):
        book.catalogue.add_zone(zone=Zone("us", "Other", "USD"), actor="ana")
    with pytest.raises(Invalid, match="no price zone"):
        book.catalogue.add_zone(zone=Zone("@0204", "Own", "EUR"), actor="ana")


def test_a_store_has_hours_that_guard_its_prices(book: Services) -> None:
    hours = tuple(["00:00-12:00"] * 7)
    done = book.catalogue.edit_store(
        store="0204", changes={"hours": hours, "day_begins": "05:00"}, actor="ana"
    )
    assert (done.tiles, done.view.hours, done.view.version) == (0, hours, 2)
    book.guard = type(book.guard)(Rails(increase_in_hours="refuse"), book.guard.inspector)
    draft = book.desk.draft(
        wanted=Wanted("0204", prices=[("4711", 299)], at=NOON + 3600), actor="ana"
    )
    codes = [found.code for found in book.desk.difference(change=draft.id).findings]
    assert "increase-in-hours" in codes


def test_a_price_below_cost_is_found(book: Services) -> None:
    edit(book, "4711", cost=150, cost_currency="EUR")
    draft = book.desk.draft(wanted=Wanted("0204", prices=[("4711", 149)]), actor="ana")
    codes = [found.code for found in book.desk.difference(change=draft.id).findings]
    assert codes == ["below-cost"]


def test_a_store_that_reads_otherwise_is_drawn_anew(book: Services) -> None:
    hang(book, "0204", "4711")
    done = book.catalogue.edit_store(
        store="0204", changes={"locale": "de-DE", "name": "Zagreb"}, actor="ana"
    )
    assert (done.tiles, done.view.locale) == (1, "de-DE")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"hours": ("08:00-20:00",)}, "hours"),
        ({"hours": tuple(["8-20"] * 7)}, "hours"),
        ({"exceptions": (("Christmas", ""),)}, "exceptions"),
        ({"day_begins": "noon"}, "day_begins"),
        ({"tz": "Europe/Atlantis"}, "tz"),
        ({"currency": "USD"}, "currency"),
    ],
)
def test_a_store_that_cannot_be_is_refused_by_its_field(
    book: Services, changes: dict[str, object], place: str
) -> None:
    before = book.store(store="0204")
    with pytest.raises(Invalid) as refused:
        book.catalogue.edit_store(store="0204", changes=changes, actor="ana")
    assert refused.value.place == place
    assert book.store(store="0204") == before


def test_bays_and_shelves_have_names(book: Services) -> None:
    hang(book, "0204", "4711")
    book.catalogue.name_fixture(store="0204", bay=1, name="Dry goods", actor="ana")
    book.catalogue.name_fixture(store="0204", bay=1, shelf=1, name=" Sauces ", actor="ana")
    bay = book.bay(store="0204", number=1)
    assert (bay.name, [shelf.name for shelf in bay.shelves]) == ("Dry goods", ["Sauces"])
    book.catalogue.name_fixture(store="0204", bay=1, name=None, actor="ana")
    assert book.bay(store="0204", number=1).name is None
    with pytest.raises(Invalid, match="1 to 60 characters"):
        book.catalogue.name_fixture(store="0204", bay=1, name=" ", actor="ana")
