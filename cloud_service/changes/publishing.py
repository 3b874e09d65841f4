"""Publishing a change: its revision, the marks it sets, its record and its events, all or nothing.

A change is opened, which gives it a revision; whoever opened it writes entries under that
revision; then it is closed, which marks every shelf that must follow. One unit of work holds all.
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from cloud_service.catalog.devices import mark_devices
from cloud_service.catalog.stores import Store
from cloud_service.catalog.tables import PositionRow
from cloud_service.changes.capacity import check_capacity
from cloud_service.changes.tables import ChangeRow, Kind
from cloud_service.pricing.book import new_revision
from cloud_service.storage.engine import Unit
from cloud_service.storage.events import append_event, append_events

_NAMED = 50
"""How many SKUs an event names; of more it only gives the count."""


@dataclass(frozen=True)
class Author:
    """Who changes something, why and when (UTC seconds)."""

    name: str
    note: str
    at: int


@dataclass(frozen=True)
class OpenChange:
    """A change being published. `revision` is the book's that it writes."""

    id: str
    kind: Kind
    store: Store
    revision: int
    author: Author

    @property
    def at(self) -> int:
        """When it is published, UTC seconds."""
        return self.author.at


@dataclass(frozen=True)
class Published:
    """What a published change touched, counted."""

    id: str
    revision: int
    prices: int
    tiles: int
    devices: int


def open_change(unit: Unit, kind: Kind, store: Store, author: Author) -> OpenChange:
    """Open a change of a store's prices or planogram; its revision is taken now."""
    revision = new_revision(unit, store.zone, author.at, author.name, author.note)
    return OpenChange(f"chg_{secrets.token_hex(8)}", kind, store, revision, author)


def close_change(
    unit: Unit,
    change: OpenChange,
    touched: ColumnElement[bool],
    prices: int,
    details: Mapping[str, Any],
) -> Published:
    """Mark the positions that fulfil `touched`, record the change and tell it.

    Raises Invalid, naming the device, where a twin would grow too large.
    """
    marked = mark_devices(unit, touched, change.revision, change.at)
    follows = PositionRow.wanted_revision == change.revision
    check_capacity(unit, follows, change.at)
    unit.add(
        ChangeRow(
            id=change.id,
            kind=change.kind,
            store_id=change.store.id,
            revision=change.revision,
            actor=change.author.name,
            note=change.author.note,
            at=change.at,
            prices=prices,
            tiles=marked.tiles,
        )
    )
    unit.flush()
    published = Published(change.id, change.revision, prices, marked.tiles, marked.devices)
    _tell(unit, change, published, details)
    return published


def named(skus: list[str]) -> dict[str, Any]:
    """Return the SKUs as an event names them: all of a few, none of many."""
    return {"skus": skus} if len(skus) <= _NAMED else {}


def _tell(unit: Unit, change: OpenChange, published: Published, details: Mapping[str, Any]) -> None:
    kind = "planogram.changed" if change.kind == "planogram" else "price.changed"
    facts = {
        "store": change.store.id,
        "change": change.id,
        "revision": change.revision,
        "actor": change.author.name,
        "prices": published.prices,
        "tiles": published.tiles,
        **details,
    }
    append_event(unit, change.at, kind, facts)
    append_events(unit, change.at, _pending(unit, change.revision))


def _pending(unit: Unit, revision: int) -> list[tuple[str, Mapping[str, Any]]]:
    """Return one event a device that has tiles to follow a revision."""
    rows = unit.execute(
        select(PositionRow.store_id, PositionRow.device_id, PositionRow.position)
        .where(PositionRow.wanted_revision == revision)
        .order_by(PositionRow.device_id, PositionRow.position)
    )
    devices: dict[tuple[str, str], list[str]] = {}
    for store_id, device_id, position in rows:
        devices.setdefault((store_id, device_id), []).append(position)
    return [
        ("tile.pending", {"store": store_id, "device": device_id, "positions": positions})
        for (store_id, device_id), positions in devices.items()
    ]


def changes_of(unit: Unit, revisions: Collection[int]) -> dict[int, ChangeRow]:
    """Return the changes that wrote some revisions, by revision."""
    rows = unit.scalars(select(ChangeRow).where(ChangeRow.revision.in_(revisions)))
    return {row.revision: row for row in rows}
