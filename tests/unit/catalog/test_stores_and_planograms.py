"""Stores and planograms: what can be, and that what cannot be changes nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from cloud_service.catalog.tables import DeviceRow
from cloud_service.errors import Conflict, Invalid, NotFound
from cloud_service.services import Services
from tests.book import add_store, hang, open_book


def _marks(services: Services) -> dict[str, int]:
    with services.storage.read() as unit:
        return {row.id: row.marks for row in unit.execute(select(DeviceRow.id, DeviceRow.marks))}


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Services]:
    services = open_book(tmp_path)
    yield services
    services.close()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "two words"),
        ("name", " "),
        ("tz", "Europe/Atlantis"),
        ("tz", "../../etc/passwd"),
        ("currency", "euro"),
        ("locale", "Croatian"),
        ("jurisdiction", "Croatia"),
    ],
)
def test_a_store_that_cannot_be_is_refused_by_its_field(
    book: Services, field: str, value: str
) -> None:
    facts = {
        "id": "1601", "name": "Split", "tz": "Europe/Zagreb", "currency": "EUR",
        "locale": "hr-HR", "jurisdiction": "HR",
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        book.add_store(**{**facts, field: value}, actor="ana")
    assert refused.value.place == {"id": "store"}.get(field, field)
    assert [store.id for store in book.stores()] == ["0204"]


def test_a_store_is_added_once(book: Services) -> None:
    with pytest.raises(Conflict, match="0204"):
        add_store(book, "0204")


def test_a_bay_shows_its_shelves_and_places_in_their_order(book: Services) -> None:
    places = ["b01-s2-p01", "b01-s1-p10", "b01-s1-p02", "b12-s1-p01", "b100-s1-p01"]
    book.add_planogram(
        store="0204",
        positions=[(place, "d1", "epd-2.9-bw", "4711") for place in places],
        actor="ana",
    )
    bay = book.bay(store="0204", number=1)
    assert [(shelf.number, [t.place for t in shelf.tiles]) for shelf in bay.shelves] == [
        (1, [2, 10]), (2, [1])
    ]  # fmt: skip
    assert bay.store.bays == (1, 12, 100)
    assert [len(shelf.tiles) for shelf in book.bay(store="0204", number=100).shelves] == [1]


def test_a_bay_or_position_that_is_not_there_is_named(book: Services) -> None:
    with pytest.raises(NotFound, match="bay 7"):
        book.bay(store="0204", number=7)
    with pytest.raises(NotFound, match="b07-s1-p01"):
        book.tile(store="0204", position="b07-s1-p01")


@pytest.mark.parametrize(
    ("place", "named"),
    [
        (("x1", "d1", "epd-2.9-bw", None), "position x1"),
        (("b01-s1-p01", "D 1", "epd-2.9-bw", None), "no device"),
        (("b01-s1-p01", "d1", "crt", None), "unknown panel 'crt'"),
        (("b01-s1-p01", "d1", "paper-70x37", None), "which no device drives"),
        (("b01-s1-p01", "d1", "lcd-strip-1920x158@100", None), "160 to 1920 px wide"),
        (("b01-s1-p01", "d1", "epd-2.9-bw", "?"), "no SKU"),
    ],
)
def test_a_position_that_cannot_be_is_named_and_nothing_is_hung(
    book: Services, place: tuple[str, str, str, str | None], named: str
) -> None:
    good = ("b01-s1-p02", "d1", "epd-2.9-bw", "4711")
    with pytest.raises(Invalid, match=named):
        book.add_planogram(store="0204", positions=[good, place], actor="ana")
    assert book.store(store="0204").bays == ()


def test_positions_share_a_strip_by_its_regions(book: Services) -> None:
    places = [
        (f"b01-s1-p0{n}", "d1", f"lcd-strip-1920x158@{160 * n + 160}", "4711") for n in (1, 2)
    ]
    book.add_planogram(store="0204", positions=places, actor="ana")
    panels = [
        tile.panel for shelf in book.bay(store="0204", number=1).shelves for tile in shelf.tiles
    ]
    assert panels == ["lcd-strip-1920x158@320", "lcd-strip-1920x158@480"]


def test_a_device_drives_48_tiles_and_stands_in_one_store(book: Services) -> None:
    hang(book, "0204", *(["4711"] * 48))
    with pytest.raises(Invalid, match="device d1: 49 tiles"):
        hang(book, "0204", *(["4711"] * 49))
    add_store(book, "1601")
    with pytest.raises(Invalid, match="device d1: it stands in store 0204"):
        hang(book, "1601", "4711")


def test_a_position_that_moves_to_another_device_wakes_both(book: Services) -> None:
    hang(book, "0204", "4711", device="d1")
    before = _marks(book)
    hang(book, "0204", "4711", device="d2")
    after = _marks(book)
    assert after["d1"] == before["d1"] + 1
    assert after["d2"] == 1


def test_a_product_knows_where_it_stands(book: Services) -> None:
    hang(book, "0204", "4711", "0815", "4711")
    assert book.product(sku="4711", store="0204").positions == ("b01-s1-p01", "b01-s1-p03")
