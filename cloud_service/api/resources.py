"""What the API shows: resources made of the services' views. Instants are UTC, RFC 3339."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from cloud_service.api.money import Money, money
from cloud_service.services.views import (
    BayView,
    DeviceView,
    PriceView,
    ProductView,
    Standing,
    StoreView,
    TileState,
    TileView,
)

Item = TypeVar("Item", bound=BaseModel)


def instant(seconds: int | None) -> datetime | None:
    """Return UTC seconds as an instant; None stays None."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


class Resource(BaseModel):
    """A value that is shown, never edited."""

    model_config = ConfigDict(frozen=True)


class ListOf(Resource, Generic[Item]):
    """One page of a list; `next` is handed back as `after`, None at the end."""

    data: tuple[Item, ...]
    has_more: bool
    next: str | None = None

    @classmethod
    def cut(
        cls, items: Iterable[Item], key: Callable[[Item], str], after: str | None, limit: int
    ) -> Self:
        """Cut one page out of all items, ordered by a key that is unique."""
        rest = sorted((item for item in items if after is None or key(item) > after), key=key)
        data = tuple(rest[:limit])
        has_more = len(rest) > limit
        return cls(data=data, has_more=has_more, next=key(data[-1]) if has_more else None)


class TileCounts(Resource):
    """Tiles by what they are: shown as wanted, on their way, or failed."""

    shown: int
    pending: int
    failed: int


class DeviceCounts(Resource):
    """Devices, and how many of them the hub sees."""

    connected: int
    total: int


class StoreResource(Resource):
    """A store with its tallies."""

    id: str
    name: str
    tz: str
    currency: str
    locale: str
    bays: tuple[int, ...]
    products: int
    tiles: TileCounts
    devices: DeviceCounts

    @classmethod
    def of(cls, view: StoreView) -> Self:
        """Show a store."""
        return cls(
            id=view.id,
            name=view.name,
            tz=view.tz,
            currency=view.currency,
            locale=view.locale,
            bays=view.bays,
            products=view.products,
            tiles=TileCounts(shown=view.shown, pending=view.pending, failed=view.failed),
            devices=DeviceCounts(connected=view.connected, total=view.devices),
        )


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
    device_id: str
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
    device_id: str
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
    devices: tuple[str, ...]
    tiles: tuple[TileResource, ...]


class BayResource(Resource):
    """A bay with its shelves, top to bottom."""

    store_id: str
    number: int
    shelves: tuple[ShelfResource, ...]

    @classmethod
    def of(cls, view: BayView) -> Self:
        """Show a bay."""
        currency = view.store.currency
        shelves = tuple(
            ShelfResource(
                number=shelf.number,
                devices=shelf.devices,
                tiles=tuple(TileResource.of(tile, currency) for tile in shelf.tiles),
            )
            for shelf in view.shelves
        )
        return cls(store_id=view.store.id, number=view.number, shelves=shelves)


class PriceResource(Resource):
    """What a product costs in a store now, and why. Its ETag is the version."""

    store_id: str
    sku: str
    effective: Money | None
    regular: Money | None
    prior: Money | None
    reference: Money | None
    unit_price: str | None
    reason: str
    promotion_until: datetime | None
    revision: int
    version: int

    @classmethod
    def of(cls, sku: str, view: PriceView) -> Self:
        """Show the price of a SKU."""
        return cls(
            store_id=view.store_id,
            sku=sku,
            effective=money(view.effective, view.currency),
            regular=money(view.regular, view.currency),
            prior=money(view.prior, view.currency),
            reference=money(view.reference, view.currency),
            unit_price=view.unit_price,
            reason=view.reason,
            promotion_until=instant(view.promotion_until),
            revision=view.revision,
            version=view.version,
        )


class ProductResource(Resource):
    """A product, with its price and its positions where a store was named."""

    sku: str
    name: str
    brand: str | None
    size: str | None
    gtin: str | None
    category: str | None
    weighed: bool
    price: PriceResource | None
    positions: tuple[str, ...]

    @classmethod
    def of(cls, view: ProductView) -> Self:
        """Show a product."""
        same = {name: getattr(view, name) for name in cls.model_fields.keys() - {"price"}}
        return cls(**same, price=view.price and PriceResource.of(view.sku, view.price))


class DeviceResource(Resource):
    """A device as the hub and its own reports have it."""

    id: str
    store_id: str
    connected: bool
    seen_at: datetime | None
    stale: bool
    refused: str | None
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
