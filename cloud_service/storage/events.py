"""What happened, append-only, written in the same transaction as what it tells.

Readers go by id, so ids must become visible in their order. On SQLite there is one writer at a
time; on PostgreSQL ids are given under one advisory lock that is held until commit, or a reader
would skip what commits late. Kinds in use: price.changed, planogram.changed, product.added,
product.changed, zone.added, store.added, store.changed, bundle.added, bundle.changed, tile.pending,
tile.shown, tile.failed, device.connected, device.disconnected, database.restored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, func, insert, select, text
from sqlalchemy.orm import Mapped, mapped_column

from cloud_service.storage.base import Base
from cloud_service.storage.engine import Unit
from cloud_service.storage.inserting import dialect_of

_APPEND_LOCK = 0x6564_6765


class EventRow(Base):
    """One thing that happened."""

    __tablename__ = "events"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[int]
    kind: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


@dataclass(frozen=True)
class Event:
    """One thing that happened: its place in the order, its instant, its kind and its facts."""

    id: int
    at: int
    kind: str
    data: Mapping[str, Any]


def append_event(unit: Unit, now: int, kind: str, data: Mapping[str, Any]) -> None:
    """Write one event in the unit of what it tells."""
    append_events(unit, now, [(kind, data)])


def append_events(unit: Unit, now: int, events: list[tuple[str, Mapping[str, Any]]]) -> None:
    """Write several events in their order, in the unit of what they tell."""
    if not events:
        return
    if dialect_of(unit) == "postgresql":
        unit.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _APPEND_LOCK})
    rows = [{"at": now, "kind": kind, "data": dict(data)} for kind, data in events]
    unit.execute(insert(EventRow), rows)


def events_after(unit: Unit, after: int, limit: int) -> list[Event]:
    """Return the events that follow the one with id `after`, oldest first, at most `limit`."""
    query = select(EventRow).where(EventRow.id > after).order_by(EventRow.id).limit(limit)
    return [Event(row.id, row.at, row.kind, row.data) for row in unit.scalars(query)]


def last_event_id(unit: Unit) -> int:
    """Return the id of the newest event, 0 where nothing happened yet."""
    return unit.scalar(select(func.max(EventRow.id))) or 0
