"""Publishing a change: its revision, the marks it sets, its record and its events, all or nothing.

A change is opened, or a draft is, which gives it a revision; whoever opened it writes entries under
that revision; then it is closed, which marks every shelf that must follow. One unit of work holds
all.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from cloud_service.accounts.audit import Deed, record
from cloud_service.catalog.devices import mark_devices
from cloud_service.catalog.stores import Store
from cloud_service.catalog.tables import PositionRow
from cloud_service.changes.capacity import check_capacity
from cloud_service.changes.drafts import new_change_id
from cloud_service.changes.tables import ChangeRow, Kind
from cloud_service.pricing.book import new_revision
from cloud_service.storage.engine import Unit
from cloud_service.storage.events import append_event, append_events

_EVENTS = {"planogram": "planogram.changed", "bundle": "bundle.changed"}
_NAMED = 50
"""How many SKUs an event names; of more it only gives the count."""


@dataclass(frozen=True)
class Author:
    """Who changes something, why and when (UTC seconds)."""

    name: str
    note: str
    at: int


@dataclass(frozen=True)
class Naming:
    """What a change is called, what it is, and where it belongs."""

    id: str
    kind: Kind
    store: Store
    scope: str


@dataclass(frozen=True)
class OpenChange:
    """A change being published. `revision` is the book's that it writes."""

    id: str
    kind: Kind
    store: Store
    scope: str
    revision: int
    author: Author

    @property
    def at(self) -> int:
        """When it is published, UTC seconds."""
        return self.author.at

    @property
    def follows(self) -> ColumnElement[bool]:
        """The condition that a position must follow it, once it is closed."""
        return PositionRow.wanted_revision == self.revision


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
    return open_as(unit, Naming(new_change_id(), kind, store, store.zone), author)


def open_as(unit: Unit, naming: Naming, author: Author) -> OpenChange:
    """Open a change that has a name already: a draft's."""
    revision = new_revision(unit, naming.scope, author.at, author.name, author.note)
    return OpenChange(naming.id, naming.kind, naming.store, naming.scope, revision, author)


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
    check_capacity(unit, change.follows, change.at)
    _record(unit, change, prices, marked.tiles)
    published = Published(change.id, change.revision, prices, marked.tiles, marked.devices)
    _tell(unit, change, published, details)
    return published


def _record(unit: Unit, change: OpenChange, prices: int, tiles: int) -> None:
    """Write the change's record: a draft's own, or a new one."""
    row = unit.get(ChangeRow, change.id)
    if row is None:
        row = ChangeRow(
            id=change.id, kind=change.kind, store_id=change.store.id, scope=change.scope,
            state="published", version=1, actor=change.author.name, note=change.author.note,
            needs_approval=False, confirmed=False,
        )  # fmt: skip
        deed = f"change published ({change.kind})"
        record(unit, Deed(change.at, change.author.name, deed, change.id, change.author.note))
    row.revision, row.at, row.prices, row.tiles = change.revision, change.at, prices, tiles
    unit.add(row)
    unit.flush()


def named(skus: list[str]) -> dict[str, Any]:
    """Return the SKUs as an event names them: all of a few, none of many."""
    return {"skus": skus} if len(skus) <= _NAMED else {}


def _tell(unit: Unit, change: OpenChange, published: Published, details: Mapping[str, Any]) -> None:
    kind = _EVENTS.get(change.kind, "price.changed")
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
    append_events(unit, change.at, pending_events(unit, change.revision))


def pending_events(unit: Unit, revision: int) -> list[tuple[str, Mapping[str, Any]]]:
    """Return one event a device that has tiles to follow a revision."""
    rows = unit.execute(
        select(PositionRow.store_id, PositionRow.device_id, PositionRow.position)
        .where(PositionRow.wanted_revision == revision, PositionRow.device_id.is_not(None))
        .order_by(PositionRow.device_id, PositionRow.position)
    )
    devices: dict[tuple[str, str | None], list[str]] = {}
    for store_id, device_id, position in rows:
        devices.setdefault((store_id, device_id), []).append(position)
    return [
        ("tile.pending", {"store": store_id, "device": device_id, "positions": positions})
        for (store_id, device_id), positions in devices.items()
    ]


def changes_of(unit: Unit, revisions: Collection[int]) -> dict[int, ChangeRow]:
    """Return the changes that wrote some revisions, by revision."""
    rows = unit.scalars(select(ChangeRow).where(ChangeRow.revision.in_(revisions)))
    return {row.revision: row for row in rows if row.revision is not None}
