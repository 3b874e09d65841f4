"""What of a panel must be refreshed between two frames: rectangles, few and small.

Nodes decide how changed pixels belong together, so that a price and a name that both change are two
rectangles and not one over all between them; pixels decide what changed, so that of a price whose
cents alone change, only the cents are refreshed. No changed pixel is ever left out.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from PIL import Image

from label_templates.contract.panel import PanelSpec
from label_templates.drawing.frame import Frame
from label_templates.layout.node import PlacedBox

MOST = 4
"""Rectangles of one refresh: each costs the driver a window and a transfer of its own."""
NEAR = 512
"""Pixels that may be refreshed in vain to save a rectangle: 64 bytes on a black and white panel."""


class Rectangle(NamedTuple):
    """A part of a panel in pixels, from the top left."""

    x: int
    y: int
    width: int
    height: int

    @property
    def area(self) -> int:
        """Return how many pixels it holds."""
        return self.width * self.height


def dirty(
    panel: PanelSpec, before: Frame, after: Frame, boxes: Iterable[PlacedBox] = ()
) -> tuple[Rectangle, ...]:
    """Return what must be refreshed to show `after` where `before` hangs, aligned to the panel.

    `boxes` are where the nodes of both tiles stand (`Renderer.boxes`). Nothing changed: nothing; a
    panel that refreshes only as a whole: all of it. Raises FrameError for frames of other panels.
    """
    for frame in (before, after):
        frame.check_panel(panel)
    if before.indices == after.indices:
        return ()
    whole = Rectangle(0, 0, panel.width, panel.height)
    if panel.partial_refresh_ms is None:
        return (whole,)
    changed = _difference(before, after)
    rooms = {Rectangle(*box[2:6]) for box in boxes} - {whole}
    found = [
        _aligned(part, panel)
        for room in (*sorted(rooms, key=lambda room: (room.area, room)), whole)
        if (part := _taken(changed, room)) is not None
    ]
    return tuple(sorted(_merged(found)))


def _difference(before: Frame, after: Frame) -> Image.Image:
    """Return a picture that is not black where the frames differ."""
    both = int.from_bytes(before.indices, "big") ^ int.from_bytes(after.indices, "big")
    pixels = both.to_bytes(len(after.indices), "big")
    return Image.frombytes("L", (after.width, after.height), pixels)


def _taken(changed: Image.Image, room: Rectangle) -> Rectangle | None:
    """Return where pixels changed within a room, and forget those; None where none did."""
    x, y, width, height = room
    bounds = changed.crop((x, y, x + width, y + height)).getbbox()
    if bounds is None:
        return None
    left, top, right, bottom = bounds
    changed.paste(0, (x + left, y + top, x + right, y + bottom))
    return Rectangle(x + left, y + top, right - left, bottom - top)


def _aligned(part: Rectangle, panel: PanelSpec) -> Rectangle:
    left, top = part.x - part.x % panel.align_x, part.y - part.y % panel.align_y
    right, bottom = part.x + part.width, part.y + part.height
    right = min(right + -right % panel.align_x, panel.width)
    bottom = min(bottom + -bottom % panel.align_y, panel.height)
    return Rectangle(left, top, right - left, bottom - top)


def _merged(parts: Sequence[Rectangle]) -> Sequence[Rectangle]:
    """Put together what nearly touches, the cheapest pair first, and more until few are left."""
    left = list(dict.fromkeys(parts))
    while len(left) > 1:
        one, other = min(combinations(left, 2), key=_waste)
        if len(left) <= MOST and _waste((one, other)) > NEAR:
            break
        left = [part for part in left if part not in (one, other)]
        left.append(_around(one, other))
    return left


def _waste(pair: tuple[Rectangle, Rectangle]) -> int:
    """Return how many pixels more a pair has as one rectangle than as two."""
    one, other = pair
    return _around(one, other).area - one.area - other.area


def _around(one: Rectangle, other: Rectangle) -> Rectangle:
    left, top = min(one.x, other.x), min(one.y, other.y)
    right = max(one.x + one.width, other.x + other.width)
    bottom = max(one.y + one.height, other.y + other.height)
    return Rectangle(left, top, right - left, bottom - top)
