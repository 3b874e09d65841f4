"""Promotions: what makes a product cheaper for a while, and on what terms.

Pure data with its arithmetic. Amounts are minor units; halves go up, so that a percentage never
gives away a cent that nobody announced. Which promotion wins is decided in `resolution.py` alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cloud_service.pricing.window import Window
from label_templates.contract.money import MAX_AMOUNT_MINOR

BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class PercentOff:
    """So much off each piece. Hundredths of a percent: 12.5 % is 1250."""

    basis_points: int


@dataclass(frozen=True, slots=True)
class AmountOff:
    """So many minor units off each piece."""

    amount: int


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """Each piece costs this."""

    amount: int


@dataclass(frozen=True, slots=True)
class Markdown:
    """One step of a clearance: from an instant on, percent off or a fixed price."""

    at: int
    terms: PercentOff | FixedPrice


@dataclass(frozen=True, slots=True)
class Clearance:
    """Cheaper in steps, until nothing is left."""

    steps: tuple[Markdown, ...]


@dataclass(frozen=True, slots=True)
class MultiBuy:
    """`quantity` pieces for `price`; with `must_buy` one piece alone costs what it cost before."""

    quantity: int
    price: int
    must_buy: bool = False


@dataclass(frozen=True, slots=True)
class BuyGet:
    """Of `quantity` pieces only `pay` are paid: `buy one, get one free` is 1 of 2."""

    quantity: int
    pay: int


@dataclass(frozen=True, slots=True)
class Group:
    """Any `quantity` pieces of the promotion's products for `price`: mix and match."""

    quantity: int
    price: int


SingleTerms = PercentOff | AmountOff | FixedPrice | Clearance
"""Terms under which one piece alone is cheaper."""
BundleTerms = MultiBuy | BuyGet | Group
Terms = SingleTerms | BundleTerms


@dataclass(frozen=True, slots=True)
class Promotion:
    """A promotion as published. `programme` makes it a loyalty price, for members alone."""

    id: str
    revision: int
    name: str
    window: Window
    terms: Terms
    programme: str | None = None
    """The condition as printed on the tile: `with Family Card`."""
    limit: int | None = None
    """At most this many a customer."""
    priority: int = 0
    """Settles which of two that are equally cheap is told; the higher one."""
    stacks: bool = False
    """A bundle that holds beside a cheaper single price, too."""

    @property
    def edges(self) -> Iterator[int]:
        """Yield the instants at which it may change a price."""
        yield from self.window.edges
        if isinstance(self.terms, Clearance):
            yield from (step.at for step in self.terms.steps)


def single_price(terms: SingleTerms, regular: int, instant: int) -> int | None:
    """Return what one piece costs; None where the terms give nothing, or not yet.

    A promotion never raises a price, and never gives a piece away.
    """
    amount = _reduced(terms, regular, instant)
    return amount if amount is not None and 0 < amount < regular else None


def _reduced(terms: SingleTerms, regular: int, instant: int) -> int | None:
    match terms:
        case PercentOff(basis_points):
            return _rounded(regular * (BASIS_POINTS - basis_points), BASIS_POINTS)
        case AmountOff(amount):
            return regular - amount
        case FixedPrice(amount):
            return amount
        case Clearance(steps):
            begun = [step for step in steps if step.at <= instant]
            if not begun:
                return None
            return _reduced(max(begun, key=lambda step: step.at).terms, regular, instant)


def bundle_price(terms: BundleTerms, regular: int) -> int:
    """Return what the whole bundle costs."""
    return terms.pay * regular if isinstance(terms, BuyGet) else terms.price


def saves(terms: BundleTerms, regular: int) -> bool:
    """Tell whether a bundle costs less than its pieces singly."""
    return bundle_price(terms, regular) < terms.quantity * regular


def shares(price: int, quantity: int) -> tuple[int, ...]:
    """Split a bundle's price over its pieces: equal to a cent, dearer ones first, none lost.

    2.00 for three is 0.67, 0.67 and 0.66.
    """
    share, left = divmod(price, quantity)
    return tuple(share + (number < left) for number in range(quantity))


def _rounded(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


Flaw = tuple[str, str]


def flaw(promotion: Promotion) -> Flaw | None:
    """Return (field, reason) of the first thing that makes it no promotion, or None."""
    window = promotion.window
    if window.since is None:
        return "from", "a promotion needs the instant at which it begins"
    if window.until is not None and window.until <= window.since:
        return "until", "the end is not after the beginning"
    if promotion.programme is not None and not isinstance(promotion.terms, SingleTerms):
        return "programme", "a loyalty price is for one piece, not for a bundle"
    if promotion.limit is not None and not 1 <= promotion.limit <= 99:
        return "limit", f"{promotion.limit} pieces a customer; 1 to 99 are possible"
    return _flaw_of_terms(promotion.terms)


def _flaw_of_terms(terms: Terms) -> Flaw | None:
    match terms:
        case PercentOff(points):
            return None if 0 < points < BASIS_POINTS else ("percent", "above 0 and below 100 %")
        case AmountOff(amount) | FixedPrice(amount):
            return _flaw_of_amount("amount", amount)
        case Clearance(steps):
            return _flaw_of_steps(steps)
        case BuyGet(quantity, pay):
            return _flaw_of_quantity(quantity) or (
                None if 1 <= pay < quantity else ("pay", f"{pay} of {quantity} pieces are no offer")
            )
        case MultiBuy(quantity, price) | Group(quantity, price):
            return _flaw_of_quantity(quantity) or _flaw_of_amount("price", price)


def _flaw_of_amount(field: str, amount: int) -> Flaw | None:
    if 0 < amount <= MAX_AMOUNT_MINOR:
        return None
    return field, f"{amount} minor units can be no price"


def _flaw_of_quantity(quantity: int) -> Flaw | None:
    if 2 <= quantity <= 99:
        return None
    return "quantity", f"{quantity} is no quantity of a bundle; 2 to 99 are possible"


def _flaw_of_steps(steps: tuple[Markdown, ...]) -> Flaw | None:
    if not steps:
        return "steps", "a clearance needs at least one step"
    instants = [step.at for step in steps]
    if sorted(set(instants)) != instants:
        return "steps", "each step comes after the one before"
    for step in steps:
        found = _flaw_of_terms(step.terms)
        if found is not None:
            return found
    return None
