"""Amounts, dates and phrases as a locale prints them (CLDR by babel), and only for printing.

Babel is asked once for a locale's patterns; amounts are then written from integers, exactly and
without its cost for every tile. A test holds both equal. Digits are those of the locale's default
numbering system, in amounts, days and counts alike: `١٢٫٥٠` in Egypt, `12.50` in the Emirates.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_skeleton
from babel.numbers import format_percent, get_currency_symbol
from typing_extensions import override

from label_templates.contract.identifiers import digital_link
from label_templates.contract.money import minor_digits
from label_templates.contract.twin import StoreWords
from label_templates.layout.direction import RIGHT_TO_LEFT, Reading
from label_templates.layout.errors import FormatError
from label_templates.layout.phrases import wording

_HAN = frozenset({"ja", "ko", "zh-Hans", "zh-Hant"})
_MINOR_SYMBOLS = {"GBP": "p", "EUR": "c"}
_FIGURES = {
    "latn": {},
    "arab": str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"),
    "arabext": str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"),
}
"""Numbering systems that there are fonts for; a locale of another one has Latin digits."""
_NARROW = str.maketrans({"\u202f": "\u00a0", "\u2009": "\u00a0", "\uffe5": "¥"})
"""Fonts have one no-break space, and a yen sign that goes with their digits."""
_MARKS = str.maketrans(dict.fromkeys("\u200e\u200f\u061c"))


class Money(NamedTuple):
    """An amount as printed, whole and in its parts."""

    text: str
    whole: str
    decimals: str
    symbol: str
    symbol_first: bool
    """Whether it stands left of the digits, whichever way the locale reads."""

    @override
    def __str__(self) -> str:
        """Write the amount in one piece."""
        return self.text


class Formats:
    """How one store prints. Every method is a filter of the templates."""

    def __init__(self, currency: str, locale: str, tz: str) -> None:
        self.currency = currency
        self._locale = _locale(locale)
        self._zone = _zone(tz)
        self._digits = minor_digits(currency)
        self.wording = wording(*_subtags(self._locale))
        self._read_pattern()
        self.money = lru_cache(maxsize=4096)(self._money)
        self.unit_price = lru_cache(maxsize=4096)(self._unit_price)
        self.until = lru_cache(maxsize=256)(self._until)
        self.date = lru_cache(maxsize=256)(self._date)
        self.day = lru_cache(maxsize=256)(self._near)
        self.percent = lru_cache(maxsize=128)(self._percents)

    @classmethod
    def of(cls, store: StoreWords) -> "Formats":
        """Return how a store prints."""
        return cls(store.currency, store.locale, store.tz)

    @property
    def reading(self) -> Reading:
        """Return which way the store reads, and whose ideographs it does."""
        language, script, _ = _subtags(self._locale)
        han = f"{language}-{script}" if language == "zh" else language
        rtl = self._locale.text_direction == "rtl"
        return Reading(rtl, han if han in _HAN else "")

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by the names templates call them."""
        return {
            "money": self.money,
            "short_money": self.short_money,
            "unit_price": self.unit_price,
            "until": self.until,
            "date": self.date,
            "day": self.day,
            "percent": self.percent,
            "phrase": self.phrase,
            "measure": self.measure,
            "digital_link": digital_link,
        }

    def _percents(self, value: int) -> str:
        """Write whole percents: `25 %` in Croatia, `25%` in the United States."""
        written: str = format_percent(Decimal(value) / 100, locale=self._locale)
        return self._figured(written.translate(_NARROW).replace("%", self._percent))

    def _figured(self, text: str) -> str:
        """Return a text with the locale's digits."""
        return text.translate(self._figures) if self._figures else text

    def phrase(self, key: str, *values: object) -> str:
        """Return a fixed phrase with values in its places."""
        phrases = self.wording.phrases
        if key not in phrases:
            raise FormatError(f"no phrase {key!r}; there are {', '.join(phrases)}")
        first, *others = phrases[key].split("{}")
        if len(others) != len(values):
            raise FormatError(f"phrase {key!r} takes {len(others)} values, not {len(values)}")
        pairs = zip(map(self._value, values), others, strict=True)
        return "".join([first, *(value + after for value, after in pairs)])

    def _value(self, value: object) -> str:
        return self._figured(str(value)) if isinstance(value, int) else str(value)

    def measure(self, name: str) -> str:
        """Return a measure as printed: `m²` for m2."""
        return self.wording.measures.get(name, name)

    def short_money(self, minor: int) -> Money:
        """Write an amount in minor units, without decimals where they are zero: `$5`."""
        whole, rest = divmod(minor, 10**self._digits)
        return self.money(minor) if rest else self._written(whole, 0)

    def _money(self, minor: int) -> Money:
        """Write an amount in minor units."""
        return self._written(minor, self._digits)

    def _unit_price(self, hundredths: int, measure: str, in_cents: bool = False) -> str:
        """Write a unit price given in hundredths of a minor unit: `3,10 €/kg`, `14.5¢/oz`.

        Minor units have as many decimals as were asked for by law, one at least: `2.53¢/oz`.
        """
        per = self.measure(measure)
        if in_cents:
            whole, part = divmod(hundredths, 100)
            amount = f"{whole}{self._point}{part:02}".removesuffix("0")
            return f"{self._figured(amount)}{_MINOR_SYMBOLS.get(self.currency, '¢')}/{per}"
        digits = self._digits + 2
        while digits > self._digits and hundredths % 10 == 0:
            hundredths, digits = hundredths // 10, digits - 1
        return f"{self._written(hundredths, digits).text}/{per}"

    def _date(self, written: str) -> str:
        """Write a calendar day given as 2025-05-02: `2.5.2025.`, `5/2/2025`."""
        return self._day(date.fromisoformat(written), "yMd")

    def _near(self, written: str, weekday: bool = False) -> str:
        """Write a day of these months, given as 2025-05-02: `2.5.`, with its weekday `Fri, 5/2`."""
        return self._day(date.fromisoformat(written), "MEd" if weekday else "Md")

    def _until(self, instant: int) -> str:
        """Write the last day on which something holds that ends at an instant (half-open)."""
        last = datetime.fromtimestamp(instant - 1, UTC).astimezone(self._zone).date()
        return self._day(last, "Md")

    def _day(self, day: date, skeleton: str) -> str:
        text = format_skeleton(skeleton, day, locale=self._locale).translate(_NARROW)
        text = _without_zeros(text.replace(". ", ".").replace(".\u00a0", "."))
        return self._figured(text)

    def _written(self, amount: int, digits: int) -> Money:
        whole, decimals = str(amount), ""
        if digits:
            whole = whole.rjust(digits + 1, "0")
            whole, decimals = whole[:-digits], whole[-digits:]
        whole, decimals = self._figured(self._grouped(whole)), self._figured(decimals)
        number = whole + (self._point + decimals if digits else "")
        text = self._before + number + self._after
        return Money(text, whole, decimals, self._symbol, self._symbol_first)

    def _grouped(self, whole: str) -> str:
        first, others = self._grouping
        groups, rest = [whole[-first:]], whole[:-first]
        while rest:
            groups.append(rest[-others:])
            rest = rest[:-others]
        return self._group.join(reversed(groups))

    def _read_pattern(self) -> None:
        locale, currency = self._locale, self.currency
        pattern = locale.currency_formats["standard"]
        system = locale.default_numbering_system
        system = system if system in _FIGURES else "latn"
        self._figures = _FIGURES[system]
        symbols = locale.number_symbols[system]
        symbol = get_currency_symbol(currency, locale).translate(_NARROW)
        self._symbol = symbol.translate(_MARKS)
        first, last = (part[0].translate(_NARROW) for part in (pattern.prefix, pattern.suffix))
        self._symbol_first = ("¤" in first) != (RIGHT_TO_LEFT in first + last)
        self._before = _spaced(first.replace("¤", symbol), symbol)
        self._after = last.replace("¤", symbol)
        self._point = symbols.get("currencyDecimal", symbols["decimal"])
        self._group = str(symbols.get("currencyGroup", symbols["group"])).translate(_NARROW)
        self._percent = str(symbols["percentSign"]).translate(_MARKS)
        self._grouping = pattern.grouping


def _spaced(before: str, symbol: str) -> str:
    """Keep a code of letters away from the digits: `KWD 4.250` (CLDR currencySpacing)."""
    if before.endswith(symbol) and symbol[-1].isalpha():
        return before + "\u00a0"
    return before


def _without_zeros(text: str) -> str:
    """Drop leading zeros of days and months, as shops write them; ISO 8601 keeps its own."""
    if "-" in text:
        return text
    parts = []
    for index, letter in enumerate(text):
        leads = letter == "0" and (index == 0 or not text[index - 1].isdigit())
        if not (leads and text[index + 1 : index + 2].isdigit()):
            parts.append(letter)
    return "".join(parts)


def _locale(name: str) -> Locale:
    try:
        return Locale.parse(name, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise FormatError(f"unknown locale {name!r}; expected one such as hr-HR") from error


def _subtags(locale: Locale) -> tuple[str, str, str]:
    """Return language, script and territory; the likely ones (CLDR) where the locale is silent."""
    likely: Mapping[str, str] = get_global("likely_subtags")
    parts = [locale.language, locale.script, locale.territory]
    tried = ("_".join(filter(None, parts)), locale.language)
    whole = next((likely[tag] for tag in tried if tag in likely), "__")
    _, script, territory = whole.split("_")[:3]
    return locale.language, locale.script or script, locale.territory or territory


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise FormatError(
            f"unknown time zone {name!r}; expected one such as Europe/Zagreb"
        ) from error
