"""/v1/bundles: template bundles brought in and listed; the bundle of a store.

What a bundle is made of is given to anybody who names it by its hash, without a token: shelves
fetch it, and all that is in it hangs on shelves for everybody to see.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Self

from anyio.to_thread import run_sync
from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from cloud_service.api.caller import ServicesOf, Writer, may_read
from cloud_service.api.resources.resource import ListOf, Resource, instant
from cloud_service.api.route import Route
from cloud_service.api.stores import After, Limit
from cloud_service.api.uploads import receive
from cloud_service.services.bundles import MOST_ARCHIVE_BYTES
from cloud_service.services.views.bundles import BundleUsed, BundleView

router = APIRouter(route_class=Route, tags=["bundles"])

Digest = Annotated[str, Path(pattern=r"^sha256:[0-9a-f]{64}$")]
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
_FOR_EVER = "public, max-age=31536000, immutable"
_MANIFEST: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {}}, "description": "The manifest, canonical JSON."}
}
_BLOB: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {}}, "description": "The bytes."}
}


class BundleResource(Resource):
    """A template bundle and the stores that use it; `size` in bytes."""

    digest: str
    templates: tuple[str, ...]
    files: int
    size: int
    added_at: datetime | None
    added_by: str
    installed: bool
    stores: tuple[str, ...]

    @classmethod
    def of(cls, view: BundleView) -> Self:
        """Show a bundle."""
        same = {name: getattr(view, name) for name in cls.model_fields.keys() - {"added_at"}}
        return cls(**same, added_at=instant(view.added_at))


class AddedResource(BundleResource):
    """A bundle that was brought in; `new` is false where it was here already."""

    new: bool


class BundleWish(Resource):
    """Which bundle a store is to use: a digest, the beginning of one, or `installed`."""

    bundle: Annotated[str, Field(max_length=80)]
    note: Annotated[str, Field(max_length=500)] = ""


class UsedResource(Resource):
    """What having a store use a bundle did; no change where it used that already."""

    change_id: str | None
    revision: int | None
    store_id: str
    bundle: str
    tiles: int

    @classmethod
    def of(cls, view: BundleUsed) -> Self:
        """Show what was done."""
        return cls(**vars(view))


@router.get("/bundles", dependencies=[may_read])
def list_bundles(
    services: ServicesOf, limit: Limit = 100, after: After = None
) -> ListOf[BundleResource]:
    """List the bundles by digest."""
    bundles = (BundleResource.of(view) for view in services.bundles())
    return ListOf[BundleResource].cut(bundles, _digest, after, limit)


@router.post("/bundles", status_code=HTTPStatus.CREATED)
async def add_bundle(
    services: ServicesOf, caller: Writer, request: Request, response: Response
) -> AddedResource:
    """Take in a packed bundle, the body or a multipart part named `file`; 200 where it is here."""
    path = (await receive(request, MOST_ARCHIVE_BYTES)).path
    try:
        added = await run_sync(lambda: services.add_bundle(source=path, actor=caller.name))
    finally:
        path.unlink()
    if not added.new:
        response.status_code = HTTPStatus.OK
    return AddedResource(**BundleResource.of(added.bundle).model_dump(), new=added.new)


@router.put("/stores/{store}/bundle")
def use_bundle(services: ServicesOf, caller: Writer, store: str, wish: BundleWish) -> UsedResource:
    """Have all tiles of a store drawn with a bundle."""
    done = services.use_bundle(store=store, bundle=wish.bundle, actor=caller.name, note=wish.note)
    return UsedResource.of(done)


@router.get("/bundles/{digest}", response_class=Response, responses=_MANIFEST)
def get_manifest(services: ServicesOf, digest: Digest) -> Response:
    """Give a bundle's manifest; its SHA-256 is the digest. Needs no token."""
    return _kept(services.bundle_manifest(digest=digest), "application/json", digest)


@router.get("/blobs/{sha256}", response_class=Response, responses=_BLOB)
def get_blob(services: ServicesOf, sha256: Sha256) -> Response:
    """Give a template or file of a bundle by its SHA-256. Needs no token."""
    return _kept(*services.blob(sha256=sha256), sha256)


def _kept(body: bytes, media_type: str, tag: str) -> Response:
    """Answer with what never changes, because its address is its hash."""
    headers = {"Cache-Control": _FOR_EVER, "ETag": f'"{tag}"'}
    return Response(body, media_type=media_type, headers=headers)


def _digest(bundle: BundleResource) -> str:
    return bundle.digest
