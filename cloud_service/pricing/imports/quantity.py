"""Net content: what `0.30 kg`, `24 oz` or `20.00 ko` on a price list mean, and how they print."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from cloud_service.catalog.products import MEASURES
from label_templates.contract.tile import Measure

# A comma with three digits behind it may group thousands; such a quantity is not read.
_QUANTITY = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,4}|,[0-9]{1,2})?) ?([a-z][a-z0-9 ]{0,6})")
_NAMED = re.compile(r"(?<![\w.,])([0-9]{1,5}(?:[.,][0-9]{1,3})?) ?(kg|g|ml|l)\b", re.IGNORECASE)
_SMALLER: dict[Measure, Measure] = {"kg": "g", "l": "ml"}
_PIECES = ("ko", "kom")
_LARGER = {"kg": ("kg", 1000), "g": ("kg", 1), "l": ("l", 1000), "ml": ("l", 1)}
_ROUNDED = 5
"""Thousandths by which a list's quantity, rounded to hundredths, may be off."""
_LEAST = 10
"""The least of the lists' quantities that is not nothing, in thousandths."""
MAX_MILLI = 10**10


@dataclass(frozen=True)
class Quantity:
    """A net content: thousandths of a measure, and the printed text (None: one piece)."""

    milli: int
    measure: Measure
    text: str | None


@lru_cache(1 << 13)
def konzum_quantity(text: str) -> Quantity | None:
    """Read a Konzum list's quantity, `0.30 kg` printing as `300 g`; None where it is nonsense.

    Pieces (`ko`) are whole; the lists have `0.20 ko` for 200 pieces and `60.02 ko` for 60.
    """
    found = _QUANTITY.fullmatch(text)
    if found is None:
        return None
    amount, word = _decimal(found[1]), found[2]
    if amount <= 0:
        return None
    if word in _PIECES:
        return _pieces(amount)
    return _measured(amount, MEASURES[word]) if word in MEASURES else None


def named_quantity(name: str, text: str) -> Quantity | None:
    """Read the exact quantity from a name where a Konzum list has it rounded, `405g` as `0.41 kg`.

    None where the name has none that rounds to the list's, or several: then the list's holds.
    """
    found = _QUANTITY.fullmatch(text)
    if found is None or found[2] not in ("kg", "l"):
        return None
    listed = _decimal(found[1]) * 1000
    exact = {value for value in _named(name, found[2]) if _rounds(value, listed)}
    if len(exact) != 1 or listed in exact:
        return None
    (value,) = exact
    if value == int(value):
        return _measured(value / 1000, MEASURES[found[2]])
    smaller = _SMALLER[MEASURES[found[2]]]
    return Quantity(int(value * 1000), smaller, f"{_comma(value)} {smaller}")


def _named(name: str, measure: str) -> Iterator[Decimal]:
    """Yield the quantities in a name, in thousandths of a measure."""
    for number, word in _NAMED.findall(name):
        larger, factor = _LARGER[word.lower()]
        if larger == measure:
            yield _decimal(number) * factor


def _rounds(value: Decimal, listed: Decimal) -> bool:
    return value > 0 and (abs(value - listed) <= _ROUNDED or value < listed == _LEAST)


@lru_cache(1 << 13)
def printed_quantity(text: str) -> Quantity | None:
    """Read net content from a size as printed, `24 oz`; None where it is not of that form."""
    found = _QUANTITY.fullmatch(text)
    if found is None or found[2] not in MEASURES:
        return None
    milli = _decimal(found[1]) * 1000
    if milli != int(milli) or not 0 < milli < MAX_MILLI:
        return None
    return Quantity(int(milli), MEASURES[found[2]], text)


def _pieces(amount: Decimal) -> Quantity | None:
    if amount != int(amount):
        return None
    count = int(amount)
    return Quantity(count * 1000, "ea", f"{count} kom" if count > 1 else None)


def _measured(amount: Decimal, measure: Measure) -> Quantity:
    milli = int(amount * 1000)
    if amount < 1 and measure in _SMALLER:
        return Quantity(milli, measure, f"{milli} {_SMALLER[measure]}")
    return Quantity(milli, measure, f"{_comma(amount)} {measure}")


def _decimal(number: str) -> Decimal:
    return Decimal(number.replace(",", "."))


def _comma(number: Decimal) -> str:
    return f"{number.normalize():f}".replace(".", ",")
