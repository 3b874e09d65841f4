"""Reading cells of price lists."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_service.pricing.imports.cells import (
    amount_reader,
    instant_reader,
    read_date,
    read_gtin,
    read_sku,
    read_text,
)
from cloud_service.pricing.imports.quantity import Quantity, konzum_quantity, printed_quantity
from cloud_service.pricing.imports.rows import RowRefused
from label_templates.contract.identifiers import check_digit

ZAGREB = instant_reader("Europe/Zagreb")
NEW_YORK = instant_reader("America/New_York")


def _utc(year: int, month: int, day: int, hour: int, minute: int = 0) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp())


@given(st.sampled_from([7, 11, 12, 13]), st.data())
def test_a_gtin_is_taken_with_its_check_digit_and_with_no_other(
    size: int, data: st.DataObject
) -> None:
    body = data.draw(st.text("0123456789", min_size=size, max_size=size))
    right = check_digit(body)
    assert read_gtin("gtin", body + right) == body + right
    for wrong in set("0123456789") - {right}:
        with pytest.raises(RowRefused, match="check digit"):
            read_gtin("gtin", body + wrong)


def test_the_gs1_example_has_check_digit_three() -> None:
    assert read_gtin("gtin", "9521234543213") == "9521234543213"


@pytest.mark.parametrize(
    "text", ["3.85E+12", "385033402080", "12345", "３８５０３３４０２０８０２"]
)
def test_a_gtin_that_a_spreadsheet_ruined_is_refused(text: str) -> None:
    with pytest.raises(RowRefused):
        read_gtin("gtin", text)


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


@pytest.mark.parametrize("text", ["", "a b", "-1", "x" * 33, "č"])
def test_a_malformed_sku_is_refused(text: str) -> None:
    with pytest.raises(RowRefused):
        read_sku("sku", text)


def test_a_text_loses_its_hard_and_double_spaces_but_no_letter() -> None:
    assert read_text("name", "KEKS\u00a0 ČOKO") == "KEKS ČOKO"
    for bad in ("", "x" * 121, "a\x00b"):
        with pytest.raises(RowRefused):
            read_text("name", bad)


def test_local_times_are_told_in_the_stores_zone() -> None:
    assert ZAGREB("from", "2026-07-05T06:00") == _utc(2026, 7, 5, 4)
    assert ZAGREB("from", "2026-07-05") == _utc(2026, 7, 4, 22)
    assert NEW_YORK("from", "2026-07-05T06:00") == _utc(2026, 7, 5, 10)


def test_a_time_that_the_clocks_skip_is_the_next_that_exists() -> None:
    assert ZAGREB("from", "2026-03-29T02:30") == _utc(2026, 3, 29, 1)
    assert NEW_YORK("from", "2026-03-08T02:30") == _utc(2026, 3, 8, 7)


def test_a_time_that_happens_twice_must_say_which() -> None:
    with pytest.raises(RowRefused, match=r"twice.*\+02:00.*\+01:00"):
        ZAGREB("from", "2026-10-25T02:30")
    assert ZAGREB("from", "2026-10-25T02:30+02:00") == _utc(2026, 10, 25, 0, 30)
    assert ZAGREB("from", "2026-10-25T02:30+01:00") == _utc(2026, 10, 25, 1, 30)
    with pytest.raises(RowRefused, match="twice"):
        NEW_YORK("from", "2026-11-01T01:30")


def test_a_time_that_no_tile_could_tell_is_refused_and_the_last_day_of_the_calendar_is_not() -> (
    None
):
    assert NEW_YORK("until", "9999-12-31") == _utc(9999, 12, 31, 5)
    # In New York's last evening it is the year 10000 in Greenwich.
    for text in ("9999-12-31T23:59:59", "0001-01-01", "1960-01-01"):
        with pytest.raises(RowRefused, match="outside the years 1970 to 9999"):
            NEW_YORK("until", text)


def test_what_is_no_time_or_date_is_refused() -> None:
    with pytest.raises(RowRefused):
        ZAGREB("from", "tomorrow")
    with pytest.raises(RowRefused):
        read_date("date", "02.05.2025")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.30 kg", Quantity(300, "kg", "300 g")),
        ("0.50 l", Quantity(500, "l", "500 ml")),
        ("10.00 kg", Quantity(10_000, "kg", "10 kg")),
        ("1.50 l", Quantity(1500, "l", "1,5 l")),
        ("20.00 ko", Quantity(20_000, "ea", "20 kom")),
        ("1.00 ko", Quantity(1000, "ea", None)),
        ("0.20 ko", None),
        ("60.02 ko", None),
        ("0.00 kg", None),
        ("2 boxes", None),
    ],
)
def test_a_konzum_quantity_prints_as_a_shelf_says_it(text: str, expected: Quantity | None) -> None:
    assert konzum_quantity(text) == expected


def test_a_printed_size_gives_its_net_content() -> None:
    assert printed_quantity("14.5 oz") == Quantity(14_500, "oz", "14.5 oz")
    assert printed_quantity("33.8 fl oz") == Quantity(33_800, "fl oz", "33.8 fl oz")
    assert printed_quantity("family size") is None
