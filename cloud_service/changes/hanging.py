"""Changes of a planogram: which products hang where."""

from collections.abc import Sequence

from sqlalchemy import and_

from cloud_service.catalog.devices import mark_again
from cloud_service.catalog.planogram import Position, hang_positions
from cloud_service.catalog.stores import Store
from cloud_service.catalog.tables import PositionRow
from cloud_service.changes.publishing import Author, Published, close_change, open_change
from cloud_service.storage.engine import Unit

Place = tuple[str, str, str, str | None]
"""Position, device, panel and SKU."""


def publish_planogram(
    unit: Unit, store: Store, places: Sequence[Place], author: Author
) -> Published:
    """Hang positions in a store, in place of what hung there, as one change.

    Raises Invalid naming the position or device that cannot be; nothing is hung then.
    """
    change = open_change(unit, "planogram", store, author)
    hung = [
        Position(store.id, position, device, panel, sku, 0)
        for position, device, panel, sku in places
    ]
    losing = hang_positions(unit, hung) - {position.device_id for position in hung}
    mark_again(unit, losing, author.at)
    touched = and_(PositionRow.store_id == store.id, PositionRow.wanted_revision == 0)
    return close_change(unit, change, touched, 0, {"positions": len(hung)})
