"""What of a product its price and its unit price depend on."""

from dataclasses import dataclass

from label_templates.contract.tile import Measure


@dataclass(frozen=True, slots=True)
class Goods:
    """What of a product the price depends on. Net content in thousandths of its measure."""

    net_milli: int | None
    measure: Measure | None
    weighed: bool
    deposit: int | None = None
    """Paid on top and given back, minor units; outside the price and the unit price."""
    perishable: bool = False
