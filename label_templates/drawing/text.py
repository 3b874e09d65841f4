"""Letters: measuring and drawing one-bit hinted text with the pinned fonts.

One-bit hinted text is the clearest on e-ink at small sizes; anti-aliased text leaves stray pixels.
Advances are whole pixels and do not depend on neighbours, so the width of a text is the sum over
its letters, asked once a letter; only lines that are really drawn are rasterised, once each.
"""

from functools import cached_property
from typing import Any, NamedTuple

from PIL import Image, ImageFont

from label_templates.drawing.fonts import check_direction, font_file
from label_templates.layout.errors import GlyphError
from label_templates.layout.keep import Keep

_BLANK = " \u00a0"
_TALL = "ČĆŠŽÁÉÄÖÜÑŐ"
"""Capitals whose accents a line keeps clear of the line above."""
_NO_GLYPH = "\uffff"
_RUN_BUDGET = 16 * 2**20
"""Bytes of drawn lines to keep: about five thousand at label sizes."""

Core = Any
"""Pillow's inner picture, for which it has no public type."""


class Drawn(NamedTuple):
    """A drawn line: its mask, and where that stands from the pen on the baseline."""

    mask: Core
    left: int
    top: int
    width: int
    height: int


class Advances(dict[str, int]):
    """Advance of each letter at one size, measured when first asked for."""

    def __init__(self, font: ImageFont.FreeTypeFont, name: str) -> None:
        super().__init__()
        self._font = font
        self._name = name

    def __missing__(self, letter: str) -> int:
        """Measure a letter; GlyphError where the font lacks it."""
        if letter in _BLANK:
            width = max(int(self._font.getlength(" ", mode="1")), 3)
        else:
            self._check(letter)
            width = int(self._font.getlength(letter, mode="1"))
        return self.setdefault(letter, width)

    @cached_property
    def _hollow(self) -> tuple[tuple[int, int], bytes]:
        return self._picture(_NO_GLYPH)

    def _picture(self, letter: str) -> tuple[tuple[int, int], bytes]:
        mask = self._font.getmask(letter, mode="1")
        return mask.size, bytes(mask)

    def _check(self, letter: str) -> None:
        check_direction(letter)
        picture = self._picture(letter)
        if picture == self._hollow or 0 in picture[0]:
            raise GlyphError(f"font {self._name} has no {letter!r} (U+{ord(letter):04X})")


class FontFace:
    """One font at one size, as layout measures with it and the painter draws with it."""

    def __init__(self, name: str, size: int) -> None:
        self.font = ImageFont.truetype(font_file(name), size, layout_engine=ImageFont.Layout.BASIC)
        self.advances = Advances(self.font, name)
        self.caps = -self._top("H")
        self.ascent = -min(map(self._top, _TALL))
        self.descent = self._bottom("gjpqy")
        self.overshoot = max(self._bottom("03689"), -self._top("03689") - self.caps, 0)
        self.tail = self._bottom(",")
        self.leading = max(round(size * 0.12), 1)

    def _top(self, text: str) -> int:
        return round(self.font.getbbox(text, mode="1", anchor="ls")[1])

    def _bottom(self, text: str) -> int:
        return round(self.font.getbbox(text, mode="1", anchor="ls")[3])


class FontFaces:
    """All faces asked for so far, and the lines drawn with them."""

    def __init__(self) -> None:
        self._faces: dict[tuple[str, int], FontFace] = {}
        self._runs: Keep[Drawn] = Keep(_RUN_BUDGET)

    def face(self, font: str, size: int) -> FontFace:
        """Return a font at a size in pixels."""
        key = (font, size)
        found = self._faces.get(key)
        return found if found is not None else self._faces.setdefault(key, FontFace(font, size))

    def run(self, text: str, font: str, size: int) -> Drawn:
        """Return a line's mask and where it stands from the pen, drawn now if never before."""
        key = (text, font, size)
        found = self._runs.get(key)
        if found is not None:
            return found
        drawn = self._draw(text, self.face(font, size))
        return self._runs.put(key, drawn, 300 + 2 * len(text) + drawn.width * drawn.height)

    def _draw(self, text: str, face: FontFace) -> Drawn:
        """Draw word by word, since blanks are never narrower than three pixels."""
        left, top, right, bottom = _extent(text, face)
        picture = Image.new("L", (max(right - left, 1), max(bottom - top, 1)))
        pen = -left
        for word in text.replace("\u00a0", " ").split(" "):
            if word:
                core, (x, y) = face.font.getmask2(word, mode="1", anchor="ls")
                box = (pen + x, y - top, pen + x + core.size[0], y - top + core.size[1])
                picture.im.paste(255, box, core)
            pen += sum(map(face.advances.__getitem__, word)) + face.advances[" "]
        return _trimmed(picture, left, top)


def _trimmed(picture: Image.Image, left: int, top: int) -> Drawn:
    """Return a drawn line without the clear pixels around it, one bit deep."""
    box = picture.getbbox() or (0, 0, 1, 1)
    mask = picture.crop(box).convert("1", dither=Image.Dither.NONE)
    return Drawn(mask.im, left + box[0], top + box[1], mask.width, mask.height)


def _extent(text: str, face: FontFace) -> tuple[int, int, int, int]:
    """Return how far a line's pixels may reach from the pen: left, top, right, bottom."""
    width = sum(map(face.advances.__getitem__, text))
    _, top, _, bottom = face.font.getbbox(text, mode="1", anchor="ls")
    reach = face.caps // 4 + 1
    return -reach, round(top), width + reach, round(bottom)
