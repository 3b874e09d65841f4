"""Unit prices, with the worked examples of the law."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_service.catalog.products import MEASURES
from cloud_service.pricing.rules import JURISDICTIONS, Rules, rules_of
from cloud_service.pricing.unit_price import UnitPrice, unit_price
from cloud_service.pricing.wording import unit_price_words
from label_templates.contract.tile import Measure
from tests.unit.pricing.offerings import TODAY

NEW_JERSEY = rules_of("US-NJ", TODAY)
CROATIA = rules_of("HR", TODAY)


def _ounces(amount: int, milli_ounces: int) -> UnitPrice:
    found = unit_price(amount, milli_ounces, "oz", NEW_JERSEY, "USD")
    assert found is not None
    return found


def test_new_jersey_shows_tenths_of_a_cent_below_a_dollar() -> None:
    assert _ounces(349, 24_000) == UnitPrice(1450, "oz", in_cents=True)
    assert unit_price_words(_ounces(349, 24_000), "USD", "en-US") == "14.5¢/oz"


@pytest.mark.parametrize(
    ("dollars_milli", "hundredths"),
    [(1005, 101_00), (1004, 100_00)],
)
def test_new_jersey_shows_whole_cents_from_a_dollar_up(dollars_milli: int, hundredths: int) -> None:
    # 1.005 dollars an ounce is 1005 dollars for a thousand ounces.
    found = _ounces(dollars_milli * 100, 1_000_000)
    assert found == UnitPrice(hundredths, "oz", in_cents=False)


@pytest.mark.parametrize(
    ("cents_hundredths", "hundredths"), [(5005, 5010), (5004, 5000), (1254, 1250), (1255, 1260)]
)
def test_halves_of_a_tenth_of_a_cent_go_up(cents_hundredths: int, hundredths: int) -> None:
    # 50.05 cents an ounce is 5005 cents for a hundred ounces.
    assert _ounces(cents_hundredths, 100_000) == UnitPrice(hundredths, "oz", in_cents=True)


def test_the_branch_is_chosen_before_rounding() -> None:
    # 0.9996 dollars an ounce stays on the side of the cents: 100.0 cents, not 1.00 dollar.
    assert _ounces(9996, 100_000) == UnitPrice(100_00, "oz", in_cents=True)


def test_the_eu_prices_by_the_kilogram_and_litre() -> None:
    assert unit_price(119, 500, "kg", CROATIA, "EUR") == UnitPrice(238_00, "kg", in_cents=False)
    assert unit_price(99, 750_000, "ml", CROATIA, "EUR") == UnitPrice(132_00, "l", in_cents=False)
    assert unit_price(99, 300_000, "g", CROATIA, "EUR") == UnitPrice(330_00, "kg", in_cents=False)


def test_a_unit_price_that_rounds_to_nothing_is_none() -> None:
    assert unit_price(105, 300_000, "ea", CROATIA, "EUR") is None


def test_yen_have_no_decimals_and_dinars_three() -> None:
    assert unit_price(198, 2_000, "l", CROATIA, "JPY") == UnitPrice(99_00, "l", in_cents=False)
    dinars = UnitPrice(1500_00, "kg", in_cents=False)
    assert unit_price_words(dinars, "KWD", "en-US").endswith("1.500/kg")


@given(st.integers(1, 99_999_999), st.integers(1, 10**9), st.sampled_from(["US-NJ", "HR"]))
def test_a_unit_price_is_never_further_off_than_half_a_step(
    amount: int, milli: int, where: str
) -> None:
    found = unit_price(amount, milli, "oz", rules_of(where, TODAY), "USD")
    if found is None:
        return
    step = 10 if found.in_cents else 100
    assert abs(found.hundredths * milli - amount * 100_000) * 2 <= step * milli


@pytest.mark.parametrize(
    ("cents_hundredths", "hundredths"), [(2530, 2530), (253, 253), (99, 99), (9996, 100_00)]
)
def test_connecticut_carries_three_digits(cents_hundredths: int, hundredths: int) -> None:
    rules = rules_of("US-CT", TODAY)
    found = unit_price(cents_hundredths, 100_000, "oz", rules, "USD")
    assert found == UnitPrice(hundredths, "oz", in_cents=True)
    assert unit_price(16_749, 100_000, "qt", rules, "USD") == UnitPrice(167_00, "qt", False)
    assert unit_price(16_750, 100_000, "qt", rules, "USD") == UnitPrice(168_00, "qt", False)


def test_hundredths_of_a_cent_are_written_where_they_are_asked_for() -> None:
    assert unit_price_words(UnitPrice(253, "oz", in_cents=True), "USD", "en-US") == "2.53¢/oz"
    assert unit_price_words(UnitPrice(2530, "oz", in_cents=True), "USD", "en-US") == "25.3¢/oz"


def test_northern_ireland_has_tenths_of_a_penny_below_a_pound() -> None:
    rules = rules_of("GB-NIR", TODAY)
    assert unit_price(4525, 100_000, "l", rules, "GBP") == UnitPrice(4530, "l", in_cents=True)
    assert unit_price(4524, 100_000, "l", rules, "GBP") == UnitPrice(4520, "l", in_cents=True)
    assert unit_price(100, 1000, "l", rules, "GBP") == UnitPrice(100_00, "l", in_cents=False)


def by_decimals(amount: int, milli: int, measure: Measure, rules: Rules) -> UnitPrice | None:
    """Work a unit price out in decimal fractions, as one does on paper."""
    per, factor = (measure, 1)
    if rules.metric and measure in {"g", "ml"}:
        per, factor = ("kg" if measure == "g" else "l"), 1000
    exact = Decimal(amount * factor * 1000) / Decimal(milli)
    step, in_cents = Decimal(1), False
    if rules.rounding != "cents" and exact < 100:
        three = rules.rounding == "three-digits" and exact < 10
        step, in_cents = Decimal("0.01") if three else Decimal("0.1"), True
    hundredths = int(exact.quantize(step, rounding=ROUND_HALF_UP) * 100)
    return UnitPrice(hundredths, per, in_cents) if 0 < hundredths <= 9_999_999_900 else None


@given(
    st.integers(1, 99_999_999),
    st.integers(1, 10**9) | st.sampled_from([8, 40, 125, 1000, 24_000, 100_000]),
    st.sampled_from(sorted(MEASURES.values())),
    st.sampled_from(sorted(JURISDICTIONS)),
)
def test_a_unit_price_is_what_decimal_fractions_give(
    amount: int, milli: int, measure: Measure, where: str
) -> None:
    rules = rules_of(where, TODAY)
    with localcontext(prec=60):
        expected = by_decimals(amount, milli, measure, rules)
    assert unit_price(amount, milli, measure, rules, "USD") == expected
