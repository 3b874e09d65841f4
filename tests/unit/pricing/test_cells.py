"""Reading cells of price lists."""

from datetime import UTC, datetime

import pytest

from cloud_service.pricing.imports.cells import date_reader, instant_reader, read_sku, read_text
from cloud_service.pricing.imports.rows import RowRefused

ZAGREB = instant_reader("Europe/Zagreb")
NEW_YORK = instant_reader("America/New_York")


def _utc(year: int, month: int, day: int, hour: int, minute: int = 0) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp())


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
        date_reader()("date", "02.05.2025")


def test_times_and_dates_may_be_written_in_other_ways_that_are_told() -> None:
    forms = ("%d.%m.%Y. %H:%M", "%d.%m.%Y.")
    read = instant_reader("Europe/Zagreb", forms)
    assert read("from", "05.07.2026. 06:00") == _utc(2026, 7, 5, 4)
    assert read("from", "05.07.2026.") == read("from", "2026-07-05") == _utc(2026, 7, 4, 22)
    assert date_reader(forms)("date", "02.05.2025.") == "2025-05-02"
    with pytest.raises(RowRefused, match=r"no time such as 05\.07\.2026\. 06:00"):
        read("from", "5 July")


def test_a_last_day_is_over_at_its_end() -> None:
    read = instant_reader("Europe/Zagreb", ("%d.%m.%Y",), last_day=True)
    assert read("until", "05.07.2026") == _utc(2026, 7, 5, 22)
    assert read("until", "2026-07-05T06:00") == _utc(2026, 7, 5, 4)
    # The day on which the clocks are set back has 25 hours.
    assert read("until", "25.10.2026") - read("until", "24.10.2026") == 25 * 3600


def test_a_last_day_that_ends_with_the_calendar_is_refused() -> None:
    with pytest.raises(RowRefused, match="outside the years 1970 to 9999"):
        instant_reader("Europe/Zagreb", last_day=True)("until", "9999-12-31")


@pytest.mark.parametrize("text", ['="00123"', "'00123", "00123"])
def test_a_sku_that_a_spreadsheet_was_made_to_keep_keeps_its_zeros(text: str) -> None:
    assert read_sku("sku", text) == "00123"


def test_a_sku_in_powers_of_ten_is_named_as_what_a_spreadsheet_did() -> None:
    with pytest.raises(RowRefused, match="powers of ten; give the column the format Text"):
        read_sku("sku", "1E+05")


def test_a_formula_that_failed_is_no_name() -> None:
    with pytest.raises(RowRefused, match="formula failed"):
        read_text("name", "#REF!")
    assert read_text("name", "#1 Ketchup") == "#1 Ketchup"
