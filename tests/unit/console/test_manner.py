"""Money and time as a store writes them."""

import pytest

from cloud_service.console.manner import Manner, ago, percent
from tests.unit.console.views import NOW

ZAGREB = Manner("EUR", "hr-HR", "Europe/Zagreb")
NEW_YORK = Manner("USD", "en-US", "America/New_York")


def test_money_is_written_in_the_stores_way() -> None:
    assert ZAGREB.money(123456).replace("\xa0", " ") == "1.234,56 €"
    assert NEW_YORK.money(123456) == "$1,234.56"
    assert Manner("JPY", "ja-JP", "Asia/Tokyo").money(500).endswith("500")
    assert ZAGREB.money(None) == "–"


def test_time_is_the_stores() -> None:
    assert ZAGREB.instant(NOW, NOW) == "12:06:40"
    assert NEW_YORK.instant(NOW, NOW) == "06:06:40"


def test_another_day_is_named() -> None:
    assert ZAGREB.instant(NOW - 86_400, NOW) == "17 Nov 2026, 12:06"


def test_midnight_parts_the_days_of_the_store_and_not_of_utc() -> None:
    midnight = NOW - (12 * 3600 + 6 * 60 + 40)

    assert ZAGREB.instant(midnight, NOW) == "00:00:00"
    assert ZAGREB.instant(midnight - 1, NOW) == "17 Nov 2026, 23:59"


@pytest.mark.parametrize(
    ("old", "new", "written"),
    [(200, 210, "+5 %"), (300, 310, "+3.3 %"), (100, 1000, "+900 %"), (1000, 999, "−0.1 %")],
)
def test_a_percentage_has_its_sign_and_at_most_a_tenth(old: int, new: int, written: str) -> None:
    assert percent(old, new) == written


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0, "just now"), (60, "1 minute ago"), (7300, "2 hours ago"), (86_400, "1 day ago")],
)
def test_how_long_ago_is_told_coarsely(seconds: int, written: str) -> None:
    assert ago(NOW - seconds, NOW) == written


def test_what_never_happened_is_never() -> None:
    assert ago(None, NOW) == "never"
