"""Products: what the chain sells, the same in all its stores, and how they are found."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import get_args

from sqlalchemy import ColumnElement, func, or_, select

from cloud_service.catalog.tables import ProductRow
from cloud_service.errors import NotFound
from cloud_service.storage.engine import Unit
from label_templates.contract.tile import Measure

MEASURES: dict[str, Measure] = {measure: measure for measure in get_args(Measure)}
"""The measures net content may have, by the word a price list writes."""

_CHUNK = 500
"""SKUs asked for at once; databases bound the number of parameters."""


@dataclass(frozen=True)
class Product:
    """What a product is. Net content is `net_milli` thousandths of `net_measure`."""

    sku: str
    gtin: str | None
    name: str
    brand: str | None
    size: str | None
    """Net content as printed: `500 g`."""
    net_milli: int | None
    net_measure: Measure | None
    category: str | None
    weighed: bool
    """Sold by weight: its price is for one unit of its net measure."""


def fold(text: str) -> str:
    """Return a text as search compares it: without case and diacritics."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "d"))
    return "".join(c for c in parts if not unicodedata.combining(c)).casefold()


def folded_facts(name: str, brand: str | None) -> str:
    """Return what a search by words looks through."""
    return fold(f"{name} {brand}" if brand else name)


def find_product(unit: Unit, sku: str) -> Product:
    """Return a product; raise NotFound."""
    row = unit.get(ProductRow, sku)
    if row is None:
        raise NotFound(f"There is no product with SKU {sku!r}.")
    return _product(row)


def products_by_sku(unit: Unit, skus: Collection[str]) -> dict[str, Product]:
    """Return the products there are among some SKUs."""
    wanted = sorted(skus)
    found: dict[str, Product] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        for row in unit.scalars(select(ProductRow).where(ProductRow.sku.in_(chunk))):
            found[row.sku] = _product(row)
    return found


def search_products(
    unit: Unit, text: str, among: ColumnElement[bool] | None, after: str | None, limit: int
) -> tuple[list[Product], int]:
    """Return products by SKU that match every word of a text, and how many there are in all.

    A word matches inside name or brand, at the start of a SKU, or as the whole GTIN, which may
    have lost or gained leading zeros in a scanner.
    """
    conditions = [_matches(word) for word in text.split()]
    if among is not None:
        conditions.append(among)
    total = unit.scalar(select(func.count()).select_from(ProductRow).where(*conditions)) or 0
    query = select(ProductRow).where(*conditions)
    if after is not None:
        query = query.where(ProductRow.sku > after)
    rows = unit.scalars(query.order_by(ProductRow.sku).limit(limit))
    return [_product(row) for row in rows], total


def _matches(word: str) -> ColumnElement[bool]:
    choices = [
        ProductRow.folded.contains(fold(word), autoescape=True),
        ProductRow.sku.startswith(word, autoescape=True),
    ]
    if word.isascii() and word.isdigit() and len(word) >= 8:
        digits = word.lstrip("0")
        choices.append(ProductRow.gtin.in_([digits.rjust(n, "0") for n in (8, 12, 13, 14)]))
    return or_(*choices)


def _product(row: ProductRow) -> Product:
    return Product(
        sku=row.sku,
        gtin=row.gtin,
        name=row.name,
        brand=row.brand,
        size=row.size,
        net_milli=row.net_milli,
        net_measure=MEASURES[row.net_measure] if row.net_measure else None,
        category=row.category,
        weighed=row.weighed,
    )
