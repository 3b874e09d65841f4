"""One font file at one size: what its letters measure, and their one-bit hinted ink.

Plain letters are set by Pillow's basic layout: their advances are whole pixels and do not depend on
neighbours, so each is drawn once and stamped. Letters whose form depends on others are set by
HarfBuzz (raqm), as many at once as form each other.
"""

import io
from functools import cached_property
from typing import Any, NamedTuple

from PIL import Image, ImageDraw, ImageFont

from label_templates.drawing.coverage import coverage
from label_templates.drawing.fonts import Cut, font_path
from label_templates.drawing.hints import unhinted
from label_templates.layout.keep import Keep

_GAUGE = "H   "
_IDEOGRAPH = "一"
_RIGHT_TO_LEFT = "\u200f"
_INK_BUDGET = 512 * 1024

Core = Any
"""Pillow's inner picture, for which it has no public type."""


class Ink(NamedTuple):
    """One-bit ink: its mask, and where that stands from the pen on the baseline."""

    mask: Core
    left: int
    top: int
    width: int
    height: int


class Glyphs:
    """The letters of one cut at one size."""

    def __init__(self, cut: Cut, size: int) -> None:
        self._cut = cut
        self._size = size
        self._path = font_path(cut.file)
        self._font = self._opened(ImageFont.Layout.BASIC)
        self._stem = self._width("H")
        self._lead = self._width(_GAUGE)
        self._inks: Keep[Ink] = Keep(_INK_BUDGET)

    def __contains__(self, letter: str) -> bool:
        """Tell whether the font has a letter."""
        return letter in coverage(self._path)

    def advance(self, letter: str) -> int:
        """Return by how much a plain letter moves the pen."""
        return self._width(letter)

    def joined_advance(self, text: str) -> int:
        """Return the width of letters that join."""
        return round(self._shaper.getlength(text, mode="1"))

    def plain(self, letter: str) -> Ink:
        """Return the ink of a plain letter."""
        found = self._inks.get(letter)
        return found if found is not None else self._kept(letter, self._plain(letter))

    def shaped(self, text: str, *, rtl: bool) -> Ink:
        """Return the ink of letters as HarfBuzz forms, joins and places them."""
        key = (text, rtl)
        found = self._inks.get(key)
        return found if found is not None else self._kept(key, self._shaped(text, rtl))

    def local(self, letter: str, language: str) -> Ink:
        """Return the ink of an ideograph, or what is set with them, as a language writes it."""
        key = (letter, language)
        found = self._inks.get(key)
        return found if found is not None else self._kept(key, self._local(letter, language))

    def _kept(self, key: str | tuple[str, bool | str], ink: Ink) -> Ink:
        return self._inks.put(key, ink, 400 + ink.width * ink.height)

    def _plain(self, letter: str) -> Ink:
        """Draw a plain letter.

        FreeType's hints move some letters by a row, and with them all that Pillow draws in the same
        call, without telling. An H drawn before the letter shows where the baseline is.
        """
        picture = self._picture(2 * self._lead + self._width(letter))
        self._write(picture, 0, _GAUGE + letter, self._font)
        left, row = self._gauged(picture)
        return _cropped(picture, left, self._lead, row)

    def _shaped(self, text: str, rtl: bool) -> Ink:
        """Draw shaped letters.

        HarfBuzz places letters in fractions of a pixel, which an H before them would shift, so the
        H is drawn in a picture of its own and tells the row only.
        """
        width, start = self._width(text) + 4 * self._size, 2 * self._size
        picture, beside = self._picture(start + width), self._picture(2 * self._lead + width)
        self._write(picture, start, text, self._shaper, direction="rtl" if rtl else "ltr")
        turned = f"{_RIGHT_TO_LEFT}{text}{_RIGHT_TO_LEFT}" if rtl else text
        self._write(beside, 0, _GAUGE + turned, self._shaper, direction="ltr")
        left, row = self._gauged(beside)
        ink, told = _cropped(picture, 0, start, 0), _cropped(beside, left, 0, row)
        return ink._replace(top=told.top)

    def _local(self, letter: str, language: str) -> Ink:
        """Draw a letter as a language writes it.

        An ideograph before it tells HarfBuzz the script of punctuation, and us the row.
        """
        start = 2 * self._size
        picture = self._picture(2 * start)
        self._write(
            picture, self._size, _IDEOGRAPH + letter, self._shaper,
            direction="ltr", language=language,
        )  # fmt: skip
        gauge = picture.crop((0, 0, start, picture.height)).getbbox()
        row = gauge[1] - self.plain(_IDEOGRAPH).top if gauge else 0
        return _cropped(picture, start, start, row)

    def _picture(self, width: int) -> Image.Image:
        return Image.new("1", (width, 3 * self._size))

    def _write(
        self, picture: Image.Image, x: int, text: str, font: ImageFont.FreeTypeFont, **how: str
    ) -> None:
        draw = ImageDraw.Draw(picture)
        draw.text((x, 2 * self._size), text, 1, font, anchor="ls", **how)  # type: ignore[arg-type]

    def _gauged(self, picture: Image.Image) -> tuple[int, int]:
        """Return where the gauge ends, and the row on which it stands."""
        gauge = picture.crop((0, 0, self._stem, picture.height)).getbbox()
        return self._stem, gauge[3] if gauge else 2 * self._size

    def _width(self, text: str) -> int:
        return int(self._font.getlength(text, mode="1"))

    @cached_property
    def _shaper(self) -> ImageFont.FreeTypeFont:
        return self._opened(ImageFont.Layout.RAQM)

    def _opened(self, layout: ImageFont.Layout) -> ImageFont.FreeTypeFont:
        source = self._path if self._cut.own_hints else io.BytesIO(unhinted(self._path))
        font = ImageFont.truetype(source, self._size, layout_engine=layout)
        if self._cut.axes:
            font.set_variation_by_axes(list(self._cut.axes))
        return font


def _cropped(picture: Image.Image, left: int, pen: int, row: int) -> Ink:
    """Return the ink right of a column, as it stands from a pen on a row."""
    rest = picture.crop((left, 0, picture.width, picture.height))
    box = rest.getbbox()
    if box is None:
        return Ink(Image.new("1", (1, 1)).im, 0, 0, 0, 0)
    mask = rest.crop(box)
    return Ink(mask.im, box[0] + left - pen, box[1] - row, mask.width, mask.height)
