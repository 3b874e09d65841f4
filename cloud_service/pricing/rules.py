"""Law as data: how unit prices are rounded, reductions announced, and what a tile must print.

A rule carries the day from which it holds and its citation, so that whoever asks why a tile says
something gets an answer. Names are ISO 3166 codes, `US-NJ` before `US`; what is not listed falls
back to its country, then to US. That a text is here is no legal advice.

Read in the law itself: N.J.A.C. 13:45A-14.6, Conn. Agencies Regs. 21a-75-4, PAngV § 11, SR 2004/368
art. 13, and the definitions of SI 2024/1055 with its day of commencement (SI 2025/592). Taken from
summaries, not read: the other citations, ZZP (NN 19/2022) art. 19 and NN 75/2025 among them. Not
known, and therefore set to what claims least:
  - GB: whether the Price Marking Order 2004 rounds as Northern Ireland's order does; tenths of a
    penny are exact enough either way.
  - EU members other than DE: whether they use art. 6a(3) to (5) of Directive 98/6/EC. No switch is
    on where no text is cited: every cut is measured against the lowest price of the 30 days before
    it, and goods sold for less than 30 days announce none. In Croatia a supervisory authority's
    statement on seasonal sales is known, so only clearances may go down in steps there.
  - US states without an entry: the rounding of N.J.A.C., which is also that of other states' rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal

from label_templates.checks.demands import Asked, Demand, Demands

UnitRounding = Literal["cents-tenth", "cents", "three-digits"]
PriorPrice = Literal["regular", "low-30"]
Progressive = Literal["never", "clearance", "always"]
"""Which cuts that grow step by step are all measured as the first was."""
Perishable = Literal["low-30", "previous"]
"""What cuts of goods that perish are measured against: as others, or the price just before."""
Arrivals = Literal["since-first-sale", "none"]
"""What holds for goods sold for less than 30 days: their lowest price so far, or no cut at all."""

_LONG_AGO = date(2000, 1, 1)
"""For law that is older than electronic shelf labels; its own day does not matter."""


@dataclass(frozen=True)
class Rules:
    """What a jurisdiction asks of a price and of its tile, from a day on.

    rounding: `cents` to the nearest minor unit; `cents-tenth` below one major unit to the nearest
    tenth of a minor unit, printed in minor units; `three-digits` likewise, below ten minor units to
    the nearest hundredth. metric: unit prices are per kg, l, m or piece. prior: what a reduction is
    measured against. demands: what must be printed, and how large. cited: the text behind
    `unit-price`, `prior` and the switches.
    """

    rounding: UnitRounding
    metric: bool
    prior: PriorPrice
    cited: Mapping[str, str]
    demands: Demands = ()
    progressive: Progressive = "never"
    perishable: Perishable = "low-30"
    arrivals: Arrivals = "none"
    since: date = _LONG_AGO

    def and_also(self, *demands: Demand) -> "Rules":
        """Return the rules with demands added; one replaces another that asks for the same."""
        asked = {demand.asks for demand in demands}
        kept = (demand for demand in self.demands if demand.asks not in asked)
        return replace(self, demands=(*kept, *demands))

    def citing(self, **cited: str) -> "Rules":
        """Return the rules with other texts behind them; `unit_price` is `unit-price`."""
        named = {name.replace("_", "-"): text for name, text in cited.items()}
        return replace(self, cited={**self.cited, **named})


def _since(year: int, month: int, day: int, citation: str, *asks: Asked) -> Demands:
    return tuple(Demand(one, citation, date(year, month, day)) for one in asks)


def _always(citation: str, *asks: Asked) -> Demands:
    return tuple(Demand(one, citation, _LONG_AGO) for one in asks)


def _at_least(asks: Asked, least_um: int, citation: str) -> Demand:
    return Demand(asks, citation, _LONG_AGO, least_um)


_EU_DEMANDS = (
    *_since(2000, 3, 18, "Directive 98/6/EC art. 3(1)", "unit-price", "loyalty-unit-price"),
    *_since(2000, 3, 18, "Directive 98/6/EC art. 4(1)", "loyalty-condition"),
    *_since(2022, 5, 28, "Directive 98/6/EC art. 6a(1)", "prior"),
    *_since(2023, 6, 29, "Directive 98/6/EC art. 2(a), CJEU C-543/21", "deposit"),
)
_GERMANY = (
    *_since(2022, 5, 28, "PAngV § 4(1)", "unit-price", "loyalty-unit-price"),
    *_since(2022, 5, 28, "PAngV § 7", "deposit"),
    *_since(2022, 5, 28, "PAngV § 11(1)", "prior"),
)
_CROATIA = (
    *_since(2022, 5, 28, "ZZP (NN 19/2022) art. 19(4)", "prior"),
    *_since(2025, 5, 15, "NN 75/2025 VI", "reference"),
)
_GREAT_BRITAIN = _since(2004, 7, 22, "Price Marking Order 2004 art. 5(1)", "unit-price")
_GREAT_BRITAIN_2026 = _since(
    2026, 4, 6, "Price Marking Order 2004 as amended by SI 2024/1055",
    "loyalty-unit-price", "loyalty-condition", "deposit",
)  # fmt: skip
_ULSTER = _always("SR 2004/368", "unit-price")
_NEW_JERSEY = _always("N.J.A.C. 13:45A-14", "unit-price")
_CONNECTICUT = (
    *_always("Conn. Agencies Regs. 21a-75-4(b)",
             "unit-price", "unit-price-heading", "unit-price-first"),
    # Whether one ink on white and its inverse are two colours, the wording does not say.
    Demand("unit-price-ink", "Conn. Agencies Regs. 21a-75-4(a)", _LONG_AGO, level="warning"),
)  # fmt: skip
_CALIFORNIA = _always("Cal. Bus. & Prof. Code 12024.2(a)", "deposit")
_MASSACHUSETTS = (
    *_always("202 CMR 5.03", "unit-price"),
    *_always("202 CMR 7.06(5)", "loyalty-condition"),
    _at_least("tag-height", 25_400, "202 CMR 7.06(3)"),
    _at_least("digit-height", 12_700, "202 CMR 7.06(4)"),
)

_US = Rules(
    "cents-tenth", metric=False, prior="regular", cited={"unit-price": "N.J.A.C. 13:45A-14.6"}
)
_EU = Rules(
    "cents", metric=True, prior="low-30", demands=_EU_DEMANDS,
    cited={
        "unit-price": "Directive 98/6/EC art. 2(b) and 3(1)",
        "prior": "Directive 98/6/EC art. 6a(1) and (2), CJEU C-330/23",
        "arrivals": "Directive 98/6/EC art. 6a(2)",
    },
)  # fmt: skip
_DE = replace(
    _EU.and_also(*_GERMANY), progressive="always", perishable="previous",
    arrivals="since-first-sale",
).citing(
    unit_price="PAngV § 4", prior="PAngV § 11(1)", progressive="PAngV § 11(2)",
    perishable="PAngV § 11(4) no. 2", arrivals="PAngV § 11(1)",
)  # fmt: skip
_HR = replace(
    _EU.and_also(*_CROATIA), progressive="clearance", arrivals="since-first-sale"
).citing(
    prior="ZZP (NN 19/2022) art. 19(4)",
    progressive="ZZP (NN 19/2022) art. 19, seasonal sales",
    arrivals="ZZP (NN 19/2022) art. 19(4)",
)  # fmt: skip
_GB = Rules(
    "cents-tenth", metric=True, prior="regular", demands=_GREAT_BRITAIN,
    cited={"unit-price": "Price Marking Order 2004 art. 1(2)"}, since=date(2004, 7, 22),
)  # fmt: skip
_GB_2026 = replace(_GB.and_also(*_GREAT_BRITAIN_2026), since=date(2026, 4, 6)).citing(
    unit_price="Price Marking Order 2004 art. 1(2) as amended by SI 2024/1055"
)
_NORTHERN_IRELAND = Rules(
    "cents-tenth", metric=True, prior="regular", demands=_ULSTER,
    cited={"unit-price": "SR 2004/368 art. 13"},
)  # fmt: skip
_CT = replace(_US.and_also(*_CONNECTICUT), rounding="three-digits").citing(
    unit_price="Conn. Agencies Regs. 21a-75-4(b)(ii)"
)
_EU_MEMBERS = "AT BE BG CY CZ DK EE ES FI FR GR HU IE IT LT LU LV MT NL PL PT RO SE SI SK EU"

JURISDICTIONS: Mapping[str, tuple[Rules, ...]] = {
    "US": (_US,),
    "US-CA": (_US.and_also(*_CALIFORNIA),),
    "US-CT": (_CT,),
    "US-MA": (_US.and_also(*_MASSACHUSETTS),),
    "US-NJ": (_US.and_also(*_NEW_JERSEY),),
    "GB": (_GB, _GB_2026),
    "GB-NIR": (_NORTHERN_IRELAND,),
    **dict.fromkeys(_EU_MEMBERS.split(), (_EU,)),
    "DE": (_DE,),
    "HR": (_HR,),
}
"""The rules of each jurisdiction, those that came later after those that they replaced."""


@lru_cache(maxsize=1024)
def rules_of(jurisdiction: str, on: date) -> Rules:
    """Return the rules in force on a day in a jurisdiction, its country or the United States."""
    country = jurisdiction.partition("-")[0]
    law = JURISDICTIONS.get(jurisdiction) or JURISDICTIONS.get(country) or JURISDICTIONS["US"]
    rules = next((one for one in reversed(law) if one.since <= on), law[0])
    return replace(rules, demands=tuple(one for one in rules.demands if one.since <= on))
