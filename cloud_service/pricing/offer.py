"""The price that is chosen: what everybody pays for one piece, and the bundle that goes with it.

Precedence and stacking, stated here alone:
  1. Of a list's special price and the promotions on one piece (percent, amount, fixed price,
     clearance) in force the cheapest counts; they do not stack, and none raises a price. Equally
     cheap: the list's, then the higher priority, then the name that sorts first.
  2. A bundle (multi-buy, buy-get, group) counts where no single price is reduced, or where it
     stacks; of several the one that is cheapest a piece. Without must-buy one piece of a multi-buy
     costs its share, rounded up, so that the bundle bought singly is never charged less than
     promised nor shown lower; otherwise one piece costs what it costs alone.
  3. Otherwise the regular price.
  4. A loyalty price stands beside what everybody pays, where it is lower, and never replaces it.
Pure; nothing here knows the law.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from cloud_service.pricing.entry import PriceEntry
from cloud_service.pricing.offering import Offering, Record
from cloud_service.pricing.promotions import (
    BundleTerms,
    BuyGet,
    Clearance,
    Group,
    MultiBuy,
    Promotion,
    bundle_price,
    saves,
    single_price,
)
from cloud_service.pricing.rules import Rules
from label_templates.contract.money import plain


@dataclass(frozen=True, slots=True)
class Terms:
    """Where a price is asked for: the law, the money and the zone its instants are told in."""

    rules: Rules
    currency: str
    tz: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle in force: `quantity` pieces for `price`. `pay`: so many of them are paid."""

    quantity: int
    price: int
    must_buy: bool
    pay: int | None = None
    mixed: bool = False
    """Any products of the promotion together make the bundle."""


Kind = Literal["regular", "special", "clearance", "multi-buy", "buy-get"]


@dataclass(frozen=True, slots=True)
class Offer:
    """The price that was chosen, before the law has had its say."""

    kind: Kind
    effective: int
    reason: str
    until: int | None = None
    bundle: Bundle | None = None
    limit: int | None = None
    reduced: bool = False
    """Whether one piece alone is cheaper than its regular price says."""
    low_30: int | None = None
    """The lowest price of the 30 days before, where the price list gives it."""


def offer_at(offering: Offering, record: Record, terms: Terms, instant: int) -> Offer:
    """Return the price that everybody pays, by the precedence above."""
    single = _single(offering, record.entry, terms, instant)
    bundle = _bundle(offering, record.entry, single, terms, instant)
    if bundle is not None:
        return bundle
    if single is not None:
        return single
    return Offer("regular", _needed(record.entry.regular), "regular price")


def _single(offering: Offering, entry: PriceEntry, terms: Terms, instant: int) -> Offer | None:
    """Return the cheapest reduction of one piece alone, if any."""
    special = _special(entry, terms, instant)
    if entry.regular is None or not offering.promotions:
        return special
    best, rank = special, _rank(special, 1, "")
    for promotion in offering.promotions:
        if promotion.programme is None and promotion.window.holds(instant):
            offer = _reduction(promotion, entry.regular, terms, instant)
            mine = _rank(offer, -promotion.priority, promotion.id) if offer else rank
            if offer is not None and (best is None or mine < rank):
                best, rank = offer, mine
    return best


def _rank(offer: Offer | None, order: int, name: str) -> tuple[int, int, int, str]:
    """Order reductions: the cheaper first, then the list's own, then by priority, then by name."""
    if offer is None:
        return 0, 0, 0, ""
    return offer.effective, int(offer.kind != "special" or bool(name)), order, name


def _special(entry: PriceEntry, terms: Terms, instant: int) -> Offer | None:
    if entry.special is None or not entry.special_window.holds(instant):
        return None
    if entry.regular is not None and entry.special > entry.regular:
        return None
    until = entry.special_until
    reason = _until_words("special price", until, terms)
    return Offer("special", entry.special, reason, until, reduced=True, low_30=entry.low_30)


def _reduction(promotion: Promotion, regular: int, terms: Terms, instant: int) -> Offer | None:
    if isinstance(promotion.terms, BundleTerms):
        return None
    amount = single_price(promotion.terms, regular, instant)
    if amount is None:
        return None
    until = promotion.window.until
    kind: Kind = "clearance" if isinstance(promotion.terms, Clearance) else "special"
    reason = _until_words(promotion.name, until, terms)
    return Offer(kind, amount, reason, until, limit=promotion.limit, reduced=True)


def _bundle(
    offering: Offering, entry: PriceEntry, single: Offer | None, terms: Terms, instant: int
) -> Offer | None:
    """Return the bundle that counts, if any; beside a reduced single price only what stacks."""
    alone = single.effective if single is not None else entry.regular
    if alone is None:
        return None
    offers = [
        _bundled(found, alone, terms)
        for found in _bundles(offering, entry, instant, stacking=single is not None)
        if saves(found.terms, alone)
    ]
    if not offers:
        return None
    best = min(offers, key=lambda pair: pair[0])[1]
    return best if single is None else _beside(best, single)


@dataclass(frozen=True, slots=True)
class _Bundled:
    """A bundle in force, of a price list or a promotion."""

    terms: BundleTerms
    name: str
    until: int | None
    limit: int | None
    order: tuple[int, str]


def _bundles(
    offering: Offering, entry: PriceEntry, instant: int, *, stacking: bool
) -> Iterator[_Bundled]:
    quantity, price = entry.multi_quantity, entry.multi_price
    listed = quantity is not None and price is not None and entry.multi_window.holds(instant)
    if listed and not stacking:
        terms = MultiBuy(quantity or 0, price or 0, entry.multi_must_buy)
        yield _Bundled(terms, "", entry.multi_until, None, (0, ""))
    for promotion in offering.promotions:
        if not isinstance(promotion.terms, BundleTerms) or not promotion.window.holds(instant):
            continue
        if promotion.stacks or not stacking:
            order = (1 - promotion.priority, promotion.id)
            until, limit = promotion.window.until, promotion.limit
            yield _Bundled(promotion.terms, promotion.name, until, limit, order)


def _bundled(found: _Bundled, alone: int, terms: Terms) -> tuple[tuple[int, int, str, str], Offer]:
    """Return a bundle as an offer, with how it ranks: cheapest a piece first."""
    price, quantity = bundle_price(found.terms, alone), found.terms.quantity
    must_buy = not isinstance(found.terms, MultiBuy) or found.terms.must_buy
    pay = found.terms.pay if isinstance(found.terms, BuyGet) else None
    mixed = isinstance(found.terms, Group)
    words = f"{found.name}: " if found.name else ""
    words += f"{quantity} for {plain(price, terms.currency)}"
    offer = Offer(
        kind="buy-get" if pay is not None else "multi-buy",
        effective=alone if must_buy else -(-price // quantity),
        reason=_until_words(words, found.until, terms),
        until=found.until,
        bundle=Bundle(quantity, price, must_buy, pay, mixed),
        limit=found.limit,
    )
    # A millionth of a minor unit a piece tells any two bundles apart.
    first, name = found.order
    return (price * 10**6 // quantity, first, name, found.name), offer


def _beside(bundle: Offer, single: Offer) -> Offer:
    """Return a bundle that stacks on a reduced single price: the cut is announced as well."""
    return Offer(
        bundle.kind, bundle.effective, f"{single.reason}; {bundle.reason}", bundle.until,
        bundle.bundle, bundle.limit, reduced=True, low_30=single.low_30,
    )  # fmt: skip


def loyalty_at(
    offering: Offering, entry: PriceEntry, below: int, terms: Terms, instant: int
) -> tuple[Offer, str] | None:
    """Return the lowest loyalty price in force below what everybody pays, and its condition."""
    best: tuple[Offer, str] | None = None
    for promotion in offering.promotions:
        programme, regular = promotion.programme, entry.regular
        if programme is None or regular is None or not promotion.window.holds(instant):
            continue
        offer = _reduction(promotion, regular, terms, instant)
        if offer is not None and offer.effective < below:
            best, below = (offer, programme), offer.effective
    return best


def _until_words(words: str, until: int | None, terms: Terms) -> str:
    if until is None:
        return words
    end = datetime.fromtimestamp(until, ZoneInfo(terms.tz))
    return f"{words} until {end:%Y-%m-%d %H:%M}"


def _needed(regular: int | None) -> int:
    if regular is None:
        raise ValueError("an entry without a regular price reached a time without a special one")
    return regular
