"""Finding products: as people type, without case and diacritics, and as scanners read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_service.catalog.products import fold
from cloud_service.errors import Invalid, NotFound
from cloud_service.services import Services
from tests.book import add_store, open_book


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    services = open_book(tmp_path_factory.mktemp("book"))
    add_store(services, "1601")
    yield services
    services.close()


def _found(book: Services, text: str) -> list[str]:
    return [product.sku for product in book.search(store="0204", text=text).products]


@pytest.mark.parametrize(
    "text", ["kecap", "KEČAP", "ribar", "blagi ribar", "  kečap   RIBAR ", "471", "4711"]
)
def test_a_product_is_found_by_words_brand_or_sku(book: Services, text: str) -> None:
    assert _found(book, text) == ["4711"]


@pytest.mark.parametrize("text", ["036000291452", "0036000291452", "00036000291452"])
def test_a_gtin_is_found_with_the_zeros_a_scanner_adds(book: Services, text: str) -> None:
    assert _found(book, text) == ["0815"]


@pytest.mark.parametrize("text", ["%", "_", "kecap zitar", "36000"])
def test_what_no_product_has_finds_nothing(book: Services, text: str) -> None:
    assert _found(book, text) == []


def test_a_store_shows_its_own_products_only(book: Services) -> None:
    assert book.search(store="1601").total == 0
    assert book.search().total == book.search(store="0204").total == 3


def test_pages_continue_each_other(book: Services) -> None:
    first = book.search(limit=2)
    rest = book.search(limit=2, after=first.next)
    assert (first.total, rest.total, rest.next) == (3, 3, None)
    assert [p.sku for p in (*first.products, *rest.products)] == ["0815", "4053", "4711"]


def test_skus_come_in_the_order_of_their_characters_codes(tmp_path: Path) -> None:
    skus = ["10", "9", "1-0", "1_0", "B", "a", "Ab", "aC", "z", "Z"]
    services = open_book(tmp_path, rows=[{"sku": n, "name": "P", "price": "1.00"} for n in skus])
    paged: list[str] = []
    after = None
    while len(paged) < len(skus):
        page = services.search(store="0204", after=after, limit=3)
        paged += [product.sku for product in page.products]
        after = page.next
    services.close()
    assert paged == sorted(skus)


def test_a_sku_is_found_in_either_case(tmp_path: Path) -> None:
    services = open_book(tmp_path, rows=[{"sku": "aB-1", "name": "P", "price": "1.00"}])
    found = [[p.sku for p in services.search(text=text).products] for text in ("AB", "ab-1", "b")]
    services.close()
    assert found == [["aB-1"], ["aB-1"], []]


def test_a_page_has_a_sensible_size(book: Services) -> None:
    with pytest.raises(Invalid, match="limit"):
        book.search(limit=0)


def test_an_unknown_product_is_named(book: Services) -> None:
    with pytest.raises(NotFound, match="'99'"):
        book.product(sku="99")


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_folding_takes_croatian_letters_to_plain_ones() -> None:
    assert fold("ĐURĐICA Čašćenje Žitar") == "durdica cascenje zitar"
