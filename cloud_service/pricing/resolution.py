"""Price resolution: what a product costs in a store at an instant, why, and what comes next.

Pure: the entry, the store's rules and the instant go in; nothing is read and nobody is asked.
Precedence, stated here alone:
  1. a special price in its window, though never above the regular price;
  2. otherwise a multi-buy in its window without must-buy: one piece costs its share, rounded up,
     so that the bundle bought singly is never charged less than promised nor shown lower;
  3. otherwise the regular price; a multi-buy with must-buy is shown beside it.
A multi-buy is not stacked on a special price.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from cloud_service.pricing.entry import PriceEntry
from cloud_service.pricing.rules import Rules
from cloud_service.pricing.unit_price import UnitPrice, unit_price
from label_templates.contract.money import plain
from label_templates.contract.tile import Measure

HORIZON_S = 96 * 3600
"""How far ahead a shelf is told its flips: longer than the longest weekend without a network."""


@dataclass(frozen=True)
class Terms:
    """Where a price is asked for: the law, the money and the zone its instants are told in."""

    rules: Rules
    currency: str
    tz: str


@dataclass(frozen=True)
class Goods:
    """What of a product the price depends on. Net content in thousandths of its measure."""

    net_milli: int | None
    measure: Measure | None
    weighed: bool


@dataclass(frozen=True)
class Bundle:
    """A multi-buy in force: `quantity` pieces for `price`."""

    quantity: int
    price: int
    must_buy: bool


Kind = Literal["regular", "special", "multi-buy"]


@dataclass(frozen=True)
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
    until: int | None
    """When the promotion ends."""
    unit: UnitPrice | None
    reference: int | None
    reference_date: str | None


@dataclass(frozen=True)
class Step:
    """What holds from an instant on; `since` is None for what holds already."""

    since: int | None
    resolution: Resolution


@dataclass(frozen=True)
class _Offer:
    """The price that was chosen, before the law has had its say."""

    kind: Kind
    effective: int
    reason: str
    until: int | None = None
    prior: int | None = None
    bundle: Bundle | None = None


def resolve(entry: PriceEntry, goods: Goods, terms: Terms, instant: int) -> Resolution:
    """Return what holds at an instant. The entry has no flaw (see entry.flaw)."""
    offer = _offer(entry, terms, instant)
    percent = percent_off(offer.prior, offer.effective) if offer.prior is not None else None
    return Resolution(
        effective=offer.effective,
        regular=entry.regular,
        reason=offer.reason,
        kind=offer.kind,
        prior=offer.prior,
        percent_off=percent,
        bundle=offer.bundle,
        until=offer.until,
        unit=_unit_price(offer, goods, terms),
        reference=entry.reference,
        reference_date=entry.reference_date,
    )


def timeline(
    entry: PriceEntry, goods: Goods, terms: Terms, start: int, horizon: int = HORIZON_S
) -> list[Step]:
    """Return what holds at `start` and each change within the horizon, in order."""
    steps = [Step(None, resolve(entry, goods, terms, start))]
    for instant in boundaries(entry, start, start + horizon):
        resolution = resolve(entry, goods, terms, instant)
        if resolution != steps[-1].resolution:
            steps.append(Step(instant, resolution))
    return steps


def boundaries(entry: PriceEntry, after: int, until: int) -> list[int]:
    """Return the instants in (after, until] at which a window of the entry opens or closes."""
    edges = (entry.special_from, entry.special_until, entry.multi_from, entry.multi_until)
    return sorted({edge for edge in edges if edge is not None and after < edge <= until})


def _offer(entry: PriceEntry, terms: Terms, instant: int) -> _Offer:
    special = _special_in_force(entry, instant)
    if special is not None:
        reason = _until_words("special price", entry.special_until, terms)
        prior = prior_price(entry, special, terms.rules)
        return _Offer("special", special, reason, entry.special_until, prior)
    regular = _needed(entry.regular)
    bundle = _bundle_in_force(entry, instant)
    if bundle is not None:
        return _multi_buy(entry, regular, bundle, terms)
    return _Offer("regular", regular, "regular price")


def _special_in_force(entry: PriceEntry, instant: int) -> int | None:
    if entry.special is None or not entry.special_window.holds(instant):
        return None
    dearer = entry.regular is not None and entry.special > entry.regular
    return None if dearer else entry.special


def _bundle_in_force(entry: PriceEntry, instant: int) -> Bundle | None:
    if entry.multi_quantity is None or entry.multi_price is None:
        return None
    if not entry.multi_window.holds(instant):
        return None
    return Bundle(entry.multi_quantity, entry.multi_price, entry.multi_must_buy)


def _multi_buy(entry: PriceEntry, regular: int, bundle: Bundle, terms: Terms) -> _Offer:
    single = regular if bundle.must_buy else -(-bundle.price // bundle.quantity)
    words = f"{bundle.quantity} for {plain(bundle.price, terms.currency)}"
    reason = _until_words(words, entry.multi_until, terms)
    return _Offer("multi-buy", single, reason, entry.multi_until, bundle=bundle)


def prior_price(entry: PriceEntry, amount: int, rules: Rules) -> int | None:
    """Return what a special price may be compared with, or None where no cut may be announced.

    In the EU that is the lowest price of the 30 days before (98/6/EC art. 6a, CJEU C-330/23):
    a special price that is not below it announces nothing. Elsewhere it is the regular price.
    """
    prior = entry.low_30 if rules.prior == "low-30" else entry.regular
    return prior if prior is not None and amount < prior else None


def percent_off(prior: int, amount: int) -> int | None:
    """Return the whole percent of a cut, rounded down; None below one or above 99."""
    percent = 100 * (prior - amount) // prior
    return percent if 1 <= percent <= 99 else None


def _unit_price(offer: _Offer, goods: Goods, terms: Terms) -> UnitPrice | None:
    if goods.measure is None:
        return None
    if goods.weighed:
        # The price is for one measure already; it is shown as it is charged, not rounded again.
        return UnitPrice(offer.effective * 100, goods.measure, in_cents=False)
    if goods.net_milli is None or (goods.measure == "ea" and goods.net_milli == 1000):
        return None  # art. 3(1) of 98/6/EC: a unit price equal to the price need not be shown
    if offer.bundle is not None and not offer.bundle.must_buy:
        return _of_bundle(offer.bundle, goods.net_milli, goods.measure, terms)
    return unit_price(offer.effective, goods.net_milli, goods.measure, terms.rules, terms.currency)


def _of_bundle(bundle: Bundle, net_milli: int, measure: Measure, terms: Terms) -> UnitPrice | None:
    content = net_milli * bundle.quantity
    return unit_price(bundle.price, content, measure, terms.rules, terms.currency)


def _until_words(words: str, until: int | None, terms: Terms) -> str:
    if until is None:
        return words
    end = datetime.fromtimestamp(until, ZoneInfo(terms.tz))
    return f"{words} until {end:%Y-%m-%d %H:%M}"


def _needed(regular: int | None) -> int:
    if regular is None:
        raise ValueError("an entry without a regular price reached a time without a special one")
    return regular
