"""Composition: from a product and its price timeline to what its tile shows in turn.

Pure: the same facts give the same words, and a fact that does not apply is absent.
"""

from dataclasses import dataclass
from typing import Any

from cloud_service.pricing.entry import PriceEntry
from cloud_service.pricing.resolution import (
    HORIZON_S,
    Goods,
    Resolution,
    Step,
    Terms,
    resolve,
    timeline,
)
from label_templates.contract.tile import MAX_FLIPS, Measure, Showing, TileContent

STANDARD = "price/standard"
PROMOTION = "price/promotion"


@dataclass(frozen=True)
class Facts:
    """What of a product is printed, and what its price depends on."""

    sku: str
    name: str
    brand: str | None
    size: str | None
    gtin: str | None
    goods: Goods


def showings(
    facts: Facts, entry: PriceEntry, terms: Terms, now: int, horizon: int = HORIZON_S
) -> list[Showing]:
    """Return what a tile shows now and at each of its flips within the horizon."""
    steps = timeline(entry, facts.goods, terms, now, horizon)
    return [showing(facts, step) for step in steps[: MAX_FLIPS + 1]]


def showing_at(facts: Facts, entry: PriceEntry, terms: Terms, instant: int) -> Showing:
    """Return what a tile shows at an instant, without its flips."""
    return showing(facts, Step(None, resolve(entry, facts.goods, terms, instant)))


def showing(facts: Facts, step: Step) -> Showing:
    """Return the template and content of one step of a timeline."""
    resolution = step.resolution
    promoted = resolution.kind != "regular"
    content = {**_product(facts), **_price(resolution), **_promotion(resolution)}
    return Showing(
        since=step.since,
        tpl=PROMOTION if promoted else STANDARD,
        content=TileContent(**content),
    )


def _product(facts: Facts) -> dict[str, Any]:
    return {
        "sku": facts.sku,
        "name": facts.name,
        "brand": facts.brand,
        "size": facts.size,
        "gtin": facts.gtin,
        "weighed": facts.goods.weighed,
    }


def _price(resolution: Resolution) -> dict[str, Any]:
    words: dict[str, Any] = {
        "price": resolution.effective,
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
        return {}
    words: dict[str, Any] = {
        "promotion": resolution.kind,
        "prior_price": resolution.prior,
        "percent_off": resolution.percent_off,
        "promotion_until": resolution.until,
    }
    if resolution.bundle is not None:
        words |= {
            "bundle_quantity": resolution.bundle.quantity,
            "bundle_price": resolution.bundle.price,
            "must_buy": resolution.bundle.must_buy,
        }
    return words
