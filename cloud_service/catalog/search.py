"""Finding products: as people type, without case and diacritics, and as scanners read."""

from sqlalchemy import ColumnElement, func, or_, select

from cloud_service.catalog.gtins import named_by
from cloud_service.catalog.products import Product, fold, products_of
from cloud_service.catalog.tables import ProductRow
from cloud_service.storage.engine import Unit


def search_products(
    unit: Unit, text: str, among: ColumnElement[bool] | None, after: str | None, limit: int
) -> tuple[list[Product], int]:
    """Return products by SKU that match every word of a text, and how many there are in all.

    A word matches inside name or brand, at the start of a SKU, as a PLU, or as a whole GTIN, which
    may have lost or gained leading zeros in a scanner.
    """
    conditions = [_matches(word) for word in text.split()]
    if among is not None:
        conditions.append(among)
    total = unit.scalar(select(func.count()).select_from(ProductRow).where(*conditions)) or 0
    query = select(ProductRow).where(*conditions)
    if after is not None:
        query = query.where(ProductRow.sku > after)
    rows = unit.scalars(query.order_by(ProductRow.sku).limit(limit)).all()
    return products_of(unit, rows), total


def _matches(word: str) -> ColumnElement[bool]:
    choices = [
        ProductRow.folded.contains(fold(word), autoescape=True),
        ProductRow.sku.istartswith(word, autoescape=True),
    ]
    if word.isascii() and word.isdigit():
        if len(word) >= 8:
            choices.append(named_by(word))
        elif len(word) in {4, 5}:
            choices.append(ProductRow.plu == word)
    return or_(*choices)
