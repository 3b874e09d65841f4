"""Net content: what `0.30 kg`, `24 oz` or `20.00 ko` on a price list mean, and how they print."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from cloud_service.catalog.products import MEASURES
from label_templates.contract.tile import Measure

_QUANTITY = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,4})?) ?([a-z][a-z0-9 ]{0,6})")
_SMALLER: dict[Measure, Measure] = {"kg": "g", "l": "ml"}
_PIECES = ("ko", "kom")
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
    amount, word = Decimal(found[1]), found[2]
    if amount <= 0:
        return None
    if word in _PIECES:
        return _pieces(amount)
    return _measured(amount, MEASURES[word]) if word in MEASURES else None


@lru_cache(1 << 13)
def printed_quantity(text: str) -> Quantity | None:
    """Read net content from a size as printed, `24 oz`; None where it is not of that form."""
    found = _QUANTITY.fullmatch(text)
    if found is None or found[2] not in MEASURES:
        return None
    milli = Decimal(found[1]) * 1000
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
    number = f"{amount.normalize():f}".replace(".", ",")
    return Quantity(milli, measure, f"{number} {measure}")
