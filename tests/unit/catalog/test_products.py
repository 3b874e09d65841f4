"""Products: what can be one, GTINs that name one product only, deposits by the law of a place."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cloud_service.catalog.checks import check_product
from cloud_service.catalog.gtins import gtins_of, sku_of_gtin
from cloud_service.catalog.products import (
    Deposit,
    Product,
    add_product,
    find_product,
    replace_product,
)
from cloud_service.errors import Conflict, Invalid
from cloud_service.services import Services
from tests.book import open_book

WATER = Product(
    sku="w1", name="Jamnica", brand="Jamnica", size="1,5 l", gtin="3850103000011", net_milli=1500,
    net_measure="l", deposits=(Deposit("HR", 10, "EUR"), Deposit("US-CT", 10, "USD")),
    cost=60, cost_currency="EUR", origin="Hrvatska", on_sale_since="2026-06-01",
)  # fmt: skip
OTHER_GTINS = ("9521234543213", "96385074")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Services]:
    services = open_book(tmp_path)
    yield services
    services.close()


def add(book: Services, product: Product, *gtins: str) -> None:
    with book.storage.begin() as unit:
        check_product(product, gtins)
        add_product(unit, product, gtins, revision=7)


def test_a_product_is_kept_with_all_that_is_known_of_it(book: Services) -> None:
    add(book, WATER, *OTHER_GTINS)
    with book.storage.read() as unit:
        assert find_product(unit, "w1") == replace(WATER, revision=7)
        names = gtins_of(unit, ["w1"])["w1"]
        assert set(names) == {WATER.gtin, *OTHER_GTINS}


def test_any_gtin_finds_its_product_with_zeros_lost_or_gained(book: Services) -> None:
    add(book, WATER, *OTHER_GTINS)
    with book.storage.read() as unit:
        for gtin in ("3850103000011", "9521234543213", "96385074", "00000096385074"):
            assert sku_of_gtin(unit, gtin) == "w1"
        assert sku_of_gtin(unit, "036000291452") == "0815"
        assert sku_of_gtin(unit, "012345678905") is None
    found = book.search(text="09521234543213").products
    assert [product.sku for product in found] == ["w1"]


@pytest.mark.parametrize("taken", ["036000291452", "0036000291452", "96385074"])
def test_a_gtin_names_one_product_only(book: Services, taken: str) -> None:
    add(book, WATER, *OTHER_GTINS)
    with pytest.raises(Conflict, match=f"GTIN {taken} names the product with SKU (0815|w1)"):
        add(book, Product(sku="w2", name="Other"), taken)


def test_a_product_that_gives_a_gtin_up_leaves_it_to_another(book: Services) -> None:
    add(book, WATER, *OTHER_GTINS)
    with book.storage.begin() as unit:
        replace_product(unit, replace(WATER, revision=7), (), revision=8)
        add_product(unit, Product(sku="w2", name="Other"), ["96385074"], revision=8)
    with book.storage.read() as unit:
        assert sku_of_gtin(unit, "96385074") == "w2"


def test_a_sku_is_taken_once(book: Services) -> None:
    with pytest.raises(Conflict, match="4711"):
        add(book, Product(sku="4711", name="Other"))


def test_a_plu_finds_its_product(book: Services) -> None:
    add(book, Product(sku="l1", name="Limeta", plu="4048"))
    assert [product.sku for product in book.search(text="4048").products] == ["l1"]


def test_a_deposit_is_the_one_of_the_place_in_its_money() -> None:
    assert WATER.deposit_in("HR", "EUR") == 10
    assert WATER.deposit_in("HR-21", "EUR") == 10
    assert WATER.deposit_in("US-CT", "USD") == 10
    assert WATER.deposit_in("US-NJ", "USD") is None
    assert WATER.deposit_in("HR", "HRK") is None
    assert (WATER.cost_in("EUR"), WATER.cost_in("USD")) == (60, None)


@pytest.mark.parametrize(
    ("changes", "place", "reason"),
    [
        ({"sku": "w 1"}, "sku", "no SKU"),
        ({"name": "  "}, "name", "needs a name"),
        ({"name": "x" * 121}, "name", "121 characters; a tile takes 120"),
        ({"origin": ""}, "origin", "leave it out"),
        ({"gtin": "3850103000018"}, "gtin", "check digit is 1"),
        ({"plu": "123"}, "plu", "4 or 5 digits"),
        ({"image": "photo.png"}, "image", "SHA-256"),
        ({"net_milli": None}, "net_milli", "needs its number"),
        ({"net_milli": 0}, "net_milli", "can be no net content"),
        ({"net_measure": "stone"}, "net_measure", "none of"),
        ({"net_measure": None, "net_milli": None, "weighed": True}, "net_measure", "by weight"),
        ({"cost": None}, "cost", "come together"),
        ({"cost": -1}, "cost", "can be no amount"),
        ({"deposits": (Deposit("Croatia", 10, "EUR"),)}, "deposits", "no country or state"),
        ({"deposits": (Deposit("HR", 0, "EUR"),)}, "deposits", "can be no amount"),
        ({"deposits": (Deposit("HR", 5, "EUR"),) * 2}, "deposits", "has one deposit"),
        ({"on_sale_since": "1.6.2026."}, "on_sale_since", "no day such as 2026-06-21"),
    ],
)
def test_what_is_no_product_is_refused_by_its_field(
    changes: dict[str, object], place: str, reason: str
) -> None:
    with pytest.raises(Invalid, match=reason) as refused:
        check_product(replace(WATER, **changes), ())  # type: ignore[arg-type]
    assert refused.value.place == place
