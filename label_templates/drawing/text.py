"""Letters: measuring and drawing one-bit hinted text with the pinned fonts.

One-bit hinted text is the clearest on e-ink at small sizes; anti-aliased text leaves stray pixels.
Advances are whole pixels and do not depend on neighbours, so the width of a text is the sum over
its letters, asked once a letter; only lines that are really drawn are rasterised, once each.
"""

from functools import cached_property
from typing import Any, NamedTuple

from PIL import Image, ImageDraw, ImageFont

from label_templates.drawing.fonts import check_direction, font_file
from label_templates.layout.errors import GlyphError
from label_templates.layout.keep import Keep

_BLANK = " \u00a0"
_TALL = "ČĆŠŽÁÉÄÖÜÑŐ"
"""Capitals whose accents a line keeps clear of the line above."""
_GAUGE = "H   "
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
        self._size = size
        self._stem = int(self.font.getlength("H", mode="1"))
        self._lead = int(self.font.getlength(_GAUGE, mode="1"))
        self.leading = max(round(size * 0.12), 1)

    @cached_property
    def caps(self) -> int:
        """Return the height of capitals and digits."""
        return -self._top("H")

    @cached_property
    def ascent(self) -> int:
        """Return the height of capitals with accents."""
        return -self._top(_TALL)

    @cached_property
    def descent(self) -> int:
        """Return how deep letters reach."""
        return self._bottom("gjpqy")

    @cached_property
    def overshoot(self) -> int:
        """Return by how much round digits exceed capitals."""
        return max(self._bottom("038"), -self._top("038") - self.caps, 0)

    @cached_property
    def tail(self) -> int:
        """Return how deep a comma reaches."""
        return self._bottom(",")

    def line(self, text: str) -> Drawn:
        """Draw a line word by word, since blanks are never narrower than three pixels."""
        reach, base = self._lead - self._stem, 2 * self._size
        width = self.length(text) + 2 * reach
        picture = Image.new("1", (width, 3 * self._size))
        pen = reach
        for word in text.replace("\u00a0", " ").split(" "):
            if word:
                mask, left, top = self.word(word)
                picture.paste(1, (pen + left, base + top), mask)
            pen += self.length(word) + self.advances[" "]
        box = picture.getbbox() or (0, 0, 1, 1)
        mask = picture.crop(box)
        return Drawn(mask.im, box[0] - reach, box[1] - base, mask.width, mask.height)

    def word(self, text: str) -> tuple[Image.Image, int, int]:
        """Draw a word; return its ink and where that stands from the pen on the baseline.

        FreeType's hints move some accented capitals by a row, and with them all that Pillow draws
        in the same call, without telling. An H drawn before the word shows where the baseline is.
        """
        picture = Image.new("1", (2 * self._lead + self.length(text), 3 * self._size))
        place = (0, 2 * self._size)
        ImageDraw.Draw(picture).text(place, _GAUGE + text, fill=1, font=self.font, anchor="ls")
        gauge = picture.crop((0, 0, self._stem, picture.height)).getbbox()
        rest = picture.crop((self._stem, 0, picture.width, picture.height))
        box = rest.getbbox()
        if gauge is None or box is None:
            return Image.new("1", (1, 1)), 0, 0
        return rest.crop(box), box[0] + self._stem - self._lead, box[1] - gauge[3]

    def length(self, text: str) -> int:
        """Return the width of a text: the sum of its advances."""
        return sum(map(self.advances.__getitem__, text))

    def _top(self, letters: str) -> int:
        return min(self.word(letter)[2] for letter in letters)

    def _bottom(self, letters: str) -> int:
        words = [self.word(letter) for letter in letters]
        return max(mask.height + top for mask, _, top in words)


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
        drawn = self.face(font, size).line(text)
        return self._runs.put(key, drawn, 300 + 2 * len(text) + drawn.width * drawn.height)
