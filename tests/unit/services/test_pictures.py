"""Pictures through the services: what a tile would look like before its price is saved."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud_service.errors import Invalid, NotFound
from cloud_service.services import Services
from label_templates.layout.errors import RenderError
from tests.book import hang, open_book, take


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    services = open_book(tmp_path_factory.mktemp("book"))
    hang(services, "0204", "4711", None)
    yield services
    services.close()


def test_a_preview_is_what_the_tile_becomes_once_the_price_is_set(tmp_path: Path) -> None:
    book = open_book(tmp_path)
    hang(book, "0204", "4711")
    place = {"store": "0204", "position": "b01-s1-p01"}
    before = book.wanted_image(**place)
    seen = book.position_preview(**place, amount_minor=249)
    book.set_price(store="0204", sku="4711", amount_minor=249, actor="ana")
    after = book.wanted_image(**place)
    book.close()
    assert before is not None
    assert after is not None
    assert after[0] == seen != before[0]
    assert after[1] == seen.digest()


def test_a_preview_without_an_amount_is_the_price_that_stands(book: Services) -> None:
    stands = book.preview(store="0204", sku="4711", panel="epd-2.9-bwr")
    assert stands == book.preview(store="0204", sku="4711", panel="epd-2.9-bwr", amount_minor=199)
    assert (stands.width, stands.height) == (296, 128)


def test_a_tiles_tag_changes_with_its_picture_only(book: Services) -> None:
    tile = book.tile(store="0204", position="b01-s1-p01")
    assert tile.wanted_image == book.preview(store="0204", sku="4711", panel="epd-2.9-bwr").digest()
    assert tile.image is None


def test_a_tile_that_cannot_be_drawn_hides_no_other(tmp_path: Path) -> None:
    coffee, tea = ({"sku": sku, "name": "Tea", "price": f"{sku}.00"} for sku in "12")
    book = open_book(tmp_path, rows=[coffee, tea])
    hang(book, "0204", "1", "2")
    take(book, "0204", [{**coffee, "name": "Coffee \U00013000"}])
    tiles = {tile.sku: tile for tile in book.status().attention}
    assert tiles["1"].wanted_image is None
    assert tiles["2"].wanted_image is not None
    assert tiles["1"].wanted_price == 100
    with pytest.raises(RenderError, match="font bold has no '\U00013000'"):
        book.wanted_image(store="0204", position="b01-s1-p01")
    book.close()


def test_nothing_hangs_before_the_first_ack(book: Services) -> None:
    assert book.tile_image(store="0204", position="b01-s1-p01") is None


def test_an_empty_position_has_no_picture_and_says_so(book: Services) -> None:
    assert book.wanted_image(store="0204", position="b01-s1-p02") is None
    with pytest.raises(NotFound, match="No product is planned at b01-s1-p02"):
        book.position_preview(store="0204", position="b01-s1-p02", amount_minor=100)


@pytest.mark.parametrize("amount", [0, -1, 100_000_000])
def test_a_preview_of_an_absurd_price_is_refused(book: Services, amount: int) -> None:
    with pytest.raises(Invalid, match="amount"):
        book.preview(store="0204", sku="4711", panel="epd-2.9-bwr", amount_minor=amount)


def test_a_preview_on_an_unknown_panel_is_refused(book: Services) -> None:
    with pytest.raises(Invalid, match="unknown panel 'crt'"):
        book.preview(store="0204", sku="4711", panel="crt")
