"""Amounts as lists write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_service.pricing.imports.amounts import amount_reader
from cloud_service.pricing.imports.rows import Decimals, RowRefused

CENTS = st.integers(1, 99_999_999)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-1.99", "negative"),
        ("0.00", "above zero"),
        ("99999999.00", "too large"),
        ("1.999", "decimals"),
        ("1,99", "decimal point"),
        ("abc", "not an amount"),
        ("", "not an amount"),
        ("1e3", "not an amount"),
    ],
)
def test_an_absurd_amount_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(RowRefused, match=reason) as refused:
        amount_reader("EUR")("price", text)
    assert (refused.value.column, refused.value.value) == ("price", text)


def test_amounts_are_read_in_the_currencys_minor_units() -> None:
    assert amount_reader("EUR")("price", "3.9") == 390
    assert amount_reader("JPY")("price", "390") == 390
    assert amount_reader("KWD")("price", "0.390") == 390


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1,99", 199),
        ("1.99", 199),
        ("1,9", 190),
        ("0,125", None),
        ("1.234,50", 123_450),
        ("1 234,50", 123_450),
        ("1\u00a0234.50", 123_450),
        ("1'234.50", 123_450),
        ("12.345,6", 1_234_560),
        ("1234,50", 123_450),
        ("7", 700),
        ("1,234.50", None),
        ("1,234", None),
        ("1.234", None),
        ("1.23,4.5", None),
        ("12.34,50", None),
        ("1,2,3", None),
        ("1,", None),
        (",5", None),
        ("-1,99", None),
        ("1,99 €", None),
    ],
)
def test_an_amount_whose_file_says_nothing_is_read_where_it_means_one_thing(
    text: str, minor: int | None
) -> None:
    read = amount_reader("EUR", "either")
    if minor is not None:
        assert read("price", text) == minor
        return
    with pytest.raises(RowRefused) as refused:
        read("price", text)
    assert refused.value.value == text


def test_an_ambiguous_amount_says_what_to_do_about_it() -> None:
    for text in ("1,234.50", "1,234", "1.234"):
        with pytest.raises(RowRefused, match="say which sign its decimals have"):
            amount_reader("EUR", "either")("price", text)


@pytest.mark.parametrize(
    ("decimals", "text", "minor"),
    [
        ("comma", "1.234", 123_400),
        ("comma", "1,2", 120),
        ("point", "1,234", 123_400),
        ("point", "1,234.50", 123_450),
        ("point", "1.2", 120),
        ("comma", "1.99", None),
        ("point", "1,99", None),
        ("plain", "1,234.50", None),
    ],
)
def test_what_was_said_of_the_decimals_holds(
    decimals: Decimals, text: str, minor: int | None
) -> None:
    read = amount_reader("EUR", decimals)
    if minor is not None:
        assert read("price", text) == minor
        return
    with pytest.raises(RowRefused):
        read("price", text)


@given(CENTS, st.sampled_from([("comma", ".", ","), ("point", ",", ".")]))
def test_a_grouped_amount_is_what_it_would_be_without_groups(
    minor: int, signs: tuple[Decimals, str, str]
) -> None:
    decimals, group, sign = signs
    american = f"{Decimal(minor) / 100:,.2f}"
    text = american.translate({ord(","): group, ord("."): sign})
    assert amount_reader("EUR", decimals)("price", text) == minor


@given(CENTS)
def test_a_decimal_comma_is_read_without_being_told(minor: int) -> None:
    european = f"{Decimal(minor) / 100:,.2f}".translate({ord(","): ".", ord("."): ","})
    assert amount_reader("EUR", "either")("price", european) == minor


def test_amounts_may_be_whole_numbers_of_the_smallest_unit() -> None:
    read = amount_reader("EUR", "either", minor=True)
    assert read("price", "199") == 199
    for text in ("1.99", "1,99", "", "0", "-5", "1e3"):
        with pytest.raises(RowRefused):
            read("price", text)
