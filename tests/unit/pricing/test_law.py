"""What the law has a tile print for a resolved price, and by which text."""

from datetime import date

from cloud_service.pricing.entry import PriceEntry
from cloud_service.pricing.goods import Goods
from cloud_service.pricing.law import citations, must_print
from cloud_service.pricing.offer import Terms
from cloud_service.pricing.offering import Offering
from cloud_service.pricing.promotions import BuyGet, FixedPrice, Promotion
from cloud_service.pricing.resolution import Resolution, resolve
from cloud_service.pricing.rules import rules_of
from cloud_service.pricing.unit_price import UnitPrice
from tests.unit.pricing.offerings import DAY, NOW, TODAY, costs, promoted

WATER = Goods(1_500, "l", weighed=False, deposit=10)
PIECE = Goods(None, None, weighed=False)


def resolved(
    where: str, goods: Goods, *promotions: Promotion, entry: PriceEntry | None = None
) -> Resolution:
    currency = "USD" if where.startswith("US") else "EUR"
    terms = Terms(rules_of(where, TODAY), currency, "Europe/Zagreb")
    offering = Offering((costs(400),), (), promotions)
    if entry is not None:
        offering = Offering.of(entry)
    found = resolve(offering, goods, terms, NOW)
    assert found is not None
    return found


def asked(where: str, found: Resolution, day: date = TODAY) -> dict[str, str]:
    demands = must_print(found, rules_of(where, day))
    return {demand.asks: demand.citation for demand in demands}


def test_a_reduced_bottle_in_croatia_prints_all_that_the_law_asks_for() -> None:
    found = resolved("HR", WATER, promoted(FixedPrice(300), NOW - DAY))
    assert asked("HR", found) == {
        "unit-price": "Directive 98/6/EC art. 3(1)",
        "prior": "ZZP (NN 19/2022) art. 19(4)",
        "deposit": "Directive 98/6/EC art. 2(a), CJEU C-543/21",
    }
    assert citations(found, rules_of("HR", TODAY)) == (
        "Directive 98/6/EC art. 2(b) and 3(1)",
        "ZZP (NN 19/2022) art. 19(4)",
    )


def test_what_a_price_does_not_have_is_not_asked_for() -> None:
    found = resolved("HR", PIECE)
    assert asked("HR", found) == {}
    assert citations(found, rules_of("HR", TODAY)) == ()


def test_the_reference_price_of_croatia_is_asked_for_where_there_is_one() -> None:
    entry = PriceEntry(regular=199, reference=189, reference_date="2025-05-02")
    assert asked("HR", resolved("HR", PIECE, entry=entry)) == {"reference": "NN 75/2025 VI"}


def test_a_loyalty_price_brings_its_condition_and_its_own_unit_price() -> None:
    offer = promoted(FixedPrice(300), NOW - DAY, programme="with Family Card")
    found = resolved("GB", WATER, offer)
    assert {"loyalty-condition", "loyalty-unit-price"} <= asked("GB", found).keys()
    assert not {"loyalty-condition", "deposit"} & asked("GB", found, date(2026, 4, 5)).keys()
    assert found.loyalty is not None
    assert found.loyalty.unit == UnitPrice(200_00, "l", in_cents=False)
    assert found.unit == UnitPrice(267_00, "l", in_cents=False)


def test_what_is_measured_is_asked_of_every_tile() -> None:
    assert asked("US-MA", resolved("US-MA", PIECE)) == {
        "tag-height": "202 CMR 7.06(3)",
        "digit-height": "202 CMR 7.06(4)",
    }


def test_a_deposit_is_outside_the_price_and_the_unit_price() -> None:
    found = resolved("HR", WATER)
    assert (found.effective, found.deposit) == (400, 10)
    assert found.unit == UnitPrice(267_00, "l", in_cents=False)


def test_buy_one_get_one_free_prices_the_unit_from_what_both_cost() -> None:
    found = resolved("US", Goods(24_000, "oz", weighed=False), promoted(BuyGet(2, 1), NOW - DAY))
    assert found.effective == 400
    assert found.unit == UnitPrice(830, "oz", in_cents=True)  # 400 cents for 48 ounces
