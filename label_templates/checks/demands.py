"""What a law asks of a tile, as data: whoever knows the law hands it in."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from label_templates.checks.finding import Level

Part = Literal[
    "unit-price", "prior", "reference", "loyalty-unit-price", "loyalty-condition", "deposit"
]
"""Must be drawn where the content has it."""
Manner = Literal["unit-price-heading", "unit-price-first", "unit-price-ink"]
"""How the unit price must stand: headed; above or left of the price; in a colour of its own."""
Measured = Literal["digit-height", "tag-height", "bar-module"]
"""Must be at least so large: the price's digits, the whole tile, a bar of a barcode."""
Asked = Part | Manner | Measured


@dataclass(frozen=True)
class Demand:
    """One thing that a law asks from a day on. Lengths are micrometres."""

    asks: Asked
    citation: str
    since: date
    least_um: int = 0
    level: Level = "error"
    """A warning where the wording leaves open how far it reaches."""


Demands = tuple[Demand, ...]
