"""Bringing a staged price list into the book: only what differs, in one go.

Statements over whole tables, with `IS DISTINCT FROM` as their guard, so that a product or price
that already stands is neither written nor marked.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, insert, literal, null, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import aliased

from cloud_service.catalog.tables import ProductRow
from cloud_service.pricing.book import Column
from cloud_service.pricing.entry import COLUMNS
from cloud_service.pricing.imports.rows import FACTS
from cloud_service.pricing.imports.staging import STAGED
from cloud_service.pricing.tables import PriceRow
from cloud_service.storage.engine import Unit


@dataclass(frozen=True)
class Merged:
    """What a list did to the book, in rows of the list."""

    new: int
    changed: int
    unchanged: int


def merge(unit: Unit, zone: str, revision: int, facts: Collection[str], staged: int) -> Merged:
    """Bring `staged` rows into a zone under a revision; of products only `facts` are taken."""
    products = _merge_products(unit, revision, [fact for fact in FACTS if fact in facts])
    prices = _merge_prices(unit, zone, revision)
    new = _count_new(unit, zone, revision) if prices else 0
    changed = prices - new
    if products and prices < staged:
        changed += _count_only_facts(unit, zone, revision)
    return Merged(new, changed, staged - new - changed)


def facts_changed_at(revision: int, sku: Column) -> ColumnElement[bool]:
    """Return the condition that a revision changed the product whose SKU is in a column."""
    return (
        select(ProductRow.sku)
        .where(ProductRow.sku == sku, ProductRow.revision == revision)
        .exists()
    )


def _merge_products(unit: Unit, revision: int, facts: list[str]) -> int:
    # `folded` follows from the name and the brand.
    names = ["sku", *FACTS, "folded"]
    rows = select(*(STAGED.c[name] for name in names), literal(revision)).order_by(STAGED.c.sku)
    kind = postgresql if unit.get_bind().dialect.name == "postgresql" else sqlite
    statement = kind.insert(ProductRow).from_select(
        [*names, "revision"], rows.where(STAGED.c.sku.is_not(None))
    )
    given = statement.excluded
    taken = [*facts, "folded"] if {"name", "brand"} & set(facts) else facts
    statement = statement.on_conflict_do_update(
        index_elements=["sku"],
        set_={**{name: given[name] for name in taken}, "revision": revision},
        where=or_(*(getattr(ProductRow, fact).is_distinct_from(given[fact]) for fact in facts)),
    )
    return _rows(unit.execute(statement))


def _merge_prices(unit: Unit, zone: str, revision: int) -> int:
    rows = _differing(zone, revision) if _has_prices(unit, zone) else _all_new(zone, revision)
    names = ["zone", "sku", "revision", "previous", *COLUMNS]
    return _rows(unit.execute(insert(PriceRow).from_select(names, rows.order_by(STAGED.c.sku))))


def _has_prices(unit: Unit, zone: str) -> bool:
    query = select(PriceRow.sku).where(PriceRow.zone == zone).limit(1)
    return unit.scalar(query) is not None


def _all_new(zone: str, revision: int) -> Select[*tuple[object, ...]]:
    prices = (STAGED.c[name] for name in COLUMNS)
    return select(literal(zone), STAGED.c.sku, literal(revision), null(), *prices)


def _differing(zone: str, revision: int) -> Select[*tuple[object, ...]]:
    """Select the staged rows that differ from the newest entry, or have none."""
    present, other = aliased(PriceRow), aliased(PriceRow)
    newest = (
        select(func.max(other.revision))
        .where(other.zone == zone, other.sku == STAGED.c.sku)
        .correlate(STAGED)
        .scalar_subquery()
    )
    same = and_(present.zone == zone, present.sku == STAGED.c.sku, present.revision == newest)
    differs = (getattr(present, name).is_distinct_from(STAGED.c[name]) for name in COLUMNS)
    prices = (STAGED.c[name] for name in COLUMNS)
    return (
        select(literal(zone), STAGED.c.sku, literal(revision), present.revision, *prices)
        .select_from(STAGED.outerjoin(present, same))
        .where(or_(present.sku.is_(None), *differs))
    )


def _count_new(unit: Unit, zone: str, revision: int) -> int:
    query = (
        select(func.count())
        .select_from(STAGED)
        .join(PriceRow, and_(PriceRow.zone == zone, PriceRow.sku == STAGED.c.sku,
                             PriceRow.revision == revision))
        .where(PriceRow.previous.is_(None))
    )  # fmt: skip
    return unit.scalar(query) or 0


def _count_only_facts(unit: Unit, zone: str, revision: int) -> int:
    priced = (
        select(PriceRow.sku)
        .where(PriceRow.zone == zone, PriceRow.sku == STAGED.c.sku, PriceRow.revision == revision)
        .exists()
    )
    query = (
        select(func.count())
        .select_from(STAGED)
        .where(facts_changed_at(revision, STAGED.c.sku), ~priced)
    )
    return unit.scalar(query) or 0


def _rows(result: object) -> int:
    if not isinstance(result, CursorResult):
        raise TypeError(f"{type(result).__name__} counts no rows")
    return result.rowcount
