"""The unit price: what a kilogram, litre, ounce or piece of a product costs, rounded by law.

Worked in integers: amounts are minor units, net content is thousandths of its measure, and a unit
price is hundredths of a minor unit. Halves go up.
"""

from dataclasses import dataclass

from cloud_service.pricing.rules import Rules
from label_templates.contract.money import MAX_AMOUNT_MINOR, minor_digits
from label_templates.contract.tile import Measure

HUNDREDTHS = 100
TENTH = 10


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """A unit price as the law has it: `hundredths` of a minor unit for one `measure`."""

    hundredths: int
    measure: Measure
    in_cents: bool
    """Printed in minor units with a tenth, `14.5¢`, or a hundredth, `2.53¢`."""


_METRIC: dict[Measure, tuple[Measure, int]] = {"g": ("kg", 1000), "ml": ("l", 1000)}
"""Measures that the law prices by a larger one, and how many of them make it."""


def unit_price(
    amount: int, net_milli: int, measure: Measure, rules: Rules, currency: str
) -> UnitPrice | None:
    """Return the unit price of an amount paid for a net content; None where it rounds to nothing.

    `amount` is what the content costs: of a multi-buy, the whole bundle with its whole content.
    """
    per, factor = _METRIC.get(measure, (measure, 1)) if rules.metric else (measure, 1)
    # Minor units for one measure are thousandths / net_milli, and are never divided: no half is
    # lost, and the branch is chosen before anything is rounded.
    thousandths = amount * factor * 1000
    step, in_cents = _step(thousandths, net_milli, rules, currency)
    steps = (2 * HUNDREDTHS * thousandths + step * net_milli) // (2 * step * net_milli)
    hundredths = steps * step
    if not 0 < hundredths <= MAX_AMOUNT_MINOR * HUNDREDTHS:
        return None
    return UnitPrice(hundredths, per, in_cents)


def _step(thousandths: int, net_milli: int, rules: Rules, currency: str) -> tuple[int, bool]:
    """Return to how many hundredths of a minor unit to round, and whether to print minor units."""
    if rules.rounding == "cents" or thousandths >= 10 ** minor_digits(currency) * net_milli:
        return HUNDREDTHS, False
    if rules.rounding == "three-digits" and thousandths < 10 * net_milli:
        return 1, True
    return TENTH, True
