"""Money in integer minor units. Never a float; halves are rounded up (away from zero).

Minor unit digits: ISO 4217, table A.1. Currencies not listed here have two.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import AfterValidator

from label_templates.contract.errors import MoneyError

_DIGITS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}
_CODE = re.compile(r"[A-Z]{3}")
_AMOUNT = re.compile(r"[0-9]{1,12}([.,][0-9]+)?")

MAX_AMOUNT_MINOR = 99_999_999
"""No shelf price is higher; what is, is a slip of the keyboard."""


def parse_currency(text: str) -> str:
    """Return an ISO 4217 code, such as EUR."""
    if not _CODE.fullmatch(text):
        raise MoneyError(f"{text!r} is no currency; expected three capital letters such as EUR")
    return text


Currency = Annotated[str, AfterValidator(parse_currency)]


def minor_digits(currency: str) -> int:
    """Return how many decimals the currency has: 2 for EUR, 0 for JPY, 3 for KWD."""
    return _DIGITS.get(currency, 2)


def parse_amount(text: str, currency: str) -> int:
    """Read a positive amount written in major units, `1.99` or `1,99`, as minor units.

    Raises MoneyError where it is no number, not above zero, too large, or finer than the currency.
    """
    stripped = text.strip()
    if stripped.startswith("-"):
        raise MoneyError(f"{text!r} is negative")
    if not _AMOUNT.fullmatch(stripped):
        raise MoneyError(f"{text!r} is not an amount such as 1.99")
    minor = Decimal(stripped.replace(",", ".")).scaleb(minor_digits(currency))
    if minor != minor.to_integral_value():
        raise MoneyError(f"{text!r} has more decimals than {currency} has")
    return check_amount(int(minor), text)


def check_amount(minor: int, written: str | None = None) -> int:
    """Return an amount in minor units if it can be a price; raise MoneyError otherwise."""
    name = repr(written) if written is not None else f"{minor} minor units"
    if minor <= 0:
        raise MoneyError(f"{name} is not above zero")
    if minor > MAX_AMOUNT_MINOR:
        raise MoneyError(f"{name} is too large to be a price")
    return minor


def round_half_up(value: Decimal) -> int:
    """Return the nearest integer; halves go away from zero."""
    return int(value.to_integral_value(rounding=ROUND_HALF_UP))


def to_major(minor: int, currency: str) -> Decimal:
    """Return an amount in major units, exact."""
    return Decimal(minor).scaleb(-minor_digits(currency))


def plain(minor: int, currency: str) -> str:
    """Write an amount without symbol or grouping, `1.99`: for files, logs and command lines."""
    return f"{to_major(minor, currency):.{minor_digits(currency)}f}"
