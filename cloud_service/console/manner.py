"""How a store writes money and time: in its own currency, number format and time zone. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import format_currency, get_currency_symbol, get_decimal_symbol

from label_templates.contract.money import plain, to_major

_DAY_S = 86_400


@dataclass(frozen=True)
class Manner:
    """A store's currency (ISO 4217), locale (BCP 47) and time zone (IANA)."""

    currency: str
    locale: str
    tz: str

    def money(self, minor: int | None) -> str:
        """Write an amount as the store's customers read it: `5,99 €`; a dash for none."""
        if minor is None:
            return "–"
        major = to_major(minor, self.currency)
        return str(format_currency(major, self.currency, locale=self._locale()))

    def plain(self, minor: int | None) -> str:
        """Write an amount for a form's field, without symbol or grouping: `5,99`."""
        if minor is None:
            return ""
        comma = get_decimal_symbol(self._locale()) == ","
        text = plain(minor, self.currency)
        return text.replace(".", ",") if comma else text

    def symbol(self) -> str:
        """Return the currency's sign, `€`."""
        return str(get_currency_symbol(self.currency, locale=self._locale()))

    def instant(self, at: int | None, now: int) -> str:
        """Write an instant in the store's time: the time alone if it was today."""
        if at is None:
            return "–"
        moment = self._moment(at)
        if moment.date() == self._moment(now).date():
            return moment.strftime("%H:%M:%S")
        return f"{moment.day} {moment.strftime('%b %Y, %H:%M')}"

    def iso(self, at: int) -> str:
        """Write an instant for machines, for a time element's datetime."""
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _moment(self, at: int) -> datetime:
        return datetime.fromtimestamp(at, ZoneInfo(self.tz))

    def _locale(self) -> Locale:
        return Locale.parse(self.locale, sep="-")


def percent(old: int, new: int) -> str:
    """Write a step from one amount to another, signed, to a tenth of a percent: `+8.3 %`."""
    step = (Decimal(new - old) * 100 / Decimal(old)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{step:+f} %".replace("-", "−").replace(".0 ", " ")


def ago(at: int | None, now: int) -> str:
    """Write how long ago an instant was, coarsely: `3 minutes ago`."""
    if at is None:
        return "never"
    seconds = max(0, now - at)
    for size, noun in ((_DAY_S, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return f"{seconds // size} {noun}{'' if seconds // size == 1 else 's'} ago"
    return "just now"
