"""/v1/stores/{store}/tiles:check: what is found on the tiles of a store before anybody looks."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Query

from cloud_service.api.caller import ServicesOf, may_read
from cloud_service.api.resources.resource import Resource, instant
from cloud_service.api.route import Route
from cloud_service.api.stores import After, Limit
from cloud_service.services.views.checks import CheckedTile, CheckPage
from label_templates.checks.finding import Finding, Level

router = APIRouter(route_class=Route, tags=["tiles"], dependencies=[may_read])

Bay = Annotated[int | None, Query(ge=1, le=999)]


class FindingResource(Resource):
    """Something found on a tile; `node` and `line` say where in its template."""

    level: Level
    code: str
    detail: str
    node: str | None
    line: int | None
    source: str | None
    """The template of the line, where that is one which the drawn one extends."""
    citation: str | None

    @classmethod
    def of(cls, found: Finding) -> Self:
        """Show a finding."""
        return cls.model_validate(found.words())


class CheckedTileResource(Resource):
    """What is found on what a position shows from an instant on; `since` is null for now."""

    store_id: str
    position: str
    panel: str
    sku: str | None
    template: str
    since: datetime | None
    findings: tuple[FindingResource, ...]

    @classmethod
    def of(cls, tile: CheckedTile) -> Self:
        """Show what is found on a tile."""
        own = cls.model_fields.keys() - {"since", "findings"}
        same = {name: getattr(tile, name) for name in own}
        findings = tuple(FindingResource.of(found) for found in tile.findings)
        return cls(**same, since=instant(tile.since), findings=findings)


class CheckResource(Resource):
    """Some positions of a store, `checked` of them: those on whose tiles something is found."""

    data: tuple[CheckedTileResource, ...]
    checked: int
    has_more: bool
    next: str | None

    @classmethod
    def of(cls, page: CheckPage) -> Self:
        """Show a page of a check."""
        data = tuple(CheckedTileResource.of(tile) for tile in page.tiles)
        return cls(data=data, checked=page.checked, has_more=page.next is not None, next=page.next)


@router.get("/stores/{store}/tiles:check")
def check_tiles(
    services: ServicesOf, store: str, *, bay: Bay = None, limit: Limit = 100, after: After = None
) -> CheckResource:
    """Check a store's tiles, or a bay's, as they are and as they will be, by position."""
    page = services.check_tiles(store=store, bay=bay, after=after, limit=limit)
    return CheckResource.of(page)
