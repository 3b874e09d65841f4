"""Steps from price to price, and what people write into a price's field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_service.console.manner import Manner
from cloud_service.console.price_step import PriceStep, read_price
from label_templates.contract.money import MAX_AMOUNT_MINOR

ZAGREB = Manner("EUR", "hr-HR", "Europe/Zagreb")
NEW_YORK = Manner("USD", "en-US", "America/New_York")
TOKYO = Manner("JPY", "ja-JP", "Asia/Tokyo")
KUWAIT = Manner("KWD", "ar-KW", "Asia/Kuwait")

amounts = st.integers(1, MAX_AMOUNT_MINOR)


def test_a_step_says_old_new_and_percent() -> None:
    assert PriceStep(599, 649).words(NEW_YORK) == "$5.99 → $6.49 (+8.3 %)"


def test_a_decrease_is_signed_with_a_real_minus() -> None:
    assert PriceStep(1000, 750).words(NEW_YORK) == "$10.00 → $7.50 (−25 %)"


def test_a_first_price_has_no_percent() -> None:
    assert PriceStep(None, 199).words(NEW_YORK) == "First price $1.99"
    assert PriceStep(None, 199).question(NEW_YORK) == ""


@pytest.mark.parametrize(
    ("old", "new", "large"),
    [(200, 299, False), (200, 300, True), (200, 101, False), (200, 100, True), (1, 2, True)],
)
def test_a_step_of_half_or_more_is_asked_about(old: int, new: int, *, large: bool) -> None:
    assert bool(PriceStep(old, new).question(NEW_YORK)) is large


@pytest.mark.parametrize(("old", "new"), [(189, 1890), (1890, 189), (599, 5999)])
def test_a_slip_of_the_decimal_point_is_asked_about_by_name(old: int, new: int) -> None:
    assert "decimal point" in PriceStep(old, new).question(NEW_YORK)


@given(amounts, amounts)
def test_every_ten_fold_step_is_asked_about(old: int, new: int) -> None:
    if max(old, new) >= 10 * min(old, new):
        assert PriceStep(old, new).question(NEW_YORK)


@pytest.mark.parametrize("text", ["6.49", "6,49", " 6,49 € ", "€6.49", "6.49 EUR"])
def test_a_price_is_read_as_people_write_it(text: str) -> None:
    assert read_price(text, ZAGREB).minor == 649


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Enter the new price"),
        ("  ", "Enter the new price"),
        ("abc", "not an amount"),
        ("-1", "negative"),
        ("0", "not above zero"),
        ("1.999", "more decimals"),
        ("1.234,50", "not an amount"),
        ("99999999", "too large"),
    ],
)
def test_what_is_no_price_is_refused_with_the_reason(text: str, reason: str) -> None:
    read = read_price(text, ZAGREB)

    assert read.minor is None
    assert reason in read.wrong


@pytest.mark.parametrize("manner", [ZAGREB, NEW_YORK, TOKYO, KUWAIT])
@given(minor=amounts)
def test_a_price_that_is_shown_in_the_field_is_read_back_the_same(
    manner: Manner, minor: int
) -> None:
    assert read_price(manner.plain(minor), manner).minor == minor
