"""Composition: the words of a tile, and what it shows in turn."""

from hypothesis import given

from cloud_service.pricing.entry import PriceEntry
from cloud_service.pricing.resolution import Goods, Terms
from cloud_service.pricing.rules import rules_of
from cloud_service.shelves.composition import Facts, showing_at, showings
from label_templates.contract.tile import Tile
from label_templates.contract.wire import TILE_BUDGET_BYTES, twin_size, words
from tests.unit.pricing.test_resolution import NOW, entries

ZAGREB = Terms(rules_of("HR"), "EUR", "Europe/Zagreb")
KETCHUP = Facts(
    "90704273", "KEČAP BLAGI 500g K PLUS", "K PLUS", "500 g", "3850334020802",
    Goods(500, "kg", weighed=False),
)  # fmt: skip


def test_a_plain_price_is_a_standard_tile_with_only_the_fields_that_apply() -> None:
    (shown,) = showings(KETCHUP, PriceEntry(regular=119), ZAGREB, NOW)
    assert shown.tpl == "price/standard"
    assert shown.content.words() == {
        "sku": "90704273", "name": "KEČAP BLAGI 500g K PLUS", "brand": "K PLUS",
        "size": "500 g", "gtin": "3850334020802", "price": 119, "unit_price": 238_00,
        "unit_measure": "kg",
    }  # fmt: skip


def test_a_special_price_is_a_promotion_tile_with_its_prior_and_reference_price() -> None:
    entry = PriceEntry(special=119, low_30=159, reference=159, reference_date="2025-05-02")
    content = showing_at(KETCHUP, entry, ZAGREB, NOW).content
    assert (content.promotion, content.prior_price, content.percent_off) == ("special", 159, 25)
    assert (content.reference_price, content.reference_date) == (159, "2025-05-02")


def test_a_multi_buy_tells_its_bundle() -> None:
    entry = PriceEntry(regular=299, multi_quantity=2, multi_price=500, multi_must_buy=True)
    shown = showing_at(KETCHUP, entry, ZAGREB, NOW)
    assert shown.tpl == "price/promotion"
    assert (shown.content.price, shown.content.bundle_quantity, shown.content.bundle_price) == (
        299, 2, 500
    )  # fmt: skip
    assert shown.content.must_buy


def test_the_end_of_a_promotion_travels_with_the_tile() -> None:
    entry = PriceEntry(regular=199, special=149, special_until=NOW + 3600)
    now, later = showings(KETCHUP, entry, ZAGREB, NOW)
    assert (now.content.price, now.content.promotion_until) == (149, NOW + 3600)
    assert (later.since, later.tpl, later.content.price) == (NOW + 3600, "price/standard", 199)


@given(entries())
def test_a_tile_says_at_each_instant_what_composition_says(entry: PriceEntry) -> None:
    shown = showings(KETCHUP, entry, ZAGREB, NOW)
    tile = Tile.of(0, 1, shown)
    for showing in shown:
        instant = showing.since or NOW
        expected = showing_at(KETCHUP, entry, ZAGREB, instant)
        assert tile.showing_at(instant).content == expected.content
        assert tile.showing_at(instant).tpl == expected.tpl


@given(entries())
def test_a_tile_with_a_real_name_and_its_next_flip_stays_in_its_budget(entry: PriceEntry) -> None:
    tile = Tile.of(3, 41, showings(KETCHUP, entry, ZAGREB, NOW)[:2])
    assert twin_size(words(tile)) <= TILE_BUDGET_BYTES
