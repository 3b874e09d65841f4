"""Marks to pixels: ink indices painted straight into one picture, nothing anti-aliased."""

from collections.abc import Iterable

from PIL import Image, ImageDraw

from label_templates.contract.panel import Ink
from label_templates.drawing.frame import Frame
from label_templates.drawing.text import FontFaces
from label_templates.layout.keep import Keep
from label_templates.layout.node import Bars, Fill, Mark, Run

_SHAPE_BUDGET = 8 * 2**20


class Painter:
    """Paints marks; keeps lines, bars and round boxes it has painted before."""

    def __init__(self, faces: FontFaces) -> None:
        self._faces = faces
        self._shapes: Keep[Image.Image] = Keep(_SHAPE_BUDGET)

    def paint(self, width: int, height: int, inks: tuple[Ink, ...], marks: Iterable[Mark]) -> Frame:
        """Return the frame of some marks on white paper."""
        picture = Image.new("L", (width, height), inks.index(Ink.WHITE))
        paste = picture.paste
        run = self._faces.run
        for mark in marks:
            if type(mark) is Run:
                mask, left, down = run(mark.text, mark.font, mark.size)
                paste(mark.ink, (mark.x + left, mark.y + down), mask)
            elif type(mark) is Bars:
                paste(mark.ink, (mark.x, mark.y), self._bars(mark))
            elif type(mark) is Fill:
                self._fill(picture, mark)
        return Frame(width, height, inks, picture.tobytes())

    def _fill(self, picture: Image.Image, fill: Fill) -> None:
        if fill.radius:
            picture.paste(fill.ink, (fill.x, fill.y), self._round(fill))
        else:
            box = (fill.x, fill.y, fill.x + fill.width, fill.y + fill.height)
            picture.paste(fill.ink, box)

    def _bars(self, bars: Bars) -> Image.Image:
        key = (bars.modules, bars.module, bars.height)
        found = self._shapes.get(key)
        if found is not None:
            return found
        count = len(bars.modules)
        row = Image.frombytes("L", (count, 1), bars.modules.replace("1", "\xff").encode("latin-1"))
        row = row.point(lambda value: 255 if value == 255 else 0)
        size = (count * bars.module, bars.height)
        mask = row.resize(size, Image.Resampling.NEAREST).convert("1")
        return self._shapes.put(key, mask, 300 + size[0] * size[1])

    def _round(self, fill: Fill) -> Image.Image:
        key = (fill.width, fill.height, fill.radius)
        found = self._shapes.get(key)
        if found is not None:
            return found
        mask = Image.new("1", (fill.width, fill.height))
        box = (0, 0, fill.width - 1, fill.height - 1)
        ImageDraw.Draw(mask).rounded_rectangle(box, fill.radius, fill=1)
        return self._shapes.put(key, mask, 300 + fill.width * fill.height)
