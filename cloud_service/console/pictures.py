"""Pictures of tiles: what hangs, what should, and what a price that is not saved would make.

Paper is left clear in them, so that the page gives it its colour. The address of what hangs holds
the picture's tag, so a browser keeps it for ever; where the tag is no longer the present one, the
present picture is sent for this once.
"""

from io import BytesIO

from fastapi import APIRouter
from fastapi.responses import Response
from PIL import Image

from cloud_service.console.addresses import LIST_PIXELS
from cloud_service.console.room import Visiting
from cloud_service.errors import NotFound
from label_templates.drawing.frame import Frame

router = APIRouter(prefix="/stores/{store}")

_FOR_EVER = "private, max-age=31536000, immutable"
_THIS_ONCE = "private, no-store"


@router.get("/tiles/{position}/{tag}.png")
def hanging(
    visit: Visiting, store: str, position: str, tag: str, *, small: bool = False
) -> Response:
    """Send what hangs at a position."""
    key = f"{store}/{position}/{tag}/{small}"
    kept = visit.console.gallery.find(key)
    if kept is not None:
        return _png(kept, _FOR_EVER)
    frame, present = _there(visit.services.tile_image(store=store, position=position))
    png = frame.png(clear_paper=True)
    png = shrunk(png) if small else png
    if tag != present:
        return _png(png, _THIS_ONCE)
    visit.console.gallery.keep(key, png)
    return _png(png, _FOR_EVER)


@router.get("/tiles/{position}/wanted/{tag}.png")
def wanted(visit: Visiting, store: str, position: str, tag: str) -> Response:
    """Send what should hang at a position."""
    frame, present = _there(visit.services.wanted_image(store=store, position=position))
    return _png(frame.png(clear_paper=True), _FOR_EVER if tag == present else _THIS_ONCE)


@router.get("/products/{sku}/preview.png")
def preview(
    visit: Visiting, store: str, sku: str, panel: str, amount: int | None = None
) -> Response:
    """Send what a tile would show at a price that is not saved."""
    frame = visit.services.preview(store=store, sku=sku, panel=panel, amount_minor=amount)
    return _png(frame.png(clear_paper=True), _THIS_ONCE)


def _there(found: tuple[Frame, str] | None) -> tuple[Frame, str]:
    if found is None:
        raise NotFound("Nothing hangs there yet.")
    return found


def shrunk(png: bytes) -> bytes:
    """Return a picture for lists: as wide as LIST_PIXELS, smoothed."""
    with Image.open(BytesIO(png)) as picture:
        height = round(picture.height * LIST_PIXELS / picture.width)
        small = picture.convert("RGBA").resize((LIST_PIXELS, height), Image.Resampling.LANCZOS)
    out = BytesIO()
    small.quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


def _png(body: bytes, keep: str) -> Response:
    return Response(body, media_type="image/png", headers={"Cache-Control": keep})
