"""Tiles, shelves, bays and devices: what should hang, and what does."""

from dataclasses import asdict
from datetime import datetime
from typing import Self

from cloud_service.api.money import Money, money
from cloud_service.api.resources.resource import Resource, instant
from cloud_service.api.resources.stores import DeviceCounts, TileCounts
from cloud_service.services.views.shelves import BayView, DeviceView, Standing, TileState, TileView


class Side(Resource):
    """What a tile shows, or should show: its price and the revision of its words in the twin."""

    price: Money | None
    rev: int | None
    image: str | None
    """Where its picture is; the address changes with the picture."""


class TileResource(Resource):
    """One position with what it should show, what it shows, and whether these agree."""

    store_id: str
    position: str
    bay: int
    shelf: int
    place: int
    device_id: str | None
    panel: str
    sku: str | None
    name: str | None
    state: TileState
    why: str | None
    connected: bool
    wanted: Side
    shown: Side
    shown_at: datetime | None
    proved: bool

    @classmethod
    def of(cls, view: TileView, currency: str) -> Self:
        """Show a tile of a store that sells in a currency."""
        here = f"/v1/stores/{view.store_id}/tiles/{view.position}"
        wanted = Side(
            price=money(view.wanted_price, currency),
            rev=view.wanted_rev,
            image=view.wanted_image and f"{here}/wanted-image?tag={view.wanted_image}",
        )
        shown = Side(
            price=money(view.shown_price, currency),
            rev=view.shown_rev,
            image=view.image and f"{here}/image?tag={view.image}",
        )
        same = {name: getattr(view, name) for name in _SAME_IN_TILES}
        return cls(**same, wanted=wanted, shown=shown, shown_at=instant(view.shown_at))


_SAME_IN_TILES = TileResource.model_fields.keys() - {"wanted", "shown", "shown_at"}


class LaggingResource(Resource):
    """A tile that does not show what it should, and why."""

    position: str
    device_id: str | None
    sku: str | None
    state: TileState
    why: str | None


class StandingResource(Resource):
    """How far some tiles have followed; `lagging` names at most 50 of those not shown."""

    tiles: TileCounts
    lagging: tuple[LaggingResource, ...]

    @classmethod
    def of(cls, view: Standing) -> Self:
        """Show a standing."""
        counts = TileCounts(shown=view.shown, pending=view.pending, failed=view.failed)
        lagging = tuple(LaggingResource(**asdict(tile)) for tile in view.lagging)
        return cls(tiles=counts, lagging=lagging)


class ShelfResource(Resource):
    """One level of a bay."""

    number: int
    name: str | None
    devices: tuple[str, ...]
    tiles: tuple[TileResource, ...]


class BayResource(Resource):
    """A bay with its shelves, top to bottom."""

    store_id: str
    number: int
    name: str | None
    shelves: tuple[ShelfResource, ...]

    @classmethod
    def of(cls, view: BayView) -> Self:
        """Show a bay."""
        currency = view.store.currency
        shelves = tuple(
            ShelfResource(
                number=shelf.number,
                name=shelf.name,
                devices=shelf.devices,
                tiles=tuple(TileResource.of(tile, currency) for tile in shelf.tiles),
            )
            for shelf in view.shelves
        )
        store = view.store.id
        return cls(store_id=store, number=view.number, name=view.name, shelves=shelves)


class DeviceResource(Resource):
    """A device as the hub and its own reports have it."""

    id: str
    store_id: str
    connected: bool
    seen_at: datetime | None
    stale: bool
    refused: str | None
    bundle: str | None
    lacks: str | None
    tiles: int

    @classmethod
    def of(cls, view: DeviceView) -> Self:
        """Show a device."""
        same = {name: getattr(view, name) for name in cls.model_fields.keys() - {"seen_at"}}
        return cls(**same, seen_at=instant(view.seen_at))


class StatusResource(Resource):
    """How far the shelves have followed, and the tiles that need somebody."""

    devices: DeviceCounts
    tiles: TileCounts
    attention: tuple[TileResource, ...]
