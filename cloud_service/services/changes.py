"""What was published, as the doors show it."""

from sqlalchemy import select

from cloud_service.changes.tables import ChangeRow
from cloud_service.services.views.changes import ChangeView
from cloud_service.storage import Unit


def latest_changes(unit: Unit, store_id: str | None, limit: int) -> list[ChangeView]:
    """Return the newest changes of a store, or of all, newest first."""
    published = select(ChangeRow).where(ChangeRow.revision.is_not(None))
    query = published.order_by(ChangeRow.revision.desc()).limit(limit)
    if store_id is not None:
        query = query.where(ChangeRow.store_id == store_id)
    return [_view(row) for row in unit.scalars(query)]


def _view(row: ChangeRow) -> ChangeView:
    return ChangeView(
        id=row.id,
        kind=row.kind,
        store_id=row.store_id,
        revision=row.revision or 0,
        actor=row.actor,
        note=row.note,
        at=row.at,
        prices=row.prices,
        tiles=row.tiles,
    )
