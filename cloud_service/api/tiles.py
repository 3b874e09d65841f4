"""/v1/stores/{store}/tiles: what each position shows and should show, in words and in pixels."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from cloud_service.api.caller import ServicesOf, may_read
from cloud_service.api.pictures import PICTURE, picture
from cloud_service.api.problems import ProblemError
from cloud_service.api.resources import ListOf, TileResource
from cloud_service.api.route import Route
from cloud_service.api.stores import After, Limit
from cloud_service.services import Services
from cloud_service.services.views import TileState
from label_templates.contract.money import MAX_AMOUNT_MINOR
from label_templates.drawing.frame import Frame

router = APIRouter(
    prefix="/stores/{store}/tiles", route_class=Route, tags=["tiles"], dependencies=[may_read]
)

Amount = Annotated[int | None, Query(gt=0, le=MAX_AMOUNT_MINOR)]
States = Annotated[list[TileState] | None, Query()]
Skus = Annotated[list[str] | None, Query(max_length=100)]


@router.get("")
def list_tiles(
    services: ServicesOf,
    store: str,
    *,
    state: States = None,
    sku: Skus = None,
    limit: Limit = 100,
    after: After = None,
) -> ListOf[TileResource]:
    """List a store's tiles by position; `state` and `sku` may be given several times."""
    tiles = (
        tile
        for tile in _tiles(services, store)
        if (state is None or tile.state in state) and (sku is None or tile.sku in sku)
    )
    return ListOf[TileResource].cut(tiles, _position, after, limit)


@router.get("/{position}")
def get_tile(services: ServicesOf, store: str, position: str) -> TileResource:
    """Return one tile."""
    currency = services.store(store=store).currency
    return TileResource.of(services.tile(store=store, position=position), currency)


@router.get("/{position}/image", responses=PICTURE, response_class=Response)
def get_image(services: ServicesOf, request: Request, store: str, position: str) -> Response:
    """Return the picture of what hangs there, as the device last confirmed it."""
    return _answer(
        request,
        services.tile_image(store=store, position=position),
        f"{position} shows nothing yet.",
    )


@router.get("/{position}/wanted-image", responses=PICTURE, response_class=Response)
def get_wanted_image(services: ServicesOf, request: Request, store: str, position: str) -> Response:
    """Return the picture of what should hang there now."""
    found = services.wanted_image(store=store, position=position)
    return _answer(request, found, f"No product is planned at {position}.")


@router.get("/{position}/preview", responses=PICTURE, response_class=Response)
def get_preview(
    services: ServicesOf,
    request: Request,
    store: str,
    position: str,
    amount_minor: Amount = None,
) -> Response:
    """Return what the tile would look like at a price."""
    frame = services.position_preview(store=store, position=position, amount_minor=amount_minor)
    return picture(request, frame, frame.digest())


def _tiles(services: Services, store: str) -> Iterator[TileResource]:
    view = services.store(store=store)
    for number in view.bays:
        for shelf in services.bay(store=store, number=number).shelves:
            yield from (TileResource.of(tile, view.currency) for tile in shelf.tiles)


def _answer(request: Request, found: tuple[Frame, str] | None, why_not: str) -> Response:
    if found is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "no-picture", why_not)
    return picture(request, *found)


def _position(tile: TileResource) -> str:
    return tile.position
