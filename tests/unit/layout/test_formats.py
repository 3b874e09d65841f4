"""Amounts and days are printed as CLDR says, from integers, whatever the currency."""

from decimal import Decimal

import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from label_templates.contract.money import minor_digits
from label_templates.layout.errors import FormatError
from label_templates.layout.formats import Formats

ZAGREB, NEW_YORK = "Europe/Zagreb", "America/New_York"
LOCALES = ["hr-HR", "en-US", "de-DE", "de-CH", "de-AT", "fr-FR", "it-IT", "nl-NL", "en-IN", "ja-JP",
           "he-IL", "ar-AE", "ar-EG", "fa-IR", "ru-RU", "el-GR", "th-TH", "ko-KR", "zh-TW",
           "sv-SE", "tr-TR", "vi-VN", "bg-BG"]  # fmt: skip
_MARKS = str.maketrans(dict.fromkeys("\u200e\u200f"))
_LATIN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_BLANKS = str.maketrans({"\u202f": None, "\xa0": None, "￥": "¥"})


@given(
    st.integers(1, 99_999_999),
    st.sampled_from(["EUR", "USD", "JPY", "KWD", "CHF"]),
    st.sampled_from(LOCALES),
)
def test_an_amount_reads_as_babel_writes_it(minor: int, currency: str, locale: str) -> None:
    amount = Decimal(minor).scaleb(-minor_digits(currency))
    expected = format_currency(
        amount, currency, locale=locale.replace("-", "_"), numbering_system="default"
    )
    ours = Formats(currency, locale, ZAGREB).money(minor)
    assert ours.text.translate(_LATIN).translate(_BLANKS) == expected.translate(_BLANKS)


def test_an_amount_comes_in_the_parts_a_label_sets_apart() -> None:
    euro = Formats("EUR", "hr-HR", ZAGREB).money(123_456)
    assert (euro.whole, euro.decimals, euro.symbol, euro.symbol_first) == (
        "1.234",
        "56",
        "€",
        False,
    )
    dollar = Formats("USD", "en-US", NEW_YORK).money(9)
    assert (dollar.whole, dollar.decimals, dollar.symbol_first) == ("0", "09", True)
    assert Formats("JPY", "en-US", NEW_YORK).money(1280).decimals == ""
    assert Formats("KWD", "en-US", NEW_YORK).money(4250).decimals == "250"


def test_zero_decimals_may_be_left_out() -> None:
    american = Formats("USD", "en-US", NEW_YORK)
    assert [str(american.short_money(minor)) for minor in (500, 550, 5)] == ["$5", "$5.50", "$0.05"]
    assert Formats("EUR", "hr-HR", ZAGREB).short_money(300).text == "3\xa0€"
    assert Formats("JPY", "en-US", NEW_YORK).short_money(1280).text == "¥1,280"


@pytest.mark.parametrize(
    ("hundredths", "in_cents", "printed"),
    [
        (1450, True, "14.5¢/oz"),
        (5010, True, "50.1¢/oz"),
        (10_100, False, "$1.01/oz"),
        (1400, True, "14.0¢/oz"),
        (253, True, "2.53¢/oz"),
    ],
)
def test_a_unit_price_reads_as_new_jersey_and_connecticut_ask(
    hundredths: int, in_cents: bool, printed: str
) -> None:
    assert Formats("USD", "en-US", NEW_YORK).unit_price(hundredths, "oz", in_cents) == printed


def test_a_unit_price_names_its_measure_in_the_shops_language() -> None:
    croatian = Formats("EUR", "hr-HR", ZAGREB)
    assert croatian.unit_price(31_000, "kg") == "3,10\xa0€/kg"
    assert croatian.unit_price(5000, "ea") == "0,50\xa0€/kom"
    assert croatian.unit_price(5050, "m2") == "0,505\xa0€/m²"


def test_a_reference_day_is_written_as_shops_write_it() -> None:
    assert Formats("EUR", "hr-HR", ZAGREB).date("2025-05-02") == "2.5.2025."
    assert Formats("USD", "en-US", NEW_YORK).date("2025-05-02") == "5/2/2025"
    assert Formats("EUR", "sv-SE", ZAGREB).date("2025-05-02") == "2025-05-02"


def test_a_near_day_is_written_without_its_year_and_with_its_weekday_where_asked() -> None:
    croatia, america = Formats("EUR", "hr-HR", ZAGREB), Formats("USD", "en-US", NEW_YORK)
    assert (croatia.day("2026-12-05"), america.day("2026-12-05")) == ("5.12.", "12/5")
    assert croatia.day("2026-12-05", weekday=True) == "sub, 5.12."
    assert america.day("2026-12-05", weekday=True) == "Sat, 12/5"


def test_a_promotion_that_ends_at_midnight_is_on_until_the_day_before() -> None:
    midnight = 1_751_752_800  # 6 July 2025, 00:00 in Zagreb; 5 July, 18:00 in New York
    assert Formats("EUR", "hr-HR", ZAGREB).until(midnight) == "5.7."
    assert Formats("EUR", "hr-HR", ZAGREB).until(midnight + 1) == "6.7."
    assert Formats("USD", "en-US", NEW_YORK).until(midnight) == "7/5"


def test_an_unknown_locale_zone_or_phrase_is_named() -> None:
    with pytest.raises(FormatError, match="xx-XX"):
        Formats("EUR", "xx-XX", ZAGREB)
    with pytest.raises(FormatError, match="Europe/Atlantis"):
        Formats("EUR", "hr-HR", "Europe/Atlantis")
    with pytest.raises(FormatError, match="no phrase 'greeting'"):
        Formats("EUR", "hr-HR", ZAGREB).phrase("greeting")


def test_digits_are_those_of_the_locale_in_prices_days_and_counts() -> None:
    egypt = Formats("EGP", "ar-EG", "Africa/Cairo")
    pounds = egypt.money(123_450)
    assert (pounds.whole, pounds.decimals, pounds.symbol) == ("١٬٢٣٤", "٥٠", "ج.م.")
    assert egypt.percent(25) == "٢٥٪"
    assert egypt.date("2025-07-05").translate(_MARKS) == "٥/٧/٢٠٢٥"
    assert egypt.unit_price(1450, "kg", True).startswith("١٤٫٥¢")
    assert "٢" in egypt.phrase("must-buy", 2)
    emirates = Formats("AED", "ar-AE", "Asia/Dubai")
    assert emirates.money(123_450).whole == "1,234"
    assert Formats("IRR", "fa-IR", "Asia/Tehran").money(125).decimals == "۲۵"
    assert Formats("BDT", "bn-BD", "Asia/Dhaka").money(123_450).whole == "1,234"


def test_kuwait_has_three_decimals_and_japan_none() -> None:
    assert Formats("KWD", "ar-KW", "Asia/Kuwait").money(4250).decimals == "٢٥٠"
    yen = Formats("JPY", "ja-JP", "Asia/Tokyo").money(1280)
    assert (yen.text, yen.decimals, yen.symbol) == ("¥1,280", "", "¥")


@pytest.mark.parametrize(
    ("currency", "locale", "left"),
    [
        ("ILS", "he-IL", True),
        ("AED", "ar-AE", True),
        ("IRR", "fa-IR", True),
        ("PKR", "ur-PK", True),
        ("USD", "en-US", True),
        ("EUR", "hr-HR", False),
    ],
)
def test_the_symbol_stands_on_the_side_where_readers_see_it(
    currency: str, locale: str, left: bool
) -> None:
    assert Formats(currency, locale, ZAGREB).money(1290).symbol_first is left


def test_an_amount_keeps_the_marks_that_turn_it() -> None:
    assert Formats("ILS", "he-IL", ZAGREB).money(1290).text == "\u200f12.90\xa0\u200f₪"


def test_a_language_without_phrases_reads_english() -> None:
    basque = Formats("EUR", "eu-ES", "Europe/Madrid")
    assert basque.phrase("must-buy", 2) == "Must buy 2"
    assert basque.money(199).text == "1,99\xa0€"
