"""Composition: from a product and its price timeline to what its tile shows in turn.

Pure: the same facts give the same words, and a fact that does not apply is absent.
"""

from dataclasses import dataclass
from typing import Any

from cloud_service.pricing.goods import Goods
from cloud_service.pricing.offer import Terms
from cloud_service.pricing.offering import Offering
from cloud_service.pricing.resolution import HORIZON_S, Resolution, Step, resolve, timeline
from label_templates.contract.panel import panel_spec
from label_templates.contract.tile import MAX_FLIPS, Measure, Showing, TileContent

STANDARD = "price/standard"
UNIT = "price/unit"
WEIGHED = "price/weighed"
NEW = "price/new"
DEPOSIT = "price/deposit"
LOYALTY = "price/loyalty"
PROMOTION = "price/promotion"
MULTI_BUY = "price/multi-buy"
BUY_GET = "price/bogo"
CLEARANCE = "price/clearance"
STRIP = "strip/edge"
"""What a region of a strip shows, whatever the price is."""
TEMPLATES = (
    STANDARD, UNIT, WEIGHED, NEW, DEPOSIT, LOYALTY, PROMOTION, MULTI_BUY, BUY_GET, CLEARANCE, STRIP,
)  # fmt: skip
"""Every template that tiles are composed with: what no bundle in use may lack."""


@dataclass(frozen=True)
class Facts:
    """What of a product is printed, and what its price depends on."""

    sku: str
    name: str
    brand: str | None
    size: str | None
    gtin: str | None
    goods: Goods
    plu: str | None = None
    origin: str | None = None
    image: str | None = None
    """SHA-256 of a photo that the store's bundle brings; `facts` likewise."""
    facts: str | None = None
    new_until: int | None = None
    """Until when it is told to be new, UTC seconds."""

    def new_at(self, instant: int) -> bool:
        """Tell whether it is lately taken into the range."""
        return self.new_until is not None and instant < self.new_until


def showings(
    facts: Facts, offering: Offering, terms: Terms, now: int, horizon: int = HORIZON_S
) -> list[Showing]:
    """Return what a tile shows now and at each of its flips within the horizon.

    Empty where the product has no price now.
    """
    steps = _aging(timeline(offering, facts.goods, terms, now, horizon), facts, now, horizon)
    return [showing(facts, step, terms, now) for step in steps[: MAX_FLIPS + 1]]


def showing_at(facts: Facts, offering: Offering, terms: Terms, instant: int) -> Showing | None:
    """Return what a tile shows at an instant, without its flips; None where it has no price."""
    resolution = resolve(offering, facts.goods, terms, instant)
    if resolution is None:
        return None
    return showing(facts, Step(None, resolution), terms, instant)


def on_panel(showing: Showing, panel: str) -> Showing:
    """Return a showing as its panel has it: a region of a strip has a template of its own."""
    strip = panel_spec(panel).whole != panel
    return showing.model_copy(update={"tpl": STRIP}) if strip else showing


def showing(facts: Facts, step: Step, terms: Terms, now: int) -> Showing:
    """Return the template and content of one step of a timeline that begins now."""
    resolution = step.resolution
    new = facts.new_at(now if step.since is None else step.since)
    content = {
        **_product(facts),
        "new": new,
        **_price(resolution),
        **_promotion(resolution),
    }
    return Showing(
        since=step.since,
        tpl=_template(facts, resolution, terms, new=new),
        content=TileContent(**content),
    )


_OFFERS = {
    "special": PROMOTION,
    "clearance": CLEARANCE,
    "multi-buy": MULTI_BUY,
    "buy-get": BUY_GET,
}


def _template(facts: Facts, resolution: Resolution, terms: Terms, *, new: bool) -> str:
    """Return the template that is made for what a price is."""
    if resolution.kind != "regular":
        return _OFFERS[resolution.kind]
    if resolution.loyalty is not None:
        return LOYALTY
    if facts.goods.weighed:
        return WEIGHED
    if resolution.deposit is not None:
        return DEPOSIT
    ink = any(demand.asks == "unit-price-ink" for demand in terms.rules.demands)
    if ink and resolution.unit is not None:
        return UNIT
    return NEW if new else STANDARD


def _aging(steps: list[Step], facts: Facts, start: int, horizon: int) -> list[Step]:
    """Return the steps with the one at which the product is new no longer, if it is among them."""
    end = facts.new_until
    if not steps or end is None or not start < end <= start + horizon:
        return steps
    before = [step for step in steps if step.since is None or step.since <= end]
    if before[-1].since == end:
        return steps
    return [*before, Step(end, before[-1].resolution), *steps[len(before) :]]


def _product(facts: Facts) -> dict[str, Any]:
    return {
        "sku": facts.sku,
        "name": facts.name,
        "brand": facts.brand,
        "size": facts.size,
        "gtin": facts.gtin,
        "weighed": facts.goods.weighed,
        "plu": facts.plu,
        "origin": facts.origin,
        "image": facts.image,
        "facts": facts.facts,
    }


def _price(resolution: Resolution) -> dict[str, Any]:
    words: dict[str, Any] = {
        "price": resolution.effective,
        "deposit": resolution.deposit,
        "reference_price": resolution.reference,
        "reference_date": resolution.reference_date,
    }
    unit = resolution.unit
    if unit is not None:
        measure: Measure = unit.measure
        words |= {
            "unit_price": unit.hundredths,
            "unit_measure": measure,
            "unit_in_cents": unit.in_cents,
        }
    return words


def _promotion(resolution: Resolution) -> dict[str, Any]:
    if resolution.kind == "regular":
        return _loyalty(resolution)
    words: dict[str, Any] = {
        "promotion": resolution.kind,
        "prior_price": resolution.prior,
        "percent_off": resolution.percent_off,
        "promotion_until": resolution.until,
        "limit": resolution.limit,
    }
    if resolution.bundle is not None:
        words |= {
            "bundle_quantity": resolution.bundle.quantity,
            "bundle_price": resolution.bundle.price,
            "pay_quantity": resolution.bundle.pay,
            "must_buy": resolution.bundle.must_buy and resolution.bundle.pay is None,
        }
    return words | _loyalty(resolution)


def _loyalty(resolution: Resolution) -> dict[str, Any]:
    loyalty = resolution.loyalty
    if loyalty is None:
        return {}
    words: dict[str, Any] = {
        "loyalty_price": loyalty.price,
        "loyalty_program": loyalty.programme,
    }
    if loyalty.unit is not None and resolution.unit is not None:
        words["loyalty_unit_price"] = loyalty.unit.hundredths
    return words
