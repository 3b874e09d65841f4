"""Product pictures for samples, painted by code: nobody else's pictures are needed or shown."""

import io
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageOps

_SIDE = 640
_FINE = 2
"""Shapes are drawn this many times larger and then reduced, so that their edges are smooth."""
_Point = tuple[float, float]


@cache
def apple() -> bytes:
    """Return a red apple with a leaf, 640 x 640, as PNG."""
    picture = _backdrop("#fdf6e6", "#efd9ae")
    _shadow(picture, (150, 505, 500, 585))
    halves = ImageChops.lighter(_ellipse(108, 190, 388, 566), _ellipse(252, 190, 532, 566))
    body = ImageChops.lighter(halves, _ellipse(178, 300, 462, 560))
    picture.paste(_glow((250, 300), 380, "#6d0712", "#c91f24", "#ff8d5c"), mask=body)
    picture.paste("#ffe3cf", mask=_soft(_ellipse(190, 250, 250, 330), 110))
    picture.paste("#5a3a1e", mask=_stroke([(318, 226), (324, 185), (340, 145), (366, 112)], 14))
    picture.paste(_glow((430, 120), 160, "#205c1e", "#4f9a2f", "#a8d65a"), mask=_leaf())
    return _png(picture)


@cache
def bottle() -> bytes:
    """Return a bottle of orange juice, 640 x 640, as PNG."""
    picture = _backdrop("#f3fbff", "#b9dcea")
    _shadow(picture, (190, 545, 470, 605))
    glass = ImageChops.lighter(_rounded(215, 190, 425, 580, 62), _rounded(276, 110, 364, 330, 30))
    glass = ImageChops.lighter(glass, _ellipse(236, 160, 404, 300))
    picture.paste(_glow((285, 330), 330, "#c85a00", "#ff9a1f", "#ffd26a"), mask=glass)
    picture.paste("#fff3c9", mask=_soft(_rounded(236, 250, 256, 540, 10), 140))
    picture.paste("#1f6b3a", mask=_rounded(264, 62, 376, 128, 14))
    picture.paste("#fffdf4", mask=_rounded(215, 340, 425, 500, 0))
    orange = _glow((305, 400), 90, "#d96a00", "#ff9a1f", "#ffdf8a")
    picture.paste(orange, mask=_ellipse(262, 362, 378, 478))
    leaf = ImageChops.darker(_ellipse(306, 318, 366, 378), _ellipse(326, 338, 386, 398))
    picture.paste("#2f8a3f", mask=leaf)
    return _png(picture)


def _canvas() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    mask = Image.new("L", (_SIDE * _FINE, _SIDE * _FINE))
    return mask, ImageDraw.Draw(mask)


def _ellipse(left: float, top: float, right: float, bottom: float) -> Image.Image:
    mask, draw = _canvas()
    draw.ellipse([edge * _FINE for edge in (left, top, right, bottom)], fill=255)
    return mask.reduce(_FINE)


def _rounded(left: float, top: float, right: float, bottom: float, radius: float) -> Image.Image:
    mask, draw = _canvas()
    box = [edge * _FINE for edge in (left, top, right, bottom)]
    draw.rounded_rectangle(box, radius * _FINE, fill=255)
    return mask.reduce(_FINE)


def _stroke(points: list[_Point], width: int) -> Image.Image:
    mask, draw = _canvas()
    line = [(x * _FINE, y * _FINE) for x, y in points]
    draw.line(line, fill=255, width=width * _FINE, joint="curve")
    return mask.reduce(_FINE)


def _leaf() -> Image.Image:
    return ImageChops.darker(_ellipse(335, 40, 545, 250), _ellipse(345, -40, 555, 170))


def _backdrop(light: str, dark: str) -> Image.Image:
    """Return a wall lit from above the middle."""
    return _glow((320, 250), 520, dark, light, light)


def _shadow(picture: Image.Image, box: tuple[int, int, int, int]) -> None:
    """Lay a soft shadow under a thing."""
    for step in range(12):
        left, top, right, bottom = box
        mask = _ellipse(left + 8 * step, top + 2 * step, right - 8 * step, bottom - 2 * step)
        picture.paste("#5b4a33", mask=_soft(mask, 14))


def _soft(mask: Image.Image, strength: int) -> Image.Image:
    return mask.point([level * strength // 255 for level in range(256)])


def _glow(centre: _Point, radius: int, dark: str, middle: str, light: str) -> Image.Image:
    """Return three colours running into one another from a lit point outwards."""
    light_map = Image.new("L", (_SIDE, _SIDE), 255)
    around = Image.radial_gradient("L").resize((2 * radius, 2 * radius), Image.Resampling.NEAREST)
    light_map.paste(around, (int(centre[0]) - radius, int(centre[1]) - radius))
    return ImageOps.colorize(light_map, light, dark, middle, midpoint=110)


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=6)
    return file.getvalue()
