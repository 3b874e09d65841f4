"""Changes of a planogram: which products hang where."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import and_

from cloud_service.catalog.devices import mark_again
from cloud_service.catalog.planogram import (
    Position,
    check_positions,
    hang_positions,
    positions_of_store,
    take_down,
)
from cloud_service.catalog.stores import Store
from cloud_service.catalog.tables import PositionRow
from cloud_service.changes.fitness import check_fitness
from cloud_service.changes.publishing import Author, Published, close_change, open_change
from cloud_service.shelves.inspection import Inspector
from cloud_service.storage.engine import Unit


class Place(NamedTuple):
    """What hangs at a position; without a device its panel is paper."""

    position: str
    device: str | None
    panel: str
    sku: str | None
    facings: int = 1


@dataclass(frozen=True)
class Hanging:
    """What shall hang in a store; with `whole` that is all, and other positions are taken down."""

    places: Sequence[Place]
    whole: bool = False


def publish_planogram(
    unit: Unit, store: Store, hanging: Hanging, author: Author, inspector: Inspector
) -> Published | None:
    """Hang positions in a store, in place of what hung there, as one change.

    None where nothing differs. Raises Invalid naming the position or device that cannot be, or
    whose tile must not hang; nothing is hung then.
    """
    wanted = [_position(store, place) for place in hanging.places]
    check_positions(wanted)
    there = {position.position: position for position in positions_of_store(unit, store.id)}
    names = {position.position for position in wanted}
    gone = [old for name, old in there.items() if hanging.whole and name not in names]
    fresh = [new for new in wanted if not _hangs(new, there)]
    if not fresh and not gone:
        return None
    change = open_change(unit, "planogram", store, author)
    losing = take_down(unit, gone, change.revision)
    losing |= hang_positions(unit, fresh, change.revision)
    mark_again(unit, losing, author.at)
    touched = and_(PositionRow.store_id == store.id, PositionRow.wanted_revision == 0)
    counted = {"positions": len(fresh), "taken_down": len(gone)}
    published = close_change(unit, change, touched, 0, counted)
    check_fitness(unit, change.follows, inspector, author.at)
    return published


def _position(store: Store, place: Place) -> Position:
    return Position(
        store.id, place.position, place.device, place.panel, place.sku, 0, place.facings
    )


def _hangs(new: Position, there: dict[str, Position]) -> bool:
    old = there.get(new.position)
    return old is not None and new.hangs_as(old)
