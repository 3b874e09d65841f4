"""The made-up price list as a grocer would check it."""

import csv
import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from label_templates.contract.identifiers import parse_gtin, parse_sku, parse_store_id
from label_templates.contract.money import parse_amount
from simulators.up.grocery import MADE_UP, price_list

TODAY = date(2026, 3, 4)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(price_list(TODAY))))


def test_there_are_a_few_hundred_products_each_with_its_own_sku(rows: list[dict[str, str]]) -> None:
    assert len(rows) >= 400
    assert len({parse_sku(row["sku"]) for row in rows}) == len(rows)


def test_every_gtin_is_a_upc_a_for_use_inside_one_company(rows: list[dict[str, str]]) -> None:
    gtins = [parse_gtin(row["gtin"]) for row in rows if row["gtin"]]
    assert len(set(gtins)) == len(gtins) > 300
    assert {(len(gtin), gtin[0]) for gtin in gtins} == {(12, "4")}


def test_a_brand_has_one_company_prefix_and_loose_goods_have_no_gtin(
    rows: list[dict[str, str]],
) -> None:
    prefixes = {(row["brand"], row["gtin"][:6]) for row in rows if row["gtin"]}
    assert len({brand for brand, _ in prefixes}) == len(prefixes)
    assert len({prefix for _, prefix in prefixes}) == len(prefixes)
    assert all(bool(row["gtin"]) == bool(row["brand"]) for row in rows)


def test_all_kinds_of_price_are_there(rows: list[dict[str, str]]) -> None:
    assert sum(bool(row["special_price"]) for row in rows) >= 50
    assert sum(bool(row["multi_price"]) for row in rows) >= 50
    assert sum(row["multi_must_buy"] == "yes" for row in rows) >= 3
    assert sum(row["unit"] == "lb" for row in rows) >= 30
    assert sum(len(row["name"]) > 45 for row in rows) >= 3
    assert {row["unit"] for row in rows} == {"ea", "lb"}


def test_every_promotion_saves_money(rows: list[dict[str, str]]) -> None:
    for row in rows:
        regular = parse_amount(row["price"], "USD")
        if row["special_price"]:
            assert parse_amount(row["special_price"], "USD") < regular, row["name"]
        if row["multi_price"]:
            bundle = parse_amount(row["multi_price"], "USD")
            assert bundle < regular * int(row["multi_quantity"]), row["name"]


def test_promotions_run_are_about_to_start_and_are_about_to_end(rows: list[dict[str, str]]) -> None:
    midnight = datetime.combine(TODAY, datetime.min.time())
    windows = [
        (datetime.fromisoformat(row["special_from"]), datetime.fromisoformat(row["special_until"]))
        for row in rows
        if row["special_price"]
    ]
    assert any(start <= midnight < until for start, until in windows)
    assert any(start == midnight + timedelta(days=1) for start, _ in windows)
    assert any(until == midnight + timedelta(days=1) for _, until in windows)
    assert all(start < until for start, until in windows)


def test_the_list_follows_the_day_and_is_otherwise_the_same(rows: list[dict[str, str]]) -> None:
    assert price_list(TODAY) == price_list(TODAY)
    later = list(csv.DictReader(io.StringIO(price_list(TODAY + timedelta(days=9)))))
    assert [row["sku"] for row in later] == [row["sku"] for row in rows]
    assert [row["price"] for row in later] == [row["price"] for row in rows]


def test_the_store_itself_can_be() -> None:
    assert parse_store_id(MADE_UP.id) == MADE_UP.id
    assert ZoneInfo(MADE_UP.tz).key == MADE_UP.tz
    assert Locale.parse(MADE_UP.locale, sep="-").territory == "US"
