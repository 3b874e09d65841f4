"""Photos made up for tests, as files, and panels of any size to draw them on."""

import hashlib
import io

from PIL import Image

from label_templates.contract.panel import PanelSpec, panel_spec
from label_templates.drawing.frame import Frame
from label_templates.drawing.painter import Painter
from label_templates.drawing.text import FontFaces
from label_templates.layout.errors import AssetError, Place
from label_templates.layout.node import Photo

PLACE = Place(3, 'image "photo"')


def file_of(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """Return a picture as a file."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def gradient(width: int, height: int) -> Image.Image:
    """Return all hues across, light above and dark below, by whole numbers alone."""
    pixels = (
        _hue(1536 * x // width, 255 - 255 * y // height)
        for y in range(height)
        for x in range(width)
    )
    return Image.frombytes("RGB", (width, height), b"".join(pixels))


def _hue(turn: int, light: int) -> bytes:
    """Return a colour by its hue, a full turn being 1536, and its lightness of 255."""
    distances = (min((turn - peak) % 1536, (peak - turn) % 1536) for peak in (0, 512, 1024))
    return bytes(min(max(512 - away, 0), 255) * light // 255 for away in distances)


def drawn(
    data: bytes, panel: str | PanelSpec = "epd-7.3-e6", *, size: tuple[int, int] = (64, 64),
    fit: str = "contain", align: str = "center", valign: str = "center", ground: int | None = None,
) -> Frame:  # fmt: skip
    """Draw a photo over the whole of a panel cut to this size."""
    whole = panel_spec(panel) if isinstance(panel, str) else panel
    spec = whole.model_copy(update={"width": size[0], "height": size[1]})
    digest = hashlib.sha256(data).hexdigest()

    def asset(wanted: str) -> bytes:
        if wanted != digest:
            raise AssetError("the bundle has no such file")
        return data

    mark = Photo(0, 0, *size, digest, fit, align, valign, ground, PLACE)
    return Painter(FontFaces()).paint(spec, [mark], asset)
