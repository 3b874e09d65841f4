"""Bringing a staged price list into the book: only what differs, in one go.

Statements over whole tables, with `IS DISTINCT FROM` as their guard, so that a product or price
that already stands is neither written nor marked.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    and_,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import QueryableAttribute, aliased
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from cloud_service.catalog.tables import ProductRow
from cloud_service.pricing.book import Column, counting
from cloud_service.pricing.entry import COLUMNS
from cloud_service.pricing.imports.rows import FACTS
from cloud_service.pricing.imports.staging import STAGED
from cloud_service.pricing.tables import PriceRow
from cloud_service.storage.engine import Unit
from cloud_service.storage.inserting import dialect_of, insert_into


@dataclass(frozen=True)
class Merged:
    """What a list did to the book, in rows of the list."""

    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True)
class Book:
    """Where a list goes: the zone, the revision that writes it, and from when its prices hold."""

    zone: str
    revision: int
    at: int


def merge(unit: Unit, book: Book, facts: Collection[str], staged: int) -> Merged:
    """Bring `staged` rows into the book; of products only `facts` are taken."""
    zone, revision = book.zone, book.revision
    spoken_of = [fact for fact in FACTS if fact in facts]
    products = _merge_products(unit, revision, spoken_of, staged)
    first = not _has_prices(unit, zone)
    prices = _merge_prices(unit, _all_new(book) if first else _differing(unit, book))
    new = prices if first or not prices else _count_new(unit, zone, revision)
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


def _merge_products(unit: Unit, revision: int, facts: list[str], staged: int) -> int:
    """Write the products that are new or said otherwise; return how many."""
    # `folded` follows from the name and the brand.
    taken = [*facts, "folded"] if {"name", "brand"} & set(facts) else facts
    if dialect_of(unit) == "postgresql":
        added = _add_products(unit, revision)
        known = added < staged
        return added + (_correct_products(unit, revision, facts, taken) if known else 0)
    statement = insert_into(unit, ProductRow).from_select(
        [*_PRODUCT, "revision"], _products(revision).where(STAGED.c.sku.is_not(None))
    )
    given = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["sku"],
        set_={**{name: given[name] for name in taken}, "revision": revision},
        where=_differ(facts, given),
    )
    return _written(unit, statement)


_PRODUCT = ("sku", *FACTS, "folded")


def _products(revision: int) -> Select[*tuple[Any, ...]]:
    columns = (STAGED.c[name] for name in _PRODUCT)
    return select(*columns, literal(revision)).order_by(STAGED.c.sku)


def _differ(facts: list[str], given: ReadOnlyColumnCollection[str, Any]) -> ColumnElement[bool]:
    return or_(*(getattr(ProductRow, fact).is_distinct_from(given[fact]) for fact in facts))


def _add_products(unit: Unit, revision: int) -> int:
    """Add the products that there are not; ON CONFLICT would cost PostgreSQL half as much again."""
    known = select(ProductRow.sku).where(ProductRow.sku == STAGED.c.sku).exists()
    rows = _products(revision).where(~known)
    return _written(unit, insert(ProductRow).from_select([*_PRODUCT, "revision"], rows))


def _correct_products(unit: Unit, revision: int, facts: list[str], taken: list[str]) -> int:
    statement = (
        update(ProductRow)
        .where(ProductRow.sku == STAGED.c.sku, _differ(facts, STAGED.c))
        .values({**{name: STAGED.c[name] for name in taken}, "revision": revision})
        .execution_options(synchronize_session=False)
    )
    return _written(unit, statement)


def _merge_prices(unit: Unit, rows: Select[*tuple[object, ...]]) -> int:
    names = ["zone", "sku", "revision", "previous", "effective_from", "effective_until", *COLUMNS]
    return _written(unit, insert(PriceRow).from_select(names, rows.order_by(STAGED.c.sku)))


def _has_prices(unit: Unit, zone: str) -> bool:
    query = select(PriceRow.sku).where(PriceRow.zone == zone).limit(1)
    return unit.scalar(query) is not None


def _all_new(book: Book) -> Select[*tuple[object, ...]]:
    return select(*_row(book, null()))


def _differing(unit: Unit, book: Book) -> Select[*tuple[object, ...]]:
    """Select the staged rows that differ from the entry that counts, or have none."""
    sorting = dialect_of(unit) == "postgresql"
    present, same = _sorted_out(book) if sorting else _looked_up(book)
    differs = (getattr(present, name).is_distinct_from(STAGED.c[name]) for name in COLUMNS)
    return (
        select(*_row(book, present.revision))
        .select_from(STAGED.outerjoin(present, same))
        .where(or_(present.sku.is_(None), *differs))
    )


def _looked_up(book: Book) -> tuple[type[PriceRow], ColumnElement[bool]]:
    """Join each staged row to the entry that counts by asking for its revision."""
    present = aliased(PriceRow)
    revision = counting(book.zone, STAGED.c.sku, book.at)
    return present, and_(
        *_holds(present, book), present.sku == STAGED.c.sku, present.revision == revision
    )


def _sorted_out(book: Book) -> tuple[type[PriceRow], ColumnElement[bool]]:
    """Sort the staged products' entries once: asking a million times costs PostgreSQL more."""
    entries = (
        select(PriceRow)
        .ext(distinct_on(PriceRow.sku))
        .where(*_holds(PriceRow, book), PriceRow.sku.in_(select(STAGED.c.sku)))
        .order_by(PriceRow.sku, PriceRow.effective_from.desc(), PriceRow.revision.desc())
    )
    present = aliased(PriceRow, entries.subquery("present"))
    return present, present.sku == STAGED.c.sku


def _holds(entry: type[PriceRow], book: Book) -> list[ColumnElement[bool]]:
    ends = entry.effective_until
    return [
        entry.zone == book.zone,
        entry.effective_from <= book.at,
        or_(ends.is_(None), ends > book.at),
    ]


def _row(book: Book, previous: ColumnElement[Any] | QueryableAttribute[int]) -> list[Any]:
    prices = (STAGED.c[name] for name in COLUMNS)
    zone, revision, at = literal(book.zone), literal(book.revision), literal(book.at)
    return [zone, STAGED.c.sku, revision, previous, at, null(), *prices]


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


def _written(unit: Unit, statement: Executable) -> int:
    """Run a statement and return how many rows it wrote."""
    result = unit.execute(statement, execution_options={"preserve_rowcount": True})
    if not isinstance(result, CursorResult):
        raise TypeError(f"{type(result).__name__} counts no rows")
    return result.rowcount
