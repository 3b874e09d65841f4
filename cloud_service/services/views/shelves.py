"""Views of devices, tiles, shelves and bays: what should hang, and what does."""

from dataclasses import dataclass
from typing import Literal

from cloud_service.services.views.stores import StoreView

TileState = Literal["shown", "pending", "failed", "paper"]


@dataclass(frozen=True)
class DeviceView:
    """A device as the hub and its own reports have it. Instants are UTC seconds."""

    id: str
    store_id: str
    connected: bool
    seen_at: int | None
    """When its reported twin was last read."""
    stale: bool
    refused: str | None
    """Why it refuses what it was sent, in its own words."""
    bundle: str | None
    """Digest of a template bundle that it can draw with."""
    lacks: str | None
    """Digest of one that it was told to draw with and cannot get; prices go on without it."""
    tiles: int


@dataclass(frozen=True)
class TileView:
    """One position with what it should show, what it shows and whether these agree."""

    store_id: str
    position: str
    bay: int
    shelf: int
    place: int
    device_id: str | None
    """None: it is printed on paper."""
    panel: str
    sku: str | None
    """None: no product is planned here."""
    name: str | None
    state: TileState
    why: str | None
    """Why it is pending or failed, in words a store clerk understands."""
    connected: bool
    wanted_price: int | None
    """What it should show now, minor units; also `shown_price`."""
    shown_price: int | None
    wanted_rev: int | None
    shown_rev: int | None
    shown_at: int | None
    proved: bool
    """The frame the agent reported equals the one drawn here for the same tile."""
    image: str | None
    """Tag of the picture of what hangs there now, changes with it; None: nothing yet."""
    wanted_image: str | None
    """Tag of the picture of what it should show now; None: nothing, or it cannot be drawn."""


@dataclass(frozen=True)
class ShelfView:
    """One level of a bay."""

    number: int
    devices: tuple[str, ...]
    tiles: tuple[TileView, ...]
    name: str | None = None


@dataclass(frozen=True)
class BayView:
    """A bay with its shelves, top to bottom."""

    store: StoreView
    number: int
    shelves: tuple[ShelfView, ...]
    name: str | None = None


@dataclass(frozen=True)
class Status:
    """How far the shelves have followed."""

    devices: int
    connected: int
    shown: int
    pending: int
    failed: int
    attention: tuple[TileView, ...]
    """Tiles that need somebody, failed first, at most 50."""


@dataclass(frozen=True)
class LaggingTile:
    """A tile that does not show what it should, and why."""

    position: str
    device_id: str | None
    sku: str | None
    state: TileState
    why: str | None


@dataclass(frozen=True)
class Standing:
    """How far the tiles of some SKUs of a store have followed."""

    shown: int
    pending: int
    failed: int
    lagging: tuple[LaggingTile, ...]
    """At most 50 of those that are not shown."""
