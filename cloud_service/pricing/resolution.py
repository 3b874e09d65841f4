"""Price resolution: what a product costs in a store at an instant, why, and what comes next.

Pure: the offering, the store's rules and the instant go in; nothing is read and nobody is asked.
`offer.py` states which price counts, `prior.py` what it may be compared with.
"""

from dataclasses import dataclass

from cloud_service.pricing.goods import Goods
from cloud_service.pricing.offer import Bundle, Kind, Offer, Terms, loyalty_at, offer_at
from cloud_service.pricing.offering import Offering
from cloud_service.pricing.prior import prior_price
from cloud_service.pricing.unit_price import UnitPrice, unit_price

HORIZON_S = 96 * 3600
"""How far ahead a shelf is told its flips: longer than the longest weekend without a network."""


@dataclass(frozen=True, slots=True)
class Loyalty:
    """What members pay, with the condition as printed."""

    price: int
    programme: str
    unit: UnitPrice | None
    until: int | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """The effective price and all that a tile must say about it."""

    effective: int
    regular: int | None
    reason: str
    kind: Kind
    prior: int | None
    """Struck through; None where no cut may be announced."""
    percent_off: int | None
    bundle: Bundle | None
    limit: int | None
    until: int | None
    """When the promotion ends."""
    unit: UnitPrice | None
    loyalty: Loyalty | None
    deposit: int | None
    reference: int | None
    reference_date: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """What holds from an instant on; `since` is None for what holds already."""

    since: int | None
    resolution: Resolution


def resolve(offering: Offering, goods: Goods, terms: Terms, instant: int) -> Resolution | None:
    """Return what holds at an instant; None where there is no price. Entries have no flaw."""
    record = offering.record_at(instant)
    if record is None:
        return None
    offer = offer_at(offering, record, terms, instant)
    prior = prior_price(offering, goods, terms, offer, instant) if offer.reduced else None
    entry = record.entry
    members = loyalty_at(offering, entry, offer.effective, terms, instant)
    return Resolution(
        effective=offer.effective,
        regular=entry.regular,
        reason=offer.reason,
        kind=offer.kind,
        prior=prior,
        percent_off=None if prior is None else percent_off(prior, offer.effective),
        bundle=offer.bundle,
        limit=offer.limit,
        until=offer.until,
        unit=_unit_price(offer, goods, terms),
        loyalty=_loyalty(members, goods, terms) if members is not None else None,
        deposit=goods.deposit,
        reference=entry.reference,
        reference_date=entry.reference_date,
    )


def timeline(
    offering: Offering, goods: Goods, terms: Terms, start: int, horizon: int = HORIZON_S
) -> list[Step]:
    """Return what holds at `start` and each change within the horizon, in order.

    Empty where there is no price at the start; a later span without a price cannot be shown and is
    refused at publishing, so what was shown before it stays.
    """
    first = resolve(offering, goods, terms, start)
    if first is None:
        return []
    steps = [Step(None, first)]
    for instant in offering.edges(start, start + horizon):
        resolution = resolve(offering, goods, terms, instant)
        if resolution is not None and resolution != steps[-1].resolution:
            steps.append(Step(instant, resolution))
    return steps


def percent_off(prior: int, amount: int) -> int | None:
    """Return the whole percent of a cut, rounded down; None below one or above 99."""
    percent = 100 * (prior - amount) // prior
    return percent if 1 <= percent <= 99 else None


def _loyalty(found: tuple[Offer, str], goods: Goods, terms: Terms) -> Loyalty:
    reduced, programme = found
    return Loyalty(reduced.effective, programme, _unit_price(reduced, goods, terms), reduced.until)


def _unit_price(offer: Offer, goods: Goods, terms: Terms) -> UnitPrice | None:
    if goods.measure is None:
        return None
    if goods.weighed:
        # The price is for one measure already; it is shown as it is charged, not rounded again.
        return UnitPrice(offer.effective * 100, goods.measure, in_cents=False)
    if goods.net_milli is None or (goods.measure == "ea" and goods.net_milli == 1000):
        return None  # art. 3(1) of 98/6/EC: a unit price equal to the price need not be shown
    amount, content = offer.effective, goods.net_milli
    if offer.bundle is not None and not offer.bundle.mixed:
        # Retail rule: the unit price of a multi-buy is that of the whole bundle.
        amount, content = offer.bundle.price, content * offer.bundle.quantity
    return unit_price(amount, content, goods.measure, terms.rules, terms.currency)
