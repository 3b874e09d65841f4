"""Samples of the templates for the store's staff."""

from typing import Any

from label_templates.samples.goods import COLA, GRANOLA, MUESLI, ORANGES, PENNE, PENNE_CUT
from label_templates.samples.sample import Sample
from label_templates.samples.stores import AMERICA, CROATIA, GERMANY


def _at(position: str, stock: int, facings: int) -> dict[str, Any]:
    return {"position": position, "stock": stock, "facings": facings}


_CASE = {"name": "Cola Case of 24", "size": None, "gtin": "10012345678902", "image": None}

STAFF: tuple[Sample, ...] = (
    Sample.of("staff/position", "penne-hr", CROATIA, PENNE, _at("b01-s2-p03", 42, 3)),
    Sample.of("staff/position", "granola-us", AMERICA, GRANOLA, _at("b11-s2-p13", 0, 12)),
    Sample.of("staff/position", "oranges-us", AMERICA, ORANGES, _at("b02-s1-p01", 1280, 1)),
    Sample.of("staff/position", "case-us", AMERICA, COLA, _CASE, _at("b07-s4-p02", 7, 1)),
    Sample.of("staff/position", "muesli-de", GERMANY, MUESLI),
    Sample.of("staff/position", "penne-cut-hr", CROATIA, PENNE_CUT, _at("b01-s2-p03", 3, 2)),
    Sample.of("staff/pick", "penne-hr", CROATIA, PENNE,
              position="b01-s2-p03", pick_quantity=3, pick_ink="red"),
    Sample.of("staff/pick", "granola-us", AMERICA, GRANOLA,
              position="b11-s2-p13", pick_quantity=12, pick_ink="yellow"),
    Sample.of("staff/pick", "oranges-us", AMERICA, ORANGES, pick_quantity=128, pick_ink="green"),
    Sample.of("staff/pick", "muesli-de", GERMANY, MUESLI, pick_ink="blue"),
    Sample.of("staff/pick", "cola-us", AMERICA, COLA, pick_quantity=1),
    Sample.of("staff/pick", "penne-cut-hr", CROATIA, PENNE_CUT,
              position="b01-s2-p03", pick_quantity=999, pick_ink="blue"),
)  # fmt: skip
