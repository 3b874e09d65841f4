"""Samples of the templates that put a product on a stage: sponsored, heads of aisles, strips."""

from label_templates.samples.goods import (
    COFFEE,
    COFFEE_CUT,
    COLA_MEMBERS,
    GRANOLA,
    GRANOLA_TWO,
    MILK,
    MUESLI,
    ORANGES,
    PENNE,
    PENNE_CUT,
    UNTIL,
)
from label_templates.samples.sample import Sample
from label_templates.samples.stores import AMERICA, CROATIA, GERMANY

_CLEARANCE = {"promotion": "clearance", "prior_price": 599, "percent_off": 33}
_FREE_ONE = {"promotion": "buy-get", "bundle_quantity": 2, "pay_quantity": 1, "bundle_price": 329}
_SPECIAL = {"name": "Penne Rigate", "brand": "Zlatna", "price": 129, "unit_price": 11_700,
            "unit_measure": "lb", "reference_price": None, "reference_date": None,
            "promotion": "special"}  # fmt: skip

SPONSOR: tuple[Sample, ...] = (
    Sample.of("sponsor/tile", "coffee-us", AMERICA, COFFEE,
              sponsor="Torre Caffè", slogan="Wake up in Italy."),
    Sample.of("sponsor/tile", "granola-us", AMERICA, GRANOLA,
              sponsor="Meadowlark", slogan="Ten ingredients. Nothing to hide."),
    Sample.of("sponsor/tile", "penne-hr", CROATIA, PENNE,
              sponsor="Zlatna tjestenina d.o.o.", slogan="Uvijek al dente"),
    Sample.of("sponsor/tile", "muesli-de", GERMANY, MUESLI,
              sponsor="Mühlental", slogan="Knuspert lauter als der Wecker."),
    Sample.of("sponsor/tile", "oranges-us", AMERICA, ORANGES,
              sponsor="Citrus Growers of California", slogan="Sunshine you can peel."),
)  # fmt: skip

ENDCAP: tuple[Sample, ...] = (
    Sample.of("endcap/photo", "coffee-us", AMERICA, COFFEE_CUT),
    Sample.of("endcap/photo", "granola-us", AMERICA, GRANOLA_TWO),
    Sample.of("endcap/photo", "cola-us", AMERICA, COLA_MEMBERS),
    Sample.of("endcap/photo", "oranges-us", AMERICA, ORANGES),
    Sample.of("endcap/photo", "penne-hr", CROATIA, PENNE_CUT),
    Sample.of("endcap/photo", "milk-us", AMERICA, MILK, _FREE_ONE, UNTIL),
    Sample.of("endcap/photo", "muesli-de", GERMANY, MUESLI, _CLEARANCE),
)

STRIP: tuple[Sample, ...] = (
    Sample.of("strip/edge", "oranges-us", AMERICA, ORANGES),
    Sample.of("strip/edge", "coffee-us", AMERICA, COFFEE_CUT),
    Sample.of("strip/edge", "milk-us", AMERICA, MILK),
    Sample.of("strip/edge", "granola-us", AMERICA, GRANOLA_TWO),
    Sample.of("strip/edge", "cola-us", AMERICA, COLA_MEMBERS),
    Sample.of("strip/edge", "penne-us", AMERICA, PENNE, _SPECIAL, UNTIL),
    Sample.of("strip/edge", "penne-hr", CROATIA, PENNE_CUT),
    Sample.of("strip/edge", "free-us", AMERICA, MILK, _FREE_ONE, UNTIL),
    Sample.of("strip/edge", "gone-us", AMERICA, MILK, out_of_stock=True, back_on="2026-11-30"),
    Sample.of("strip/edge", "must-us", AMERICA, GRANOLA_TWO, must_buy=True),
    Sample.of("strip/edge", "muesli-de", GERMANY, MUESLI, _CLEARANCE),
)
