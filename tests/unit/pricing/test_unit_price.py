"""Unit prices, with the worked examples of the law."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_service.pricing.rules import rules_of
from cloud_service.pricing.unit_price import UnitPrice, unit_price
from cloud_service.pricing.wording import unit_price_words

NEW_JERSEY = rules_of("US-NJ")
CROATIA = rules_of("HR")


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
    found = unit_price(amount, milli, "oz", rules_of(where), "USD")
    if found is None:
        return
    step = 10 if found.in_cents else 100
    assert abs(found.hundredths * milli - amount * 100_000) * 2 <= step * milli


def test_a_jurisdiction_falls_back_to_its_country_and_then_to_the_united_states() -> None:
    assert rules_of("HR-21") == rules_of("HR")
    assert rules_of("US-CT") == rules_of("US") == rules_of("ZZ")
    assert rules_of("GB-NIR").rounding == "cents-tenth"
    assert rules_of("GB-SCT").rounding == "cents"
