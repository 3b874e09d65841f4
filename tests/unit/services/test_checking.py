"""A store's tiles, checked page by page as they are and as they will be."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud_service.errors import NotFound
from cloud_service.services import Services
from tests.book import ROWS, hang, open_book, take

RUNE = "Tea \U00013000"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    services = open_book(tmp_path_factory.mktemp("book"))
    hang(services, "0204", "4711", None, "0815", "4053")
    services.add_planogram(
        store="0204", positions=[("b02-s1-p01", "d2", "epd-2.9-bwr", "4711")], actor="ana"
    )
    take(services, "0204", [{**ROWS[0], "name": RUNE}, {**ROWS[1], "reference_price": "0.95",
                             "reference_date": "2025-05-02"}])  # fmt: skip
    yield services
    services.close()


def _found(book: Services, **part: int | str | None) -> list[tuple[str, list[str]]]:
    page = book.check_tiles(store="0204", **part)  # type: ignore[arg-type]
    return [(tile.position, [one.code for one in tile.findings]) for tile in page.tiles]


def test_every_tile_with_a_finding_is_named(book: Services) -> None:
    assert _found(book) == [
        ("b01-s1-p01", ["missing-glyph"]),
        ("b01-s1-p04", ["reference-unknown"]),
        ("b02-s1-p01", ["missing-glyph"]),
    ]


def test_a_bay_is_checked_by_itself(book: Services) -> None:
    assert _found(book, bay=2) == [("b02-s1-p01", ["missing-glyph"])]
    assert _found(book, bay=3) == []


def test_pages_count_all_positions_and_go_on_where_they_ended(book: Services) -> None:
    first = book.check_tiles(store="0204", limit=3)
    assert (first.checked, first.next) == (3, "b01-s1-p03")
    rest = book.check_tiles(store="0204", after=first.next, limit=3)
    assert (rest.checked, rest.next) == (2, None)
    assert len(first.tiles) + len(rest.tiles) == 3


def test_an_unknown_store_is_named(book: Services) -> None:
    with pytest.raises(NotFound, match="9999"):
        book.check_tiles(store="9999")


def test_a_promotion_to_come_is_checked_with_its_instant(tmp_path: Path) -> None:
    book = open_book(tmp_path)
    take(book, "0204", [{**ROWS[0], "special_price": "1.49", "special_from": "2026-07-01T06:00"}])
    hang(book, "0204", "4711")
    tiles = book.check_tiles(store="0204").tiles
    assert [(tile.template, tile.since is None) for tile in tiles] == [
        ("price/standard", True),
        ("price/promotion", False),
    ]
    book.close()


def test_a_price_is_checked_before_it_is_set(book: Services) -> None:
    place = {"store": "0204", "panel": "epd-2.9-bwr"}
    assert [one.code for one in book.preview_findings(sku="4711", amount_minor=219, **place)] == [
        "missing-glyph"
    ]
    assert book.preview_findings(sku="0815", amount_minor=89, **place) == ()
