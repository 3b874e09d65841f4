"""Unit prices in words, for pages and lists; tiles print their own."""

from decimal import Decimal

from babel.numbers import format_currency, format_decimal

from cloud_service.pricing.unit_price import HUNDREDTHS, TENTH, UnitPrice
from label_templates.contract.money import to_major

_MINOR_SIGNS = {"USD": "¢", "GBP": "p"}


def unit_price_words(unit: UnitPrice, currency: str, locale: str) -> str:
    """Return a unit price as printed: `2,38 €/kg`, `14.5¢/oz`."""
    minor = Decimal(unit.hundredths) / HUNDREDTHS
    language = locale.replace("-", "_")
    if unit.in_cents and currency in _MINOR_SIGNS:
        digits = "0.00" if unit.hundredths % TENTH else "0.0"
        cents = format_decimal(minor, format=digits, locale=language)
        return f"{cents}{_MINOR_SIGNS[currency]}/{unit.measure}"
    major = minor * to_major(1, currency)
    return f"{format_currency(major, currency, locale=language)}/{unit.measure}"
