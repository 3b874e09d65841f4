"""The unit price: what a kilogram, litre, ounce or piece of a product costs, rounded by law.

Worked in integers: amounts are minor units, net content is thousandths of its measure, and a unit
price is hundredths of a minor unit. Halves go up.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from cloud_service.pricing.rules import Rules
from label_templates.contract.money import MAX_AMOUNT_MINOR, minor_digits
from label_templates.contract.tile import Measure

HUNDREDTHS = 100


@dataclass(frozen=True)
class UnitPrice:
    """A unit price as the law has it: `hundredths` of a minor unit for one `measure`."""

    hundredths: int
    measure: Measure
    in_cents: bool
    """Printed in minor units with a tenth, `14.5¢`."""


_METRIC: dict[Measure, tuple[Measure, int]] = {"g": ("kg", 1000), "ml": ("l", 1000)}
"""Measures that the law prices by a larger one, and how many of them make it."""


def unit_price(
    amount: int, net_milli: int, measure: Measure, rules: Rules, currency: str
) -> UnitPrice | None:
    """Return the unit price of an amount paid for a net content; None where it rounds to nothing.

    `amount` is what the content costs: of a multi-buy, the whole bundle with its whole content.
    """
    per, factor = _METRIC.get(measure, (measure, 1)) if rules.metric else (measure, 1)
    exact = Decimal(amount * factor * 1000) / Decimal(net_milli)
    in_cents = rules.rounding == "cents-tenth" and exact < 10 ** minor_digits(currency)
    step = Decimal("0.1") if in_cents else Decimal(1)
    hundredths = int(exact.quantize(step, rounding=ROUND_HALF_UP) * HUNDREDTHS)
    if not 0 < hundredths <= MAX_AMOUNT_MINOR * HUNDREDTHS:
        return None
    return UnitPrice(hundredths, per, in_cents)
