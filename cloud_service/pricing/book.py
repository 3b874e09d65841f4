"""Reading and writing the price book."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, insert, or_, select
from sqlalchemy.orm import QueryableAttribute, aliased

from cloud_service.pricing.entry import COLUMNS, PriceEntry
from cloud_service.pricing.offering import NOTHING, Offering, Record, newest
from cloud_service.pricing.promotion_book import promotions_of
from cloud_service.pricing.tables import PriceRow, RevisionRow
from cloud_service.pricing.window import Window
from cloud_service.storage.engine import Unit

Column = ColumnElement[str] | QueryableAttribute[str] | QueryableAttribute[str | None]

_CHUNK = 500
"""SKUs asked for at once; databases bound the number of parameters."""


REMEMBERED_S = 62 * 86_400
"""How far back a listing knows the book: the 30 days before a reduction that has lasted a month."""
_OVERRIDE = "@"


@dataclass(frozen=True)
class Standing:
    """A product's price in one scope as it counts at an instant. `revision` is the newest written.

    What was written for later is part of the version, so that nobody overlooks it.
    """

    sku: str
    revision: int
    entry: PriceEntry


@dataclass(frozen=True)
class Listing:
    """All that the book says of a product in a store; `version` is the newest revision of it."""

    sku: str
    version: int
    offering: Offering


@dataclass(frozen=True)
class NewEntry:
    """An entry to be written: from when it holds, and until when if not for ever."""

    entry: PriceEntry
    since: int
    until: int | None = None


def override_scope(store_id: str) -> str:
    """Return the scope in which a store keeps prices of its own."""
    return _OVERRIDE + store_id


def new_revision(unit: Unit, zone: str, now: int, actor: str, note: str) -> int:
    """Open the next revision of a zone and return its number."""
    row = RevisionRow(zone=zone, at=now, actor=actor, note=note)
    unit.add(row)
    unit.flush()
    return row.id


def standing(unit: Unit, scope: str, skus: Collection[str], now: int) -> dict[str, Standing]:
    """Return the prices that count in a scope for some SKUs; those without a price are absent."""
    found: dict[str, Standing] = {}
    for (_, sku), records in _records(unit, [scope], skus, now).items():
        counting = newest(records, now)
        version = max(record.revision for record in records)
        entry = counting.entry if counting is not None else NOTHING
        found[sku] = Standing(sku, version, entry)
    return found


def listings(
    unit: Unit, zone: str, store_id: str, skus: Collection[str], now: int
) -> dict[str, Listing]:
    """Return what the book says of some SKUs in a store; those without a price are absent.

    The book is known as far back as REMEMBERED_S before `now`.
    """
    own = override_scope(store_id)
    records = _records(unit, [zone, own], skus, now - REMEMBERED_S)
    offers = promotions_of(unit, [zone, own], skus, now - REMEMBERED_S)
    found: dict[str, Listing] = {}
    for sku in {sku for _, sku in records}:
        there, here = records.get((zone, sku), []), records.get((own, sku), [])
        offered = offers.get(sku, ())
        version = max(one.revision for one in (*there, *here, *offered))
        found[sku] = Listing(sku, version, Offering(tuple(there), tuple(here), tuple(offered)))
    return found


def _records(
    unit: Unit, scopes: Sequence[str], skus: Collection[str], since: int
) -> dict[tuple[str, str], list[Record]]:
    """Return the records, by scope and SKU, that count at any instant from `since` on."""
    wanted = sorted(skus)
    found: dict[tuple[str, str], list[Record]] = {}
    for start in range(0, len(wanted), _CHUNK):
        query = _counting_since(since).where(
            PriceRow.zone.in_(scopes), PriceRow.sku.in_(wanted[start : start + _CHUNK])
        )
        for zone, sku, revision, begins, ends, *entry in unit.execute(query):
            record = Record(revision, Window(begins, ends), PriceEntry(*entry))
            found.setdefault((zone, sku), []).append(record)
    return found


def records_of_revision(unit: Unit, scope: str, revision: int) -> dict[str, list[Record]]:
    """Return all records, by SKU, of the products that a revision priced."""
    priced = select(PriceRow.sku).where(PriceRow.zone == scope, PriceRow.revision == revision)
    query = _counting_since(-1).where(PriceRow.zone == scope, PriceRow.sku.in_(priced))
    found: dict[str, list[Record]] = {}
    for _, sku, written, begins, ends, *entry in unit.execute(query):
        record = Record(written, Window(begins, ends), PriceEntry(*entry))
        found.setdefault(sku, []).append(record)
    return found


def add_entries(unit: Unit, scope: str, revision: int, entries: Mapping[str, NewEntry]) -> None:
    """Add entries to a revision of a scope."""
    add_spans(unit, scope, revision, {sku: [entry] for sku, entry in entries.items()})


def add_spans(
    unit: Unit, scope: str, revision: int, spans: Mapping[str, Sequence[NewEntry]]
) -> None:
    """Add entries to a revision of a scope, several spans of a product at once."""
    before = _versions(unit, scope, spans)
    rows = [
        {
            "zone": scope,
            "sku": sku,
            "revision": revision,
            "previous": before.get(sku),
            "effective_from": new.since,
            "effective_until": new.until,
            **asdict(new.entry),
        }
        for sku, pieces in spans.items()
        for new in pieces
    ]
    if rows:
        unit.execute(insert(PriceRow), rows)


def _versions(unit: Unit, scope: str, skus: Collection[str]) -> dict[str, int]:
    """Return the newest revision of each SKU in a scope."""
    wanted, found = sorted(skus), dict[str, int]()
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        query = (
            select(PriceRow.sku, func.max(PriceRow.revision))
            .where(PriceRow.zone == scope, PriceRow.sku.in_(chunk))
            .group_by(PriceRow.sku)
        )
        found.update((sku, revision) for sku, revision in unit.execute(query))
    return found


def history(
    unit: Unit, zone: str, sku: str, limit: int
) -> Iterator[tuple[RevisionRow, PriceEntry]]:
    """Yield a product's entries in a zone with their revisions, newest first."""
    rows = unit.execute(
        select(PriceRow, RevisionRow)
        .join(RevisionRow, RevisionRow.id == PriceRow.revision)
        .where(PriceRow.zone == zone, PriceRow.sku == sku)
        .order_by(PriceRow.revision.desc())
        .limit(limit)
    )
    for price, revision in rows:
        yield revision, PriceEntry(**{name: getattr(price, name) for name in COLUMNS})


def priced_at(zone: str, revision: int, sku: Column) -> ColumnElement[bool]:
    """Return the condition that a revision of a zone set the price of the SKU in a column."""
    return (
        select(PriceRow.sku)
        .where(PriceRow.zone == zone, PriceRow.sku == sku, PriceRow.revision == revision)
        .exists()
    )


def priced(zone: str, sku: Column) -> ColumnElement[bool]:
    """Return the condition that the SKU in a column has a price in a zone."""
    return select(PriceRow.sku).where(PriceRow.zone == zone, PriceRow.sku == sku).exists()


def count_priced(unit: Unit, zone: str) -> int:
    """Return how many products have a price in a zone."""
    query = select(func.count(PriceRow.sku)).where(
        PriceRow.zone == zone, PriceRow.previous.is_(None)
    )
    return unit.scalar(query) or 0


def counting(zone: str, sku: Column, now: int) -> ScalarSelect[int]:
    """Return the revision that counts in a zone, at an instant, for the SKU in a column."""
    other = aliased(PriceRow)
    return (
        select(other.revision)
        .where(
            other.zone == zone,
            other.sku == sku,
            other.effective_from <= now,
            or_(other.effective_until.is_(None), other.effective_until > now),
        )
        .order_by(other.effective_from.desc(), other.revision.desc())
        .limit(1)
        .scalar_subquery()
    )


def _counting_since(since: int) -> Select[Any]:
    """Select the records that may count at `since` or later: not those replaced for good before."""
    other = aliased(PriceRow)
    replaced = (
        select(func.max(other.effective_from))
        .where(
            other.zone == PriceRow.zone,
            other.sku == PriceRow.sku,
            other.effective_from <= since,
            other.effective_until.is_(None),
        )
        .correlate(PriceRow)
        .scalar_subquery()
    )
    columns = [getattr(PriceRow, name) for name in COLUMNS]
    return select(
        PriceRow.zone, PriceRow.sku, PriceRow.revision, PriceRow.effective_from,
        PriceRow.effective_until, *columns,
    ).where(PriceRow.effective_from >= func.coalesce(replaced, 0))  # fmt: skip
