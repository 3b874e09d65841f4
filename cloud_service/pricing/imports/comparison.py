"""Unit prices as the Konzum lists print them beside those that we work out, and why they differ.

A list prints its quantities in hundredths of a kilogram or litre but computes with finer ones, and
multiplies with `1 / quantity` in hundredths instead of dividing: `54.03 ko` are 54 pieces.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from cloud_service.pricing.imports.konzum import net_content
from cloud_service.pricing.imports.quantity import Quantity
from cloud_service.pricing.rules import Rules
from cloud_service.pricing.unit_price import HUNDREDTHS, unit_price
from label_templates.contract.money import to_major

_CENT = Decimal("0.01")
_HALF = _CENT / 2
_CURRENCY = "EUR"


class Reason(StrEnum):
    """Why a list's unit price is what it is beside ours."""

    SAME = "the same"
    NO_QUANTITY = "the list's quantity is none: pieces that are not whole, or nothing"
    ROUNDED_FACTOR = "the list multiplies with one over the quantity, rounded to hundredths"
    ROUNDED_QUANTITY = "the list's quantity is rounded, and it computes with a finer one"
    OTHER_PRICE = "the list computes with another price than the one in force"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True)
class Compared:
    """A row's unit prices in euros, theirs and ours (None: none), and the reason."""

    row: int
    name: str
    theirs: Decimal
    ours: Decimal | None
    reason: Reason


def compare(rows: Iterable[Mapping[str, str]], rules: Rules) -> Iterator[Compared]:
    """Yield each row of a Konzum list, the first being row 2, with its unit prices compared."""
    for number, row in enumerate(rows, 2):
        theirs = Decimal(row["UnitPrice"])
        net = net_content(row["Product"], row["Quantity"], row["Unit"])
        ours = _ours(row, net, rules)
        yield Compared(number, row["Product"], theirs, ours, _reason(row, theirs, ours, net))


def tally(compared: Iterable[Compared]) -> Counter[Reason]:
    """Count rows by their reasons."""
    return Counter(one.reason for one in compared)


def _ours(row: Mapping[str, str], net: Quantity | None, rules: Rules) -> Decimal | None:
    if net is None:
        return None
    amount = int(_in_force(row) * 100)
    found = unit_price(amount, net.milli, net.measure, rules, _CURRENCY)
    # Where it rounds to nothing we print none, and the lists print 0.
    return to_major(found.hundredths if found else 0, _CURRENCY) / HUNDREDTHS


def _in_force(row: Mapping[str, str]) -> Decimal:
    return Decimal(row["SpecialPrice"] or row["Price"])


def _reason(
    row: Mapping[str, str], theirs: Decimal, ours: Decimal | None, net: Quantity | None
) -> Reason:
    if net is None:
        return Reason.NO_QUANTITY
    if ours == theirs:
        return Reason.SAME
    price, listed = _in_force(row), Decimal(row["Quantity"].split()[0])
    if theirs == _by_factor(price, net):
        return Reason.ROUNDED_FACTOR
    if _within(price, listed, theirs):
        return Reason.ROUNDED_QUANTITY
    others = (row[name] for name in ("Price", "BestPrice30", "AnchorPrice") if row[name])
    if any(_within(Decimal(other), listed, theirs) for other in others):
        return Reason.OTHER_PRICE
    return Reason.UNEXPLAINED


def _by_factor(price: Decimal, net: Quantity) -> Decimal:
    """Return the price times one over the quantity in kilograms or litres, in hundredths."""
    factor = 1_000_000 if net.measure in {"g", "ml"} else 1000
    one_over = (Decimal(factor) / net.milli).quantize(_CENT, ROUND_HALF_UP)
    return (price * one_over).quantize(_CENT, ROUND_HALF_UP)


def _within(price: Decimal, listed: Decimal, theirs: Decimal) -> bool:
    """Whether some quantity that rounds to the listed one gives their unit price."""
    least = price / (listed + _HALF) - _HALF
    most = price / (listed - _HALF) + _HALF if listed > _HALF else Decimal("Infinity")
    return least <= theirs <= most
