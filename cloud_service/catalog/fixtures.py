"""Names of bays and shelves: what a store calls them, beside their numbers."""

from collections.abc import Mapping

from sqlalchemy import delete, select

from cloud_service.catalog.tables import FixtureRow
from cloud_service.errors import Invalid
from cloud_service.storage.engine import Unit

WHOLE_BAY = 0
"""The shelf that stands for its bay."""
_MOST = 60


def names_in(unit: Unit, store_id: str, bay: int | None = None) -> Mapping[tuple[int, int], str]:
    """Return the names in a store, or in one bay, by (bay, shelf); the bay's own has shelf 0."""
    query = select(FixtureRow).where(FixtureRow.store_id == store_id)
    if bay is not None:
        query = query.where(FixtureRow.bay == bay)
    return {(row.bay, row.shelf): row.name for row in unit.scalars(query)}


def name_fixture(unit: Unit, store_id: str, place: tuple[int, int], name: str | None) -> None:
    """Give a bay (shelf 0) or a shelf a name, or take it away."""
    bay, shelf = place
    if not (1 <= bay <= 999 and WHOLE_BAY <= shelf <= 99):
        raise Invalid("bay", f"there can be no bay {bay}, shelf {shelf}")
    if name is not None and not 1 <= len(name.strip()) <= _MOST:
        raise Invalid("name", f"a name has 1 to {_MOST} characters")
    here = (FixtureRow.store_id == store_id, FixtureRow.bay == bay, FixtureRow.shelf == shelf)
    unit.execute(delete(FixtureRow).where(*here))
    if name is not None:
        unit.add(FixtureRow(store_id=store_id, bay=bay, shelf=shelf, name=name.strip()))
        unit.flush()
