"""Colours that a panel's inks cannot mix, brought to the nearest that they can.

Dithering can show what lies between the inks, and only that. Asked for a green, a panel of white,
black and red would answer with red, which is nearer than grey in no eye; so each colour is moved
into the inks' hull first, lightness before hue. Black and white become the panel's, greys lie on
the line between.

The moves are computed once a palette for a grid of colours, greys exactly on it, and looked up by
whole numbers between; Python's floats, which make the grid, are the same on every machine.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from PIL import Image, ImageFilter

from label_templates.contract.panel import Ink, Rgb

_Point = tuple[float, float, float]

_LIGHTS, _HUES, _SIDE = 9, 11, 9
"""Grid: lightness in 9 steps; Cb and Cr in 9 of 11, so that no hue (128) is exactly the fifth."""
_MIDDLE = 102
_CLOSE = 0.25
"""Squared distance, of colours from 0 to 255, below which nearer is not looked for."""
_TURNS = 60


def shown(
    picture: Image.Image, inks: tuple[Ink, ...], palette: tuple[Rgb, ...]
) -> tuple[Image.Image, Image.Image]:
    """Return an RGB picture in colours that inks of these measured colours can mix.

    Beside it, as a picture of one channel, how far each is from the grey that is as light.
    """
    white, black = palette[inks.index(Ink.WHITE)], palette[inks.index(Ink.BLACK)]
    light, *hues = picture.convert("YCbCr").split()
    scaled = [hue.point(_SCALED) for hue in hues]
    found = Image.merge("YCbCr", (light, *scaled)).filter(_grid(palette, black, white))
    return Image.merge("RGB", found.split()[:3]), found.getchannel("A")


_SCALED = [(value * _MIDDLE + 64) // 128 for value in range(256)]


@lru_cache(maxsize=16)
def _grid(palette: tuple[Rgb, ...], black: Rgb, white: Rgb) -> ImageFilter.Color3DLUT:
    corners = [_lightness_first(colour) for colour in palette]
    table: list[float] = []
    for colour in _colours():
        toned = [
            dark + channel * (bright - dark) / 255
            for channel, dark, bright in zip(colour, black, white, strict=True)
        ]
        weights = _mixture(_lightness_first(toned), corners)
        mixed = [_mixed(weights, palette, channel) for channel in range(3)]
        table += [channel / 255 for channel in (*mixed, _colourfulness(mixed, black, white))]
    size = (_LIGHTS, _HUES, _HUES)
    return ImageFilter.Color3DLUT(size, table, channels=4, target_mode="RGBA")


def _colourfulness(colour: Sequence[float], black: Rgb, white: Rgb) -> float:
    """Return how far a colour is, in its farthest channel, from the grey that is as light."""
    lights = [_lightness_first(known)[0] for known in (colour, black, white)]
    share = (lights[0] - lights[1]) / (lights[2] - lights[1])
    return max(
        abs(channel - dark - share * (bright - dark))
        for channel, dark, bright in zip(colour, black, white, strict=True)
    )


def _colours() -> Iterator[_Point]:
    """Yield the grid's colours as RGB, some of them outside of what RGB can be."""
    for red_side in range(_HUES):
        for blue_side in range(_HUES):
            for step in range(_LIGHTS):
                light = 255 * step / (_LIGHTS - 1)
                blue, red = (32.0 * (min(at, _SIDE - 1) - 4) for at in (blue_side, red_side))
                green = light - 0.344136 * blue - 0.714136 * red
                yield light + 1.402 * red, green, light + 1.772 * blue


def _lightness_first(colour: Sequence[float]) -> _Point:
    """Return a colour where distances count lightness twice as much as hue."""
    red, green, blue = colour
    light = 0.299 * red + 0.587 * green + 0.114 * blue
    return 2 * light, 0.564 * (blue - light), 0.713 * (red - light)


def _mixture(target: _Point, corners: Sequence[_Point]) -> list[float]:
    """Return how much of each corner makes the point of their hull that is nearest to a target.

    Pairwise Frank-Wolfe: the nearest corner is given of what the farthest one in use has, as much
    as brings the point nearer.
    """
    weights = [0.0] * len(corners)
    ways = [_from(target, corner) for corner in corners]
    weights[min(range(len(corners)), key=lambda at: _dot(ways[at], ways[at]))] = 1.0
    for _ in range(_TURNS):
        away = _from(target, [_mixed(weights, corners, axis) for axis in range(3)])
        pull = [_dot(away, corner) for corner in corners]
        best = min(range(len(corners)), key=pull.__getitem__)
        worst = max((at for at, weight in enumerate(weights) if weight), key=pull.__getitem__)
        if pull[worst] - pull[best] < _CLOSE:
            break
        way = _from(corners[worst], corners[best])
        step = min((pull[worst] - pull[best]) / _dot(way, way), weights[worst])
        weights[best] += step
        weights[worst] -= step
    return weights


def _mixed(weights: Sequence[float], colours: Sequence[Sequence[float]], channel: int) -> float:
    return sum(weight * colour[channel] for weight, colour in zip(weights, colours, strict=True))


def _from(one: Sequence[float], other: Sequence[float]) -> _Point:
    return other[0] - one[0], other[1] - one[1], other[2] - one[2]


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]
