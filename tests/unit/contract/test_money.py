"""Money is integer minor units."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_templates.contract import money
from label_templates.contract.errors import MoneyError


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1.99", "EUR", 199),
        ("1,99", "EUR", 199),
        ("2", "USD", 200),
        ("150", "JPY", 150),
        ("1.234", "KWD", 1234),
    ],
)
def test_an_amount_is_read_in_the_currencys_minor_units(
    text: str, currency: str, minor: int
) -> None:
    assert money.parse_amount(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-1.99", "negative"),
        ("0", "above zero"),
        ("0.00", "above zero"),
        ("1.999", "more decimals"),
        ("1e3", "not an amount"),
        ("1.234,56", "not an amount"),
        ("abc", "not an amount"),
        ("", "not an amount"),
        ("9999999999", "too large"),
        ("nan", "not an amount"),
    ],
)
def test_what_is_no_price_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(MoneyError, match=reason):
        money.parse_amount(text, "EUR")


@given(st.integers(1, money.MAX_AMOUNT_MINOR), st.sampled_from(["EUR", "USD", "JPY", "KWD"]))
def test_an_amount_written_and_read_loses_nothing(minor: int, currency: str) -> None:
    assert money.parse_amount(money.plain(minor, currency), currency) == minor


@pytest.mark.parametrize(("value", "rounded"), [("0.5", 1), ("1.5", 2), ("2.4999", 2), ("2.5", 3)])
def test_halves_are_rounded_up(value: str, rounded: int) -> None:
    assert money.round_half_up(Decimal(value)) == rounded


@pytest.mark.parametrize("text", ["eur", "EURO", "€", ""])
def test_what_is_no_currency_is_refused(text: str) -> None:
    with pytest.raises(MoneyError):
        money.parse_currency(text)
