"""A tile that must not hang keeps out what is set by hand, and is named where a list brings it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud_service.catalog.stores import find_store, use_bundle
from cloud_service.catalog.tables import PositionRow
from cloud_service.changes.fitness import unfit_tiles
from cloud_service.errors import Invalid
from cloud_service.services import Services
from cloud_service.shelves.bundles import keep_bundle
from cloud_service.shelves.inspection import Inspector
from cloud_service.shelves.renderers import Renderers
from label_templates.bundles import Bundle
from tests.book import NOON, ROWS, add_store, as_csv, hang, open_book, take

RUNE = "Tea \U00013000"
"""No font has the hieroglyph."""


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Services]:
    services = open_book(tmp_path)
    hang(services, "0204", "4711", "0815", None)
    yield services
    services.close()


def _effective(book: Services, sku: str, store: str = "0204") -> int:
    price = book.product(sku=sku, store=store).price
    assert price is not None
    return price.effective


def _renamed(book: Services, sku: str = "4711") -> None:
    """Bring in, by a list, a name that cannot be drawn."""
    rows = [{**row, "name": RUNE} if row["sku"] == sku else row for row in ROWS]
    take(book, "0204", rows)


def test_a_planogram_with_a_tile_that_cannot_be_drawn_hangs_nothing(tmp_path: Path) -> None:
    rows = [{"sku": "1", "name": RUNE, "price": "1.00"}, {"sku": "2", "name": "Tea", "price": "2"}]
    book = open_book(tmp_path, rows=rows)
    last = book.last_event_id()
    with pytest.raises(Invalid) as refused:
        hang(book, "0204", "2", "1")
    said = str(refused.value)
    assert said.startswith("position b01-s1-p02 in store 0204: the tile of 1 cannot hang: template")
    assert said.endswith("text \"name\": font bold has no '\U00013000' (U+13000)")
    assert book.store(store="0204").bays == ()
    assert book.last_event_id() == last
    book.close()


def test_a_price_by_hand_is_refused_where_its_tile_cannot_be_drawn(book: Services) -> None:
    _renamed(book)
    last = book.last_event_id()
    with pytest.raises(Invalid, match=r"position b01-s1-p01 in store 0204: .*U\+13000"):
        book.set_price(store="0204", sku="4711", amount_minor=219, actor="ivo")
    assert _effective(book, "4711") == 199
    assert book.last_event_id() == last
    assert book.set_price(store="0204", sku="0815", amount_minor=89, actor="ivo").tiles == 1


def test_one_tile_that_cannot_hang_keeps_all_prices_of_a_batch_out(book: Services) -> None:
    _renamed(book)
    with pytest.raises(Invalid, match="b01-s1-p01"):
        book.set_prices(store="0204", prices=[("0815", 89), ("4711", 219)], actor="ivo")
    assert (_effective(book, "0815"), _effective(book, "4711")) == (99, 199)


def test_of_several_tiles_the_first_is_named_and_the_others_are_counted(book: Services) -> None:
    hang(book, "0204", "4711", "4711", "4711", "0815")
    _renamed(book)
    with pytest.raises(Invalid, match=r"b01-s1-p01.*; nor can 2 other tiles"):
        book.set_price(store="0204", sku="4711", amount_minor=219, actor="ivo")


def test_a_price_of_a_product_that_hangs_nowhere_needs_no_tile(book: Services) -> None:
    _renamed(book, "4053")
    assert book.set_price(store="0204", sku="4053", amount_minor=299, actor="ivo").tiles == 0


def test_a_tile_that_the_law_of_its_store_forbids_is_refused_with_the_law(tmp_path: Path) -> None:
    """202 CMR 7.06: tags an inch high, digits half an inch; nothing fits a panel of 2.13 inch."""
    book = open_book(tmp_path)
    add_store(book, "2001", "US-MA")
    take(book, "2001", ROWS)
    places = [("b01-s1-p01", "d9", "epd-2.13-bw", "4711")]
    with pytest.raises(Invalid, match=r"position b01-s1-p01 .*\(202 CMR 7\.06\([34]\)\)"):
        book.add_planogram(store="2001", positions=places, actor="ana")
    add_store(book, "2002", "US-NJ")
    take(book, "2002", ROWS)
    assert book.add_planogram(
        store="2002", positions=[("b01-s1-p01", "d8", "epd-2.13-bw", "4711")], actor="ana"
    )
    book.close()


def test_what_a_tile_will_show_is_looked_at_too(book: Services) -> None:
    """The promotion of next week hangs by itself: today is the day to find it."""
    take(book, "0204", [{**ROWS[0], "special_price": "1.49", "special_from": "2026-07-01T06:00"}])
    price = '<price name="price">{{ price | money }}</price>'
    unit_price = '<text name="unit-price">{{ unit_price | unit_price(unit_measure) }}</text>'
    standard = f"<tile>{price}{unit_price}</tile>"
    bundle = Bundle({"price/standard": standard, "price/promotion": "<tile/>"})
    with book.storage.begin() as unit:
        keep_bundle(unit, bundle, "ana", NOON)
        use_bundle(unit, find_store(unit, "0204"), bundle.digest)
    renderers = Renderers(book.storage)
    with book.storage.read() as unit:
        here = PositionRow.store_id == "0204"
        unfit = list(unfit_tiles(unit, here, Inspector(renderers), NOON))
    assert [(tile.tpl, tile.position.sku, tile.since) for tile in unfit] == [
        ("price/promotion", "4711", NOON + 10 * 86_400 + 4 * 3600)
    ]
    assert unfit[0].errors[0].code == "price-missing"


def test_warnings_keep_nothing_out(book: Services) -> None:
    page = book.check_tiles(store="0204")
    assert {one.level for tile in page.tiles for one in tile.findings} == {"warning"}
    assert book.set_price(store="0204", sku="4711", amount_minor=219, actor="ivo").tiles == 1


def test_a_list_is_taken_and_names_the_tiles_that_cannot_show_it(book: Services) -> None:
    rows = [{**ROWS[0], "name": RUNE, "price": "2.19"}, {**ROWS[1], "price": "0.89"}]
    report = take(book, "0204", rows)
    assert (report.changed, report.tiles, report.unfit) == (2, 2, 1)
    (tile,) = report.unfit_tiles
    assert (tile.store_id, tile.position, tile.sku) == ("0204", "b01-s1-p01", "4711")
    assert [(one.code, one.undrawable) for one in tile.findings] == [("missing-glyph", True)]
    assert _effective(book, "4711") == 219, "registers charge it: the book says so"


def test_a_dry_run_names_them_as_well(book: Services) -> None:
    report = book.import_prices(
        store="0204", source=as_csv([{**ROWS[0], "name": RUNE}]), format="csv", actor="ana",
        dry_run=True,
    )  # fmt: skip
    assert (report.change_id, report.unfit) == (None, 1)
    assert book.product(sku="4711").name == "Kečap blagi"


def test_a_list_that_touches_no_bad_tile_names_none(book: Services) -> None:
    _renamed(book)
    report = take(book, "0204", [{**ROWS[1], "price": "0.79"}])
    assert (report.changed, report.unfit, report.unfit_tiles) == (1, 0, ())
