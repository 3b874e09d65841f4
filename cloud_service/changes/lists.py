"""Price lists that wait: what they change is kept in the database, row by row, until published.

From the staging table into it and back by statements over whole tables, so memory stays bounded.
Publishing merges the rows as the import itself would have.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, literal, or_, select, text
from sqlalchemy.orm import aliased

from cloud_service.catalog.stores import find_store
from cloud_service.catalog.tables import PositionRow, ProductRow
from cloud_service.changes.draft import Draft
from cloud_service.changes.publishing import Author, Naming, Published, close_change, open_as
from cloud_service.changes.releasing import touched_by
from cloud_service.changes.tables import LISTED, ChangeListRow
from cloud_service.errors import Conflict
from cloud_service.pricing.book import counting
from cloud_service.pricing.entry import COLUMNS
from cloud_service.pricing.imports.merge import Book, facts_changed_at, merge
from cloud_service.pricing.imports.staging import STAGED, Staging
from cloud_service.pricing.tables import PriceRow
from cloud_service.storage.engine import Unit

_OWN = ("change_id", "seen", "seen_product")
_ROW = [column.name for column in LISTED.c if column.name not in _OWN]
_NAMED = 5


def keep_list(unit: Unit, draft: Draft, facts: Collection[str], now: int) -> int:
    """Keep what the staged list would change, under a draft that is kept; return how many rows."""
    columns = [*_OWN, *_ROW]
    unit.execute(insert(LISTED).from_select(columns, _differing(draft, facts, now)))
    rows = unit.scalar(
        select(func.count()).select_from(LISTED).where(LISTED.c.change_id == draft.id)
    )
    unit.add(ChangeListRow(change_id=draft.id, facts=sorted(facts), rows=rows or 0))
    unit.flush()
    return rows or 0


def drop_list(unit: Unit, change_id: str) -> None:
    """Forget the rows of a list that no longer waits."""
    unit.execute(delete(LISTED).where(LISTED.c.change_id == change_id))
    unit.execute(delete(ChangeListRow).where(ChangeListRow.change_id == change_id))


def release_list(unit: Unit, draft: Draft, publisher: Author) -> Published:
    """Write a waiting list into the book and mark the shelves that must follow.

    Raises Conflict where somebody changed one of its prices or products since.
    """
    _check_unchanged(unit, draft)
    store = find_store(unit, draft.store_id)
    author = replace(publisher, note=draft.note)
    change = open_as(unit, Naming(draft.id, draft.kind, store, draft.scope), author)
    book = Book(draft.scope, change.revision, draft.takes_effect(publisher.at))
    with _staged(unit, draft):
        merged = merge(unit, book, _facts(unit, draft.id), draft.listed)
    touched = or_(touched_by(unit, change), facts_changed_at(change.revision, PositionRow.sku))
    drop_list(unit, draft.id)
    return close_change(unit, change, touched, merged.new + merged.changed, {})


def _differing(draft: Draft, facts: Collection[str], now: int) -> Select[Any]:
    """Select the staged rows that differ from what the book and the catalogue say."""
    present = aliased(PriceRow)
    ends = present.effective_until
    counts = and_(
        present.zone == draft.scope,
        present.sku == STAGED.c.sku,
        present.revision == counting(draft.scope, STAGED.c.sku, now),
        present.effective_from <= now,
        or_(ends.is_(None), ends > now),
    )
    prices = [getattr(present, name).is_distinct_from(STAGED.c[name]) for name in COLUMNS]
    said = [getattr(ProductRow, name).is_distinct_from(STAGED.c[name]) for name in sorted(facts)]
    return (
        select(
            literal(draft.id),
            _newest(draft.scope, STAGED.c.sku),
            ProductRow.revision,
            *(STAGED.c[name] for name in _ROW),
        )
        .select_from(STAGED)
        .outerjoin(present, counts)
        .outerjoin(ProductRow, ProductRow.sku == STAGED.c.sku)
        .where(or_(present.sku.is_(None), ProductRow.sku.is_(None), *prices, *said))
    )


def _newest(scope: str, sku: ColumnElement[str]) -> ColumnElement[int | None]:
    """Return the newest revision of a price, what was written for later being one as well."""
    written = aliased(PriceRow)
    newest = select(func.max(written.revision)).where(written.zone == scope, written.sku == sku)
    return newest.scalar_subquery()


def _check_unchanged(unit: Unit, draft: Draft) -> None:
    facts = _facts(unit, draft.id)
    said = [getattr(ProductRow, name).is_distinct_from(LISTED.c[name]) for name in facts]
    retold = and_(LISTED.c.seen_product.is_distinct_from(ProductRow.revision), or_(*said))
    price = LISTED.c.seen.is_distinct_from(_newest(draft.scope, LISTED.c.sku))
    stale = (
        select(LISTED.c.sku)
        .outerjoin(ProductRow, ProductRow.sku == LISTED.c.sku)
        .where(LISTED.c.change_id == draft.id, or_(price, retold))
    )
    count = unit.scalar(select(func.count()).select_from(stale.subquery())) or 0
    if not count:
        return
    named = ", ".join(unit.scalars(stale.order_by(LISTED.c.sku).limit(_NAMED)))
    more = f" and {count - _NAMED} more" if count > _NAMED else ""
    raise Conflict(
        f"Somebody else changed {named}{more} since this list came; "
        "cancel the change and send the list again."
    )


def _facts(unit: Unit, change_id: str) -> list[str]:
    found = unit.get(ChangeListRow, change_id)
    return list(found.facts) if found is not None else []


@contextmanager
def _staged(unit: Unit, draft: Draft) -> Iterator[None]:
    """Put a list's rows into the staging table again, as if it had just been read."""
    desk = unit.connection()
    STAGED.create(desk, checkfirst=False)  # undone with the unit where it fails
    rows = select(literal(0), *(LISTED.c[name] for name in _ROW))
    mine = rows.where(LISTED.c.change_id == draft.id)
    unit.execute(insert(STAGED).from_select(["row", *_ROW], mine))
    unit.execute(text("CREATE UNIQUE INDEX staged_sku ON staged_prices (sku)"))
    yield
    Staging.drop(desk)
