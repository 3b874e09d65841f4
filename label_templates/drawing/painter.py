"""Marks to pixels: ink indices painted straight into one picture, nothing anti-aliased.

Photographs are dithered; what is read never is.
"""

from collections.abc import Callable, Iterable

from PIL import Image, ImageDraw

from label_templates.contract.panel import Ink, PanelSpec
from label_templates.drawing.frame import Frame
from label_templates.drawing.glyphs import Core
from label_templates.drawing.photo import Asset, Photos
from label_templates.drawing.text import FontFaces
from label_templates.layout.keep import Keep
from label_templates.layout.node import Bars, Fill, Mark, Matrix, Photo, Run

_SHAPE_BUDGET = 6 * 2**20


class Painter:
    """Paints marks; keeps lines, bars, round boxes and photos it has painted before."""

    def __init__(self, faces: FontFaces) -> None:
        self._faces = faces
        self._shapes: Keep[Core] = Keep(_SHAPE_BUDGET)
        self._photos = Photos()

    def paint(self, panel: PanelSpec, marks: Iterable[Mark], asset: Asset) -> Frame:
        """Return the frame of some marks on white paper; `asset` finds the files of photos.

        Raises AssetError, with the node's place, for a photo that is missing or none.
        """
        picture = Image.new("L", (panel.width, panel.height), panel.inks.index(Ink.WHITE))
        paste, drawn = picture.im.paste, self._faces.run
        for mark in marks:
            if type(mark) is Run:
                x, y, text, font, size, ink = mark
                mask, left, top, wide, high = drawn(text, font, size)
                x += left
                y += top
                paste(ink, (x, y, x + wide, y + high), mask)
            elif type(mark) is Bars:
                mask, wide = self._bars(mark.modules, mark.module, mark.height)
                paste(mark.ink, (mark.x, mark.y, mark.x + wide, mark.y + mark.height), mask)
            elif type(mark) is Fill:
                self._fill(paste, mark)
            elif type(mark) is Matrix:
                mask, wide = self._matrix(mark.dark, mark.side, mark.module)
                paste(mark.ink, (mark.x, mark.y, mark.x + wide, mark.y + wide), mask)
            elif type(mark) is Photo:
                self._photo(paste, mark, panel, asset)
        return Frame(panel.width, panel.height, panel.inks, picture.tobytes())

    def _photo(
        self, paste: Callable[..., None], photo: Photo, panel: PanelSpec, asset: Asset
    ) -> None:
        pixels, left, top, width, height = self._photos.drawn(photo, panel, asset)
        if photo.ground is not None:
            self._fill(paste, Fill(*photo[:4], photo.ground, 0))
        x, y = photo.x + left, photo.y + top
        paste(pixels, (x, y, x + width, y + height))

    def _fill(self, paste: Callable[..., None], fill: Fill) -> None:
        box = (fill.x, fill.y, fill.x + fill.width, fill.y + fill.height)
        if fill.radius:
            paste(fill.ink, box, self._round(fill.width, fill.height, fill.radius))
        else:
            paste(fill.ink, box)

    def _round(self, width: int, height: int, radius: int) -> Core:
        """Return the mask of a box with round corners."""
        key = (width, height, radius)
        found = self._shapes.get(key)
        if found is not None:
            return found
        picture = Image.new("L", (width, height))
        box = (0, 0, width - 1, height - 1)
        ImageDraw.Draw(picture).rounded_rectangle(box, radius, fill=255)
        return self._shapes.put(key, picture.im, 300 + width * height)

    def _bars(self, modules: str, module: int, height: int) -> tuple[Core, int]:
        """Return the mask of a barcode, one row of pixels repeated, and its width."""
        key = (modules, module, height)
        wide = len(modules) * module
        found = self._shapes.get(key)
        if found is not None:
            return found, wide
        row = modules.replace("1", "\xff" * module).replace("0", "\0" * module)
        picture = Image.frombytes("L", (wide, 1), row.encode("latin-1")).convert("1")
        mask = picture.im.resize((wide, height), Image.Resampling.NEAREST)
        return self._shapes.put(key, mask, 400 + wide * height), wide

    def _matrix(self, dark: bytes, side: int, module: int) -> tuple[Core, int]:
        """Return the mask of a QR code, and its width."""
        key = (dark, module)
        wide = side * module
        found = self._shapes.get(key)
        if found is not None:
            return found, wide
        picture = Image.frombytes("L", (side, side), dark).convert("1")
        mask = picture.im.resize((wide, wide), Image.Resampling.NEAREST)
        return self._shapes.put(key, mask, 400 + len(dark) + wide * wide), wide
