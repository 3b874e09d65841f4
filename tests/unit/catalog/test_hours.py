"""Opening hours and business days, over clock changes, in Zagreb and New York."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_service.catalog.hours import (
    OpeningHours,
    happens_twice,
    instant_of,
    parse_exceptions,
    parse_week,
)

ZAGREB, NEW_YORK = "Europe/Zagreb", "America/New_York"
WEEK = parse_week(["07:00-21:00"] * 5 + ["07:00-14:00 16:00-22:00", ""])
SHOP = OpeningHours(ZAGREB, WEEK)


def at(text: str, tz: str = ZAGREB) -> int:
    return instant_of(datetime.fromisoformat(text), tz)


@pytest.mark.parametrize(
    ("local", "is_open"),
    [
        ("2026-11-26T06:59", False),
        ("2026-11-26T07:00", True),
        ("2026-11-26T20:59", True),
        ("2026-11-26T21:00", False),
        ("2026-11-28T15:00", False),
        ("2026-11-28T16:00", True),
        ("2026-11-29T12:00", False),
    ],
)
def test_a_store_is_open_in_its_half_open_hours(local: str, is_open: bool) -> None:
    assert SHOP.open_at(at(local)) is is_open


def test_a_store_that_closes_after_midnight_is_open_then() -> None:
    bar = OpeningHours(ZAGREB, parse_week(["18:00-02:00"] * 7))
    assert bar.open_at(at("2026-11-26T01:59"))
    assert not bar.open_at(at("2026-11-26T02:00"))


def test_a_store_without_hours_is_never_open() -> None:
    assert not OpeningHours(ZAGREB).open_at(at("2026-11-26T12:00"))
    assert OpeningHours(ZAGREB).next_closing(at("2026-11-26T12:00")) is None


def test_the_next_closing_skips_a_closed_day() -> None:
    assert SHOP.next_closing(at("2026-11-28T22:00")) == at("2026-11-30T21:00")


def test_a_night_belongs_to_the_business_day_before() -> None:
    assert SHOP.business_day(at("2026-11-26T03:59")) == date(2026, 11, 25)
    assert SHOP.business_day(at("2026-11-26T04:00")) == date(2026, 11, 26)


def test_0130_happens_twice_in_autumn_and_fold_says_which() -> None:
    first = datetime.fromisoformat("2026-11-01T01:30")
    assert happens_twice(first, NEW_YORK)
    assert instant_of(first.replace(fold=1), NEW_YORK) - instant_of(first, NEW_YORK) == 3600
    assert not happens_twice(datetime.fromisoformat("2026-11-01T03:30"), NEW_YORK)


@pytest.mark.parametrize(
    ("skipped", "next_one", "tz"),
    [
        ("2026-03-29T02:30", "2026-03-29T03:00", ZAGREB),
        ("2026-03-08T02:30", "2026-03-08T03:00", NEW_YORK),
    ],
)
def test_0230_does_not_exist_in_spring_and_is_the_next_instant(
    skipped: str, next_one: str, tz: str
) -> None:
    assert at(skipped, tz) == at(next_one, tz)
    assert not happens_twice(datetime.fromisoformat(skipped), tz)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001  local times
    st.sampled_from([ZAGREB, NEW_YORK]),
)
def test_business_days_follow_each_other_without_gap_or_overlap(local: datetime, tz: str) -> None:
    hours = OpeningHours(tz, day_begins=time(4))
    instant = instant_of(local, tz)
    day = hours.business_day(instant)
    begins = hours.business_day_begins(day)
    following = hours.business_day_begins(date.fromordinal(day.toordinal() + 1))
    assert begins <= instant < following
    assert following - begins in {23 * 3600, 24 * 3600, 25 * 3600}


@given(st.integers(1_790_000_000, 1_800_000_000), st.integers(1, 3 * 86_400))
def test_a_span_overlaps_the_hours_where_any_of_its_instants_is_open(
    since: int, length: int
) -> None:
    instants = range(since, since + length, 60)
    if any(SHOP.open_at(instant) for instant in instants):
        assert SHOP.overlap(since, since + length)


def test_a_holiday_goes_otherwise_than_its_weekday() -> None:
    days = parse_exceptions({"2026-12-25": "", "2026-12-24": "07:00-13:00"})
    shop = OpeningHours(ZAGREB, WEEK, exceptions=days)
    assert shop.open_at(at("2026-12-24T12:59"))
    assert not shop.open_at(at("2026-12-24T13:00"))
    assert not shop.open_at(at("2026-12-25T12:00"))
    assert shop.next_closing(at("2026-12-24T13:00")) == at("2026-12-26T14:00")


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        ({"25.12.2026": ""}, "'25.12.2026' is no day such as 2026-12-25"),
        ({"2026-12-24": "7-13"}, "2026-12-24: '7-13' is no span such as 08:00-21:00"),
    ],
)
def test_a_wrong_holiday_is_named(days: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_exceptions(days)


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        (["08:00-20:00"] * 6, "a week has 7 days, 6 are given"),
        (["8-20"] + [""] * 6, "day 1: '8-20' is no span such as 08:00-21:00"),
    ],
)
def test_wrong_hours_are_named(days: list[str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_week(days)
