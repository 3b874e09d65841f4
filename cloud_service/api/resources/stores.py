"""Stores with their tallies."""

from typing import Self

from cloud_service.api.resources.resource import Resource
from cloud_service.services.views.stores import StoreView


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
    bundle: str
    jurisdiction: str
    zone: str
    hours: tuple[str, ...]
    exceptions: dict[str, str]
    day_begins: str
    version: int

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
            bundle=view.bundle,
            jurisdiction=view.jurisdiction,
            zone=view.zone,
            hours=view.hours,
            exceptions=dict(view.exceptions),
            day_begins=view.day_begins,
            version=view.version,
        )
