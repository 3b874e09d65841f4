"""Amounts, dates and phrases as a locale prints them (CLDR by babel), and only for printing.

Babel is asked once for a locale's patterns; amounts are then written from integers, exactly and
without its cost for every tile. A test holds both equal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton
from babel.numbers import format_percent, get_currency_symbol
from typing_extensions import override

from label_templates.contract.money import minor_digits
from label_templates.contract.twin import StoreWords
from label_templates.layout.errors import FormatError
from label_templates.layout.phrases import of_language

_MINOR_SYMBOLS = {"GBP": "p", "EUR": "c"}
_NARROW = str.maketrans({"\u202f": "\u00a0", "\u2009": "\u00a0", "\u200e": None, "\u200f": None})
"""Fonts have one no-break space; direction marks are the text run's own affair."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount as printed, whole and in its parts."""

    text: str
    whole: str
    decimals: str
    symbol: str
    symbol_first: bool

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
        self._phrases, self._measures = of_language(self._locale.language)
        self._read_pattern()
        self.money = lru_cache(maxsize=4096)(self._money)
        self.unit_price = lru_cache(maxsize=4096)(self._unit_price)
        self.until = lru_cache(maxsize=256)(self._until)
        self.date = lru_cache(maxsize=256)(self._date)

    @classmethod
    def of(cls, store: StoreWords) -> "Formats":
        """Return how a store prints."""
        return cls(store.currency, store.locale, store.tz)

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by the names templates call them."""
        return {
            "money": self.money,
            "unit_price": self.unit_price,
            "until": self.until,
            "date": self.date,
            "percent": self.percent,
            "phrase": self.phrase,
            "measure": self.measure,
        }

    def percent(self, value: int) -> str:
        """Write whole percents: `25 %` in Croatia, `25%` in the United States."""
        written: str = format_percent(Decimal(value) / 100, locale=self._locale)
        return written.translate(_NARROW)

    def phrase(self, key: str, value: object = "") -> str:
        """Return a fixed phrase with a value in its place."""
        if key not in self._phrases:
            raise FormatError(f"no phrase {key!r}; there are {', '.join(self._phrases)}")
        return self._phrases[key].replace("{}", str(value))

    def measure(self, name: str) -> str:
        """Return a measure as printed: `m²` for m2."""
        return self._measures.get(name, name)

    def _money(self, minor: int) -> Money:
        """Write an amount in minor units."""
        return self._written(minor, self._digits)

    def _unit_price(self, hundredths: int, measure: str, in_cents: bool = False) -> str:
        """Write a unit price given in hundredths of a minor unit: `3,10 €/kg`, `14.5¢/oz`."""
        per = self.measure(measure)
        if in_cents:
            tenths = (hundredths + 5) // 10
            amount = f"{tenths // 10}{self._point}{tenths % 10}"
            return f"{amount}{_MINOR_SYMBOLS.get(self.currency, '¢')}/{per}"
        digits = self._digits + 2
        while digits > self._digits and hundredths % 10 == 0:
            hundredths, digits = hundredths // 10, digits - 1
        return f"{self._written(hundredths, digits).text}/{per}"

    def _date(self, written: str) -> str:
        """Write a calendar day given as 2025-05-02: `2.5.2025.`, `5/2/2025`."""
        return self._day(date.fromisoformat(written), "yMd")

    def _until(self, instant: int) -> str:
        """Write the last day on which something holds that ends at an instant (half-open)."""
        last = datetime.fromtimestamp(instant - 1, UTC).astimezone(self._zone).date()
        return self._day(last, "Md")

    def _day(self, day: date, skeleton: str) -> str:
        text = format_skeleton(skeleton, day, locale=self._locale).translate(_NARROW)
        return _without_zeros(text.replace(". ", ".").replace(".\u00a0", "."))

    def _written(self, amount: int, digits: int) -> Money:
        whole, decimals = str(amount), ""
        if digits:
            whole = whole.rjust(digits + 1, "0")
            whole, decimals = whole[:-digits], whole[-digits:]
        whole = self._grouped(whole)
        number = whole + (self._point + decimals if digits else "")
        text = self._before + number + self._after
        return Money(text, whole, decimals, self._symbol, bool(self._before.strip()))

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
        symbols = locale.number_symbols["latn"]
        self._symbol = get_currency_symbol(currency, locale).translate(_NARROW)
        first = pattern.prefix[0].replace("¤", self._symbol).translate(_NARROW)
        last = pattern.suffix[0].replace("¤", self._symbol).translate(_NARROW)
        self._before = _spaced(first, self._symbol)
        self._after = last
        self._point = symbols.get("currencyDecimal", symbols["decimal"])
        self._group = str(symbols.get("currencyGroup", symbols["group"])).translate(_NARROW)
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


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise FormatError(
            f"unknown time zone {name!r}; expected one such as Europe/Zagreb"
        ) from error
