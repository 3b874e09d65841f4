"""Photos: decoded, fitted into their box and dithered to what a panel can show.

Floyd-Steinberg with the panel's measured palette, after the photo's colours were brought to those
that its inks can mix, black and white to the panel's: so white paper stays white, no shade is lost
beyond the darkest ink, and a green on a panel without one is grey.

The same file gives the same indices on every machine: Pillow decodes with pinned codecs (for JPEG
the exact integer transform), the triangle filter's weights come of additions and divisions alone
and are then integers, and quantising is integer arithmetic. The sharper filters multiply and add or
call the C library's sine, which differ between processors. Colour profiles are not applied.
"""

import io
import warnings
from collections.abc import Callable, Mapping
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from label_templates.contract.panel import Ink, PanelSpec, Rgb
from label_templates.drawing.gamut import shown
from label_templates.drawing.glyphs import Core
from label_templates.drawing.palette import CUBE
from label_templates.layout.errors import AssetError
from label_templates.layout.keep import Keep
from label_templates.layout.node import Photo

FORMATS = ("PNG", "JPEG", "WEBP")
MOST_PIXELS = 16_000_000
"""Decoded, a photo of this size takes 64 MB: as much as a Pi can spare for a moment."""
_BUDGET = 8 * 2**20
_GREY = 6
"""Colours no farther from grey than this, of 255, are dithered without coloured inks."""
_MODES = frozenset(
    {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "La", "RGBa"}
)

Asset = Callable[[str], bytes]
"""SHA-256 in, the file out; AssetError where there is none."""


class Placed(NamedTuple):
    """A dithered photo, and where it stands in its box."""

    pixels: Core
    left: int
    top: int
    width: int
    height: int


class Photos:
    """Draws photos, and keeps those drawn before by what decides their pixels."""

    def __init__(self) -> None:
        self._drawn: Keep[Placed] = Keep(_BUDGET)

    def drawn(self, photo: Photo, panel: PanelSpec, asset: Asset) -> Placed:
        """Return a photo's ink indices; AssetError, with its place, where it cannot be drawn."""
        key = (*photo[2:9], panel.inks, panel.palette, panel.cube)
        found = self._drawn.get(key)
        if found is not None:
            return found
        try:
            placed = _placed(opened(asset(photo.digest)), photo, panel)
        except AssetError as error:
            raise AssetError(f"photo {photo.digest[:12]}: {error.reason}", photo.place) from error
        return self._drawn.put(key, placed, 500 + placed.width * placed.height)


def opened(data: bytes) -> Image.Image:
    """Decode a file, turned upright, as RGB or RGBA; AssetError where it is no photo."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise AssetError(_too_large(f"{picture.width} x {picture.height} pixels"))
        upright = ImageOps.exif_transpose(picture)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise AssetError(_too_large("far too many pixels")) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise AssetError(f"no whole picture in {', '.join(FORMATS)}: {error}") from error
    if upright.mode not in _MODES:
        raise AssetError(f"pictures with pixels of type {upright.mode} are not read")
    return upright.convert("RGBA" if upright.has_transparency_data else "RGB")


def _too_large(size: str) -> str:
    return f"{size}, more than {MOST_PIXELS // 1_000_000} million"


def _placed(picture: Image.Image, photo: Photo, panel: PanelSpec) -> Placed:
    if photo.fit == "cover":
        width, height = photo.width, photo.height
        left = top = 0
        picture = picture.crop(_cut(picture.size, photo))
    else:
        width, height = _within(picture.size, (photo.width, photo.height))
        left = _shift(photo.align, photo.width - width)
        top = _shift(photo.valign, photo.height - height)
    fitted = picture.resize((width, height), Image.Resampling.BILINEAR)
    return Placed(
        _dithered(*_on_ground(fitted, photo.ground, panel), panel), left, top, width, height
    )


def _within(size: tuple[int, int], room: tuple[int, int]) -> tuple[int, int]:
    """Return the largest size of the same shape within a room, in whole pixels."""
    (wide, high), (width, height) = size, room
    if wide * height >= high * width:
        return width, max((2 * high * width + wide) // (2 * wide), 1)
    return max((2 * wide * height + high) // (2 * high), 1), height


def _cut(size: tuple[int, int], photo: Photo) -> tuple[int, int, int, int]:
    """Return the largest part of a picture that has the shape of the box."""
    wide, high = _within((photo.width, photo.height), size)
    left = _shift(photo.align, size[0] - wide)
    top = _shift(photo.valign, size[1] - high)
    return left, top, left + wide, top + high


def _shift(side: str, rest: int) -> int:
    return {"start": 0, "center": rest // 2, "end": rest}[side]


def _on_ground(
    picture: Image.Image, ground: int | None, panel: PanelSpec
) -> tuple[Image.Image, Image.Image]:
    """Return a picture, laid on the ground where it is clear, as `_shown` does."""
    colours, hue = _shown(picture.convert("RGB"), panel)
    if picture.mode == "RGB":
        return colours, hue
    white, black = panel.inks.index(Ink.WHITE), panel.inks.index(Ink.BLACK)
    ink = white if ground is None else ground
    paper = Image.new("RGB", picture.size, panel.palette[ink])
    around = Image.new("L", picture.size, 0 if ink in (white, black) else 255)
    paper.paste(colours, mask=picture.getchannel("A"))
    around.paste(hue, mask=picture.getchannel("A"))
    return paper, around


def _shown(picture: Image.Image, panel: PanelSpec) -> tuple[Image.Image, Image.Image]:
    """Return a picture in colours that the panel can mix, and how far each is from grey."""
    grey = set(panel.inks) == {Ink.WHITE, Ink.BLACK}
    if not grey and not panel.cube:
        return shown(picture, panel.inks, panel.palette)
    white, black = panel.inks.index(Ink.WHITE), panel.inks.index(Ink.BLACK)
    colours = picture.convert("L").convert("RGB") if grey else picture
    toned = colours.point(_tones(panel.palette[black], panel.palette[white]))
    return toned, Image.new("L", picture.size, 255)


def _tones(black: Rgb, white: Rgb) -> list[int]:
    return [
        dark + (2 * value * (light - dark) + 255) // 510
        for dark, light in zip(black, white, strict=True)
        for value in range(256)
    ]


def _dithered(picture: Image.Image, hue: Image.Image, panel: PanelSpec) -> Core:
    """Return ink indices; what is grey is mixed of black and white alone, without specks."""
    colours = (*panel.palette, *(CUBE if panel.cube else ()))
    pixels = _nearest(picture, dict(enumerate(colours)))
    grey = hue.point([255 * (value <= _GREY) for value in range(256)])
    if grey.getbbox() is not None:
        ends = [panel.inks.index(ink) for ink in (Ink.WHITE, Ink.BLACK)]
        plain = _nearest(picture, {index: colours[index] for index in ends})
        pixels.paste(plain, mask=grey)
    return pixels.im


def _nearest(picture: Image.Image, colours: Mapping[int, Rgb]) -> Image.Image:
    """Dither to some colours; return the index that each was given."""
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for colour in colours.values() for channel in colour])
    found = picture.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
    table = bytes(colours).ljust(256, b"\0")
    return Image.frombytes("L", found.size, found.tobytes().translate(table))
