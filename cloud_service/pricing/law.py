"""What the law says on a resolved price: what its tile must print, and which rules made it.

Pure. Only what the price has is asked for: a product whose net content nobody knows has no unit
price to print, and a price that is not reduced no prior price.
"""

from collections.abc import Callable, Mapping

from cloud_service.pricing.resolution import Resolution
from cloud_service.pricing.rules import Rules
from label_templates.checks.demands import Asked, Demands

_Has = Callable[[Resolution], bool]


def _has_unit_price(price: Resolution) -> bool:
    return price.unit is not None


def _has_loyalty_unit_price(price: Resolution) -> bool:
    return price.loyalty is not None and price.loyalty.unit is not None


_APPLIES: Mapping[Asked, _Has] = {
    "unit-price": _has_unit_price,
    "unit-price-heading": _has_unit_price,
    "unit-price-first": _has_unit_price,
    "unit-price-ink": _has_unit_price,
    "loyalty-unit-price": _has_loyalty_unit_price,
    "loyalty-condition": lambda price: price.loyalty is not None,
    "prior": lambda price: price.prior is not None,
    "reference": lambda price: price.reference is not None,
    "deposit": lambda price: price.deposit is not None,
}
"""What must be there for a demand to mean anything; what is not listed is asked of every tile."""


def must_print(price: Resolution, rules: Rules) -> Demands:
    """Return what the tile of a price must print, and how, with the text that asks for it."""
    return tuple(
        demand
        for demand in rules.demands
        if demand.asks not in _APPLIES or _APPLIES[demand.asks](price)
    )


def citations(price: Resolution, rules: Rules) -> tuple[str, ...]:
    """Return the texts behind the amounts of a price: of its unit price and its prior price."""
    applied = []
    if price.unit is not None:
        applied.append(rules.cited.get("unit-price"))
    if price.prior is not None:
        applied.append(rules.cited.get("prior"))
    return tuple(text for text in applied if text is not None)
