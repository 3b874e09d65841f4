"""/v1/stores and their bays."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from cloud_service.api.caller import ServicesOf, may_read
from cloud_service.api.resources.resource import ListOf
from cloud_service.api.resources.stores import StoreResource
from cloud_service.api.resources.tiles import BayResource
from cloud_service.api.route import Route
from cloud_service.api.versions import etag

router = APIRouter(route_class=Route, tags=["stores"], dependencies=[may_read])

Limit = Annotated[int, Query(ge=1, le=500)]
After = Annotated[str | None, Query(max_length=200)]


@router.get("/stores")
def list_stores(
    services: ServicesOf, limit: Limit = 100, after: After = None
) -> ListOf[StoreResource]:
    """List the stores by id."""
    stores = (StoreResource.of(view) for view in services.stores())
    return ListOf[StoreResource].cut(stores, _id, after, limit)


@router.get("/stores/{store}")
def get_store(services: ServicesOf, response: Response, store: str) -> StoreResource:
    """Return a store with its tallies. Its ETag is its version."""
    view = services.store(store=store)
    response.headers["ETag"] = etag(view.version)
    return StoreResource.of(view)


@router.get("/stores/{store}/bays/{number}")
def get_bay(services: ServicesOf, store: str, number: Annotated[int, Path(ge=1)]) -> BayResource:
    """Return a bay: its shelves from top to bottom, and the tiles on them."""
    return BayResource.of(services.bay(store=store, number=number))


def _id(store: StoreResource) -> str:
    return store.id
