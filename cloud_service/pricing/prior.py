"""The prior price: what a reduced price may be compared with, by law.

Source: Directive 98/6/EC art. 6a, CJEU C-330/23; the switches of a country stand in its rules.
"""

from cloud_service.pricing.goods import Goods
from cloud_service.pricing.offer import Offer, Terms, offer_at
from cloud_service.pricing.offering import Offering
from cloud_service.pricing.rules import Rules

_DAY_S = 86_400


def prior_price(
    offering: Offering, goods: Goods, terms: Terms, offer: Offer, instant: int
) -> int | None:
    """Return what a reduced price may be compared with, or None where no cut may be announced.

    In the EU that is the lowest price of the 30 days before the reduction began (98/6/EC art. 6a,
    CJEU C-330/23), as the price list gives it or the book remembers it: a reduction that is not
    below it announces nothing. Elsewhere it is the regular price.
    """
    rules = terms.rules
    if rules.prior == "regular":
        record = offering.record_at(instant)
        prior = record.entry.regular if record is not None else None
    elif offer.low_30 is not None:
        prior = offer.low_30
    else:
        prior = _remembered(offering, goods, terms, instant)
    return prior if prior is not None and offer.effective < prior else None


def _remembered(offering: Offering, goods: Goods, terms: Terms, instant: int) -> int | None:
    """Return the prior price from the book's own history; None where it does not reach back."""
    start = reduction_began(offering, terms, instant)
    began = offering.began()
    if start is None or (began is not None and began >= start):
        return None
    if goods.perishable and terms.rules.perishable == "previous":
        return _charged(offering, terms, start - 1)
    since = start - 30 * _DAY_S
    if began is not None and began > since and terms.rules.arrivals == "none":
        return None
    return lowest(offering, terms, since, start)


def reduction_began(offering: Offering, terms: Terms, instant: int) -> int | None:
    """Return when the reduction in force began; None where it always was.

    A deeper cut that follows one without a gap belongs to it where the law has progressive cuts;
    a reduction that is only published anew, at the same price, is still the same one.
    """
    now = _offer(offering, terms, instant)
    if now is None:
        return None
    start: int | None = None
    for edge in reversed(offering.edges(-1, instant)):
        start = edge
        before = _offer(offering, terms, edge - 1)
        if before is None or not before.reduced:
            return start
        if before.effective != now.effective and not _grows(before, now, terms.rules):
            return start
        now = before
    before_all = _offer(offering, terms, -1)
    return None if before_all is not None and before_all.reduced else start


def _grows(before: Offer, now: Offer, rules: Rules) -> bool:
    """Tell whether a cut belongs to the smaller one before it."""
    if rules.progressive == "never" or before.effective <= now.effective:
        return False
    return rules.progressive == "always" or before.kind == now.kind == "clearance"


def lowest(offering: Offering, terms: Terms, since: int, until: int) -> int | None:
    """Return the lowest price charged in [since, until), one in force at `since` included."""
    instants = [since, *(edge for edge in offering.edges(since, until) if edge < until)]
    charged = [_charged(offering, terms, instant) for instant in instants]
    return min((amount for amount in charged if amount is not None), default=None)


def _charged(offering: Offering, terms: Terms, instant: int) -> int | None:
    offer = _offer(offering, terms, instant)
    return offer.effective if offer is not None else None


def _offer(offering: Offering, terms: Terms, instant: int) -> Offer | None:
    record = offering.record_at(instant)
    return offer_at(offering, record, terms, instant) if record is not None else None
