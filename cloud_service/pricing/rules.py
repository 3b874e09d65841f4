"""Law as data: how each jurisdiction has unit prices rounded and reductions announced.

A rule carries its citation, so that whoever asks why a tile says something gets an answer. Names
are ISO 3166 codes, `US-NJ` before `US`; what is not listed falls back to its country, then to US.
"""

from dataclasses import dataclass
from typing import Literal

UnitRounding = Literal["cents-tenth", "cents"]
PriorPrice = Literal["regular", "low-30"]


@dataclass(frozen=True)
class Rules:
    """What a jurisdiction asks of a tile.

    rounding: `cents` to the nearest minor unit; `cents-tenth` below one major unit to the nearest
    tenth of a minor unit, printed in minor units. metric: unit prices are per kg, l, m or piece.
    prior: what a reduction is measured against.
    """

    rounding: UnitRounding
    metric: bool
    prior: PriorPrice
    citation: str


_US = Rules("cents-tenth", metric=False, prior="regular", citation="N.J.A.C. 13:45A-14.6")
_EU = Rules("cents", metric=True, prior="low-30", citation="Directive 98/6/EC art. 3 and 6a")
_GB = Rules("cents", metric=True, prior="regular", citation="Price Marking Order 2004")
_NORTHERN_IRELAND = Rules(
    "cents-tenth", metric=True, prior="regular", citation="SR 2004/368 art. 13"
)
_EU_MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK EU"

JURISDICTIONS: dict[str, Rules] = {
    "US": _US,
    "GB": _GB,
    "GB-NIR": _NORTHERN_IRELAND,
    **dict.fromkeys(_EU_MEMBERS.split(), _EU),
}


def rules_of(jurisdiction: str) -> Rules:
    """Return the rules of a jurisdiction, its country's, or those of the United States."""
    country = jurisdiction.partition("-")[0]
    return JURISDICTIONS.get(jurisdiction) or JURISDICTIONS.get(country) or _US
