"""Composition: the words of a tile, and what it shows in turn."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cloud_service.pricing.entry import PriceEntry
from cloud_service.pricing.goods import Goods
from cloud_service.pricing.offer import Terms
from cloud_service.pricing.offering import Offering
from cloud_service.pricing.rules import rules_of
from cloud_service.shelves.composition import Facts
from cloud_service.shelves.composition import showing_at as showing_of
from cloud_service.shelves.composition import showings as showings_of
from label_templates.contract.tile import Showing, Tile
from label_templates.contract.wire import TILE_BUDGET_BYTES, twin_size, words
from tests.unit.pricing.test_resolution import NOW, TODAY, entries

ZAGREB = Terms(rules_of("HR", TODAY), "EUR", "Europe/Zagreb")
KETCHUP = Facts(
    "90704273", "KEČAP BLAGI 500g K PLUS", "K PLUS", "500 g", "3850334020802",
    Goods(500, "kg", weighed=False),
)  # fmt: skip


def showings(facts: Facts, entry: PriceEntry, terms: Terms, now: int) -> list[Showing]:
    """Compose an entry that holds always."""
    return showings_of(facts, Offering.of(entry), terms, now)


def showing_at(facts: Facts, entry: PriceEntry, terms: Terms, instant: int) -> Showing:
    """Compose an entry that holds always."""
    found = showing_of(facts, Offering.of(entry), terms, instant)
    assert found is not None
    return found


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
    shown = showing_at(KETCHUP, entry, ZAGREB, NOW)
    content = shown.content
    assert shown.tpl == "price/promotion"
    assert (content.promotion, content.prior_price, content.percent_off) == ("special", 159, 25)
    assert (content.reference_price, content.reference_date) == (159, "2025-05-02")


def test_a_multi_buy_tells_its_bundle() -> None:
    entry = PriceEntry(regular=299, multi_quantity=2, multi_price=500, multi_must_buy=True)
    shown = showing_at(KETCHUP, entry, ZAGREB, NOW)
    assert shown.tpl == "price/multi-buy"
    assert (shown.content.price, shown.content.bundle_quantity, shown.content.bundle_price) == (
        299, 2, 500
    )  # fmt: skip
    assert shown.content.must_buy


def test_weighed_goods_are_shown_as_such_unless_they_are_on_promotion() -> None:
    apples = replace(KETCHUP, goods=Goods(1000, "kg", weighed=True))
    entry = PriceEntry(regular=199, special=149, special_until=NOW + 3600)
    now, later = showings(apples, entry, ZAGREB, NOW)
    assert (now.tpl, later.tpl) == ("price/promotion", "price/weighed")


def test_where_the_unit_price_must_have_a_colour_of_its_own_it_is_the_large_one() -> None:
    hartford = Terms(rules_of("US-CT", TODAY), "USD", "America/New_York")
    assert showing_at(KETCHUP, PriceEntry(regular=119), hartford, NOW).tpl == "price/unit"
    unmeasured = replace(KETCHUP, goods=Goods(None, None, weighed=False))
    assert showing_at(unmeasured, PriceEntry(regular=119), hartford, NOW).tpl == "price/standard"


def test_the_end_of_a_promotion_travels_with_the_tile() -> None:
    entry = PriceEntry(regular=199, special=149, special_until=NOW + 3600)
    now, later = showings(KETCHUP, entry, ZAGREB, NOW)
    assert (now.content.price, now.content.promotion_until) == (149, NOW + 3600)
    assert (later.since, later.tpl, later.content.price) == (NOW + 3600, "price/standard", 199)


def test_what_is_known_of_a_product_is_printed() -> None:
    goods = Goods(1000, "kg", weighed=True, deposit=10)
    lemon = Facts(
        "4053", "Limun", None, None, None, goods, plu="4053", origin="Hrvatska", image="a" * 64,
        facts="b" * 64,
    )  # fmt: skip
    content = showing_at(lemon, PriceEntry(regular=249), ZAGREB, NOW).content
    assert (content.plu, content.origin, content.deposit) == ("4053", "Hrvatska", 10)
    assert (content.image, content.facts, content.new) == ("a" * 64, "b" * 64, False)


def test_a_product_is_new_until_an_instant_at_which_its_tile_flips() -> None:
    fresh = replace(KETCHUP, new_until=NOW + 3600)
    entry = PriceEntry(regular=199, special=149, special_until=NOW + 7200)
    shown = showings(fresh, entry, ZAGREB, NOW)
    assert [(one.since, one.content.price, one.content.new) for one in shown] == [
        (None, 149, True), (NOW + 3600, 149, False), (NOW + 7200, 199, False)
    ]  # fmt: skip
    assert showing_at(fresh, entry, ZAGREB, NOW + 3599).content.new
    assert not showing_at(fresh, entry, ZAGREB, NOW + 3600).content.new


def test_a_product_that_stops_being_new_as_its_price_flips_flips_once() -> None:
    fresh = replace(KETCHUP, new_until=NOW + 3600)
    entry = PriceEntry(regular=199, special=149, special_until=NOW + 3600)
    shown = showings(fresh, entry, ZAGREB, NOW)
    assert [(one.since, one.content.price, one.content.new) for one in shown] == [
        (None, 149, True), (NOW + 3600, 199, False)
    ]  # fmt: skip


@given(entries(), st.integers(NOW - 86_400, NOW + 6 * 86_400))
def test_a_new_product_is_told_so_at_each_instant(entry: PriceEntry, until: int) -> None:
    fresh = replace(KETCHUP, new_until=until)
    tile = Tile.of(0, 1, showings(fresh, entry, ZAGREB, NOW)[:9])
    for showing in tile.showings():
        instant = showing.since or NOW
        assert tile.showing_at(instant).content.new == (instant < until)


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
