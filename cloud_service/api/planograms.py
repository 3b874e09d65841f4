"""/v1/stores/{store}/planogram: what hangs where, now or as of a revision; bays by their names."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from cloud_service.api.caller import ServicesOf, Writer, may_read
from cloud_service.api.resources.resource import ListOf, Resource, instant
from cloud_service.api.route import Route
from cloud_service.changes.hanging import Hanging, Place
from cloud_service.services.views.planograms import Hung, PlaceView, PlanogramView
from label_templates.contract.identifiers import DeviceId, PositionId, Sku

router = APIRouter(prefix="/stores/{store}", route_class=Route, tags=["planograms"])

MAX_POSITIONS = 200_000
Bay = Annotated[int, Path(ge=1)]
Shelf = Annotated[int, Path(ge=1)]


class PlaceEdit(BaseModel):
    """What shall hang at a position; without a device its panel is paper."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    position: PositionId
    device_id: DeviceId | None = None
    panel: str
    sku: Sku | None = None
    facings: Annotated[int, Field(strict=True, ge=1, le=99)] = 1


class PlanogramEdit(BaseModel):
    """Positions to hang. With `whole` they are all there are: others are taken down."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    places: Annotated[tuple[PlaceEdit, ...], Field(max_length=MAX_POSITIONS)]
    whole: bool = False
    note: Annotated[str, Field(max_length=500)] = ""


class PlaceResource(Resource):
    """What hangs, or hung, at a position."""

    position: str
    device_id: str | None
    panel: str
    sku: str | None
    facings: int

    @classmethod
    def of(cls, view: PlaceView) -> Self:
        """Show a place."""
        return cls(**vars(view))


class PlanogramResource(Resource):
    """A planogram, in walking order; without a revision it is what hangs now."""

    store_id: str
    revision: int | None
    places: tuple[PlaceResource, ...]

    @classmethod
    def of(cls, view: PlanogramView) -> Self:
        """Show a planogram."""
        places = tuple(PlaceResource.of(place) for place in view.places)
        return cls(store_id=view.store_id, revision=view.revision, places=places)


class HungResource(Resource):
    """What hanging positions did; without a change nothing differed from what hung."""

    change_id: str | None
    revision: int | None
    store_id: str
    positions: int
    tiles: int

    @classmethod
    def of(cls, done: Hung) -> Self:
        """Show what was done."""
        return cls(**vars(done))


class PlanogramRevision(Resource):
    """One step in a planogram's history."""

    revision: int
    at: datetime | None
    actor: str
    note: str


class NameEdit(BaseModel):
    """The name of a bay or of a shelf; null takes it away."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str | None


@router.get("/planogram", dependencies=[may_read])
def get_planogram(
    services: ServicesOf, store: str, revision: Annotated[int | None, Query(ge=0)] = None
) -> PlanogramResource:
    """Return what hangs in a store, or what hung as of a revision."""
    return PlanogramResource.of(services.catalogue.planogram(store=store, revision=revision))


@router.put("/planogram")
def put_planogram(
    services: ServicesOf, caller: Writer, store: str, body: PlanogramEdit
) -> HungResource:
    """Hang positions as one change: all of them, or none."""
    places = [
        Place(one.position, one.device_id, one.panel, one.sku, one.facings) for one in body.places
    ]
    done = services.catalogue.hang(
        store=store, hanging=Hanging(places, body.whole), actor=caller.name, note=body.note
    )
    return HungResource.of(done)


@router.get("/planogram/revisions", dependencies=[may_read])
def list_revisions(services: ServicesOf, store: str) -> ListOf[PlanogramRevision]:
    """List when a store's planogram changed, the newest first."""
    data = tuple(
        PlanogramRevision(revision=revision, at=instant(at), actor=actor, note=note)
        for revision, at, actor, note in services.catalogue.planogram_revisions(store=store)
    )
    return ListOf[PlanogramRevision](data=data, has_more=False)


@router.put("/bays/{bay}/name")
def name_bay(
    services: ServicesOf, caller: Writer, store: str, bay: Bay, body: NameEdit
) -> NameEdit:
    """Give a bay a name."""
    services.catalogue.name_fixture(store=store, bay=bay, name=body.name, actor=caller.name)
    return body


@router.put("/bays/{bay}/shelves/{shelf}/name")
def name_shelf(
    services: ServicesOf, caller: Writer, *, store: str, bay: Bay, shelf: Shelf, body: NameEdit
) -> NameEdit:
    """Give a shelf a name."""
    services.catalogue.name_fixture(
        store=store, bay=bay, shelf=shelf, name=body.name, actor=caller.name
    )
    return body
