"""Tile contents made of the rows of a real price list."""

import csv
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path

from label_templates.contract.money import parse_amount
from label_templates.contract.tile import TileContent

_MEASURES = {"kg": "kg", "l": "l", "ko": "ea", "m": "m"}


def contents(file: Path) -> Iterator[tuple[str, TileContent]]:
    """Yield (template, content) for each product of a Konzum price list, as a shelf has them.

    A planogram keeps a category together, and in it what has the same name up to its flavour.
    """
    with file.open(encoding="utf-8", newline="") as lines:
        rows = sorted(csv.DictReader(lines), key=itemgetter("Category", "Product", "ProductId"))
    yield from map(content, rows)


def content(row: dict[str, str]) -> tuple[str, TileContent]:
    """Return one product's template and content, as its columns say."""
    special = row["SpecialPrice"]
    price = parse_amount(special or row["Price"], "EUR")
    prior = parse_amount(row["BestPrice30"], "EUR") if special and row["BestPrice30"] else 0
    cut = prior > price
    fields = {
        "sku": row["ProductId"],
        "name": row["Product"],
        "brand": row["Brand"] or None,
        "size": row["Quantity"].replace(".", ",").replace("ko", "kom") or None,
        "gtin": row["Barcode"] or None,
        "price": price,
        "weighed": row["Unit"] == "kg",
        **_unit_price(row),
        "promotion": ("percent" if cut else "special") if special else None,
        "prior_price": prior if cut else None,
        "percent_off": (100 * (prior - price) // prior or None) if cut else None,
        "promotion_until": 1_751_752_800 if special else None,
        **_reference(row),
    }
    regular = "price/weighed" if fields["weighed"] else "price/standard"
    return "price/promotion" if special else regular, TileContent.model_validate(fields)


def _unit_price(row: dict[str, str]) -> dict[str, object]:
    unit = row["Quantity"].rpartition(" ")[2]
    if not row["UnitPrice"] or float(row["UnitPrice"]) == 0 or unit not in _MEASURES:
        return {}
    amount = parse_amount(row["UnitPrice"], "EUR")
    return {"unit_price": amount * 100, "unit_measure": _MEASURES[unit]}


def _reference(row: dict[str, str]) -> dict[str, object]:
    if not row["AnchorPrice"]:
        return {}
    amount = parse_amount(row["AnchorPrice"], "EUR")
    return {"reference_price": amount, "reference_date": "2025-05-02"}
