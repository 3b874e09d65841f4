"""/v1/stores/{store}/tiles: what each position shows and should show, in words and in pixels."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from cloud_service.api.caller import ServicesOf, may_read
from cloud_service.api.pictures import PICTURE, picture
from cloud_service.api.problems import ProblemError
from cloud_service.api.resources.resource import ListOf
from cloud_service.api.resources.tiles import StandingResource, TileResource
from cloud_service.api.route import Route
from cloud_service.api.stores import After, Limit
from cloud_service.services.views.shelves import TileState
from label_templates.contract.identifiers import Sku
from label_templates.contract.money import MAX_AMOUNT_MINOR
from label_templates.drawing.frame import Frame

router = APIRouter(
    prefix="/stores/{store}/tiles", route_class=Route, tags=["tiles"], dependencies=[may_read]
)

Amount = Annotated[int | None, Query(gt=0, le=MAX_AMOUNT_MINOR)]
States = Annotated[list[TileState] | None, Query()]
Skus = Annotated[list[str] | None, Query(max_length=100)]


class Wanted(BaseModel):
    """The SKUs that somebody waits for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    skus: Annotated[tuple[Sku, ...], Field(min_length=1, max_length=10_000)]


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
    currency = services.store(store=store).currency
    found = services.tiles(store=store, states=state, skus=sku, after=after, limit=limit + 1)
    data = tuple(TileResource.of(view, currency) for view in found[:limit])
    has_more = len(found) > limit
    return ListOf(data=data, has_more=has_more, next=data[-1].position if has_more else None)


@router.post(":standing")
def get_standing(services: ServicesOf, store: str, wanted: Wanted) -> StandingResource:
    """Say how far the tiles of some SKUs have followed; cheap, to be asked often.

    It changes nothing; it is a POST because a query cannot hold ten thousand SKUs.
    """
    return StandingResource.of(services.standing(store=store, skus=wanted.skus))


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


def _answer(request: Request, found: tuple[Frame, str] | None, why_not: str) -> Response:
    if found is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "no-picture", why_not)
    return picture(request, *found)
