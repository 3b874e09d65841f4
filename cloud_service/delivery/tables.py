"""What delivery keeps: what each device was pushed, the words of its tiles, and what it confirmed.

Instants are UTC seconds. A push is stored here before it is sent, so that a revision never means
two things: after a crash the same words go out again.
"""

from sqlalchemy import Index, false
from sqlalchemy.orm import Mapped, mapped_column

from cloud_service.storage.base import Base


class EpochRow(Base):
    """One row: how often this database was restored. Raised, it makes every revision newer."""

    __tablename__ = "delivery_epoch"

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[int]


class DeliveryRow(Base):
    """A device's delivery: what was pushed last and what the device said last."""

    __tablename__ = "deliveries"
    __table_args__ = (Index("ix_deliveries_look_at", "look_at"),)

    device_id: Mapped[str] = mapped_column(primary_key=True)
    # -- pushed
    epoch: Mapped[int] = mapped_column(server_default="0")
    rev: Mapped[int] = mapped_column(server_default="0")
    desired: Mapped[str | None]
    """The whole desired section as it was last stored to be sent, JSON."""
    etag: Mapped[str | None]
    """The twin's etag after it took `desired`; None while that is not known."""
    covers_until: Mapped[int] = mapped_column(server_default="0")
    due_at: Mapped[int] = mapped_column(server_default="0")
    lease_until: Mapped[int | None]
    """When the device, hearing nothing more, calls itself stale."""
    revision: Mapped[int] = mapped_column(server_default="0")
    """The price book revision that `desired` follows."""
    sent_at: Mapped[int | None]
    """When the hub last took a write."""
    failure: Mapped[str | None]
    """Why the last write did not succeed."""
    failures: Mapped[int] = mapped_column(server_default="0")
    """Writes that failed one after the other."""
    grave: Mapped[bool] = mapped_column(server_default=false())
    """The failure is the device's own and will not pass by itself."""
    # -- heard
    heard_epoch: Mapped[int] = mapped_column(server_default="0")
    heard_rev: Mapped[int] = mapped_column(server_default="0")
    heard_keys: Mapped[int] = mapped_column(server_default="0")
    refused: Mapped[str | None]
    refused_rev: Mapped[int | None]
    refusals: Mapped[int] = mapped_column(server_default="0")
    """Pushes refused one after the other."""
    bundle: Mapped[str | None]
    """A template bundle that it can draw with, as it says."""
    lacks: Mapped[str | None]
    """A template bundle that it was told to draw with and cannot get so far."""
    renderer: Mapped[str | None]
    connected: Mapped[bool] = mapped_column(server_default=false())
    stale: Mapped[bool] = mapped_column(server_default=false())
    seen_at: Mapped[int | None]
    """When its twin was last read."""
    twin_version: Mapped[int] = mapped_column(server_default="0")
    """The twin's version when it was last read: one that moved is worth reading."""
    look_at: Mapped[int | None]
    """When its twin must be looked at again, because a confirmation is owed; None: nothing owed."""


class TileWordsRow(Base):
    """What one tile said at one revision, kept until an ack shows that the glass has gone past."""

    __tablename__ = "tile_words"
    __table_args__ = ({"sqlite_with_rowid": False},)

    device_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    rev: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str]
    """The tile as in the twin, JSON."""
    bundle: Mapped[str | None]
    """The template bundle it is drawn with; None: the installed one."""


class DeliveredTileRow(Base):
    """A device's tile: the revision pushed last, and what the glass shows as last confirmed."""

    __tablename__ = "delivered_tiles"
    __table_args__ = ({"sqlite_with_rowid": False},)

    device_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[str] = mapped_column(primary_key=True)
    pushed_epoch: Mapped[int | None]
    """None: no tile is to be shown there; also `pushed_rev`."""
    pushed_rev: Mapped[int | None]
    # -- confirmed; None before the first ack
    epoch: Mapped[int | None]
    rev: Mapped[int | None]
    price: Mapped[int | None]
    frame: Mapped[str | None]
    at: Mapped[int | None]
    state: Mapped[str | None]
    """shown, scheduled or failed, as acked."""
    why: Mapped[str | None]
    proved: Mapped[bool] = mapped_column(server_default=false())
    """The frame is the one drawn here from the same words."""
    misdrawn: Mapped[bool] = mapped_column(server_default=false())
    """It is none of the tile's pictures, though drawn by an equal renderer."""
    since: Mapped[int | None]
    """The flip that began what hangs there; None: what the revision began with."""
    holds_until: Mapped[int | None]
    """The flip that ends it: from then on the glass owes another ack; None: no flip."""
