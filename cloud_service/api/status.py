"""/v1/status and /v1/devices: how far the shelves have followed, and who needs somebody."""

from fastapi import APIRouter

from cloud_service.api.caller import ServicesOf, may_read
from cloud_service.api.products import StoreQuery
from cloud_service.api.resources.resource import ListOf
from cloud_service.api.resources.stores import DeviceCounts, TileCounts
from cloud_service.api.resources.tiles import DeviceResource, StatusResource, TileResource
from cloud_service.api.route import Route
from cloud_service.api.stores import After, Limit

router = APIRouter(route_class=Route, tags=["status"], dependencies=[may_read])


@router.get("/status")
def get_status(services: ServicesOf, store: StoreQuery = None) -> StatusResource:
    """Count devices and tiles, of one store or of all; name the tiles that need somebody."""
    found = services.status(store=store)
    currencies = {view.id: view.currency for view in services.stores()} if found.attention else {}
    return StatusResource(
        devices=DeviceCounts(connected=found.connected, total=found.devices),
        tiles=TileCounts(shown=found.shown, pending=found.pending, failed=found.failed),
        attention=tuple(
            TileResource.of(tile, currencies[tile.store_id]) for tile in found.attention
        ),
    )


@router.get("/devices")
def list_devices(
    services: ServicesOf, store: StoreQuery = None, limit: Limit = 100, after: After = None
) -> ListOf[DeviceResource]:
    """List the devices by id."""
    devices = (DeviceResource.of(view) for view in services.devices(store=store))
    return ListOf[DeviceResource].cut(devices, _id, after, limit)


def _id(device: DeviceResource) -> str:
    return device.id
