"""Reading and writing the price book."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, select
from sqlalchemy.orm import QueryableAttribute, aliased

from cloud_service.pricing.entry import COLUMNS, PriceEntry
from cloud_service.pricing.tables import PriceRow, RevisionRow
from cloud_service.storage.engine import Unit

Column = ColumnElement[str] | QueryableAttribute[str] | QueryableAttribute[str | None]

_CHUNK = 500
"""SKUs asked for at once; databases bound the number of parameters."""


@dataclass(frozen=True)
class Standing:
    """A product's price in a zone as it stands, with the revision that set it."""

    sku: str
    revision: int
    entry: PriceEntry


def new_revision(unit: Unit, zone: str, now: int, actor: str, note: str) -> int:
    """Open the next revision of a zone and return its number."""
    row = RevisionRow(zone=zone, at=now, actor=actor, note=note)
    unit.add(row)
    unit.flush()
    return row.id


def standing(unit: Unit, zone: str, skus: Collection[str]) -> dict[str, Standing]:
    """Return the prices that stand in a zone for some SKUs; those without a price are absent."""
    wanted = sorted(skus)
    found: dict[str, Standing] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        rows = unit.execute(_newest(zone).where(PriceRow.sku.in_(chunk)))
        found.update(
            (sku, Standing(sku, revision, PriceEntry(*entry))) for sku, revision, *entry in rows
        )
    return found


def add_entries(unit: Unit, zone: str, revision: int, entries: Mapping[str, PriceEntry]) -> None:
    """Add entries to a revision of a zone; each replaces what stood for its SKU."""
    before = standing(unit, zone, entries)
    rows = [
        {
            "zone": zone,
            "sku": sku,
            "revision": revision,
            "previous": before[sku].revision if sku in before else None,
            **asdict(entry),
        }
        for sku, entry in entries.items()
    ]
    if rows:
        unit.execute(insert(PriceRow), rows)


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


def _newest(zone: str) -> Select[Any]:
    """Select the newest entry of each SKU of a zone: one step down the primary key each."""
    other = aliased(PriceRow)
    newest = (
        select(func.max(other.revision))
        .where(other.zone == zone, other.sku == PriceRow.sku)
        .correlate(PriceRow)
        .scalar_subquery()
    )
    columns = [getattr(PriceRow, name) for name in COLUMNS]
    return select(PriceRow.sku, PriceRow.revision, *columns).where(
        PriceRow.zone == zone, PriceRow.revision == newest
    )
