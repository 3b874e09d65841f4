"""A font at a size: measures lines of any script, and draws them as one-bit hinted ink.

Most letters move the pen by whole pixels whatever stands beside them, so a width is a sum over
letters, each asked once. Arabic is measured joined, a letter with marks as the letter alone. Every
letter comes from the first font that has it, so a line may mix fonts on one baseline.
"""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import NamedTuple

from PIL import Image

from label_templates.drawing.fonts import named, need_shaping
from label_templates.drawing.glyphs import Ink
from label_templates.drawing.order import levels, mirrored, visual
from label_templates.drawing.pieces import BLANKS, Kind, moves_pen, split
from label_templates.drawing.scripts import Script, is_local, is_mark, joins, script_of, unseen
from label_templates.drawing.stack import FontStack
from label_templates.layout.breaking import extends
from label_templates.layout.direction import (
    FIRST_RIGHT_TO_LEFT,
    LATIN,
    RIGHT_TO_LEFT,
    Reading,
    direction,
)
from label_templates.layout.errors import GlyphError
from label_templates.layout.keep import Keep
from label_templates.layout.node import Outline, Reach

_LENGTH_BUDGET = 256 * 1024
_TALL = "ČĆŠŽÁÉÄÖÜÑŐ"
"""Capitals whose accents a line keeps clear of the line above."""
_STACKED = ("\u1ea0", "\u1eff")
"""Vietnamese letters, whose two accents reach higher."""
_SHAPED = frozenset({Kind.MARKED, Kind.JOINED})
_FORMS_BY_LANGUAGE = frozenset({"ja", "ko", "zh-Hans"})
"""Languages whose ideographs are not those that the font has by default."""


class _Sample(NamedTuple):
    """Letters that reach as far as any of their script, for each number of a `Reach`.

    Blanks keep Arabic letters from joining, since tails hang from the last of a word.
    """

    caps: str
    drop: str
    tall: str
    deep: str


_SAMPLES = {
    Script.COMMON: _Sample("", "", "ẤỖỬ", "ợự"),
    Script.HEBREW: _Sample("א", "", "ל", "ךףץק"),
    Script.ARABIC: _Sample("ا ل ك", "ج ي", "ل ك", "ج ع ي ق إ"),
    Script.THAI: _Sample("ปฟไ", "ฎญ", "ปี้", "ฎญปู"),
    Script.CJK: _Sample("國", "國", "國", "國"),
}


class _InContextError(Exception):
    """A letter's advance depends on the letters around it."""


class Advances(dict[str, int]):
    """Advance of each letter at one size, measured when first asked for."""

    def __init__(self, measure: Callable[[str], int]) -> None:
        super().__init__()
        self._measure = measure

    def __missing__(self, letter: str) -> int:
        """Measure a letter."""
        return self.setdefault(letter, self._measure(letter))


class FontFace:
    """One font at one size, as layout measures with it and the painter draws with it."""

    def __init__(self, name: str, size: int, reading: Reading = LATIN) -> None:
        self._stack = FontStack(name, size)
        self._size = size
        self._rtl = reading.rtl
        self._language = reading.han if reading.han in _FORMS_BY_LANGUAGE else None
        self._advances = Advances(self._advance)
        self._plain = set(BLANKS)
        """Letters of the font's own, so far; none of them reads right to left."""
        self._lengths: Keep[int] = Keep(_LENGTH_BUDGET)
        self._outlines: dict[str, Outline] = {}
        self._reaches: dict[frozenset[Script], Reach] = {}
        self.leading = max(round(size * 0.12), 1)

    @cached_property
    def caps(self) -> int:
        """Return the height of capitals and digits."""
        return self._top("H")

    @cached_property
    def ascent(self) -> int:
        """Return the height of capitals with accents."""
        return self._top(_TALL)

    @cached_property
    def descent(self) -> int:
        """Return how deep letters reach."""
        return self._bottom("gjpqy")

    @cached_property
    def overshoot(self) -> int:
        """Return by how much round digits exceed capitals."""
        return max(self._bottom("038"), self._top("038") - self.caps, 0)

    @cached_property
    def tail(self) -> int:
        """Return how deep a comma reaches."""
        return self._bottom(",")

    def outline(self, text: str) -> Outline:
        """Return where a text's ink stands within its width."""
        found = self._outlines.get(text)
        if found is not None:
            return found
        ink = self.line(text)
        right = self.length(text) - ink.left - ink.width
        fresh = Outline(ink.left, right, -ink.top, ink.top + ink.height)
        return self._outlines.setdefault(text, fresh)

    def length(self, text: str) -> int:
        """Return the width of a line; GlyphError or FontError where a letter of it has no font."""
        try:
            return sum(map(self._advances.__getitem__, text))
        except _InContextError:
            return self._length_in_context(text)

    def reach(self, text: str) -> Reach:
        """Return how far letters of a text's scripts reach, Latin ones at least."""
        if max(text, default="") < FIRST_RIGHT_TO_LEFT:
            return self._latin
        scripts = {script_of(letter) for letter in text} - {Script.COMMON}
        if any(_STACKED[0] <= letter <= _STACKED[1] for letter in text):
            scripts.add(Script.COMMON)
        key = frozenset(scripts)
        found = self._reaches.get(key)
        return found if found is not None else self._reaches.setdefault(key, self._reach_of(key))

    def line(self, text: str) -> Ink:
        """Draw a line: each letter with its font, in the order in which it is seen."""
        margin, base = self._size, 2 * self._size
        picture = Image.new("1", (self.length(text) + 2 * margin, 3 * self._size))
        paste, pen = picture.im.paste, margin
        for (mask, left, top, wide, high), width in self._inks(text):
            if wide:
                x, y = pen + left, base + top
                paste(1, (x, y, x + wide, y + high), mask)
            pen += width
        left, top, right, bottom = picture.getbbox() or (margin, base, margin + 1, base + 1)
        mask = picture.im.crop((left, top, right, bottom))
        return Ink(mask, left - margin, top - base, right - left, bottom - top)

    def _inks(self, text: str) -> Iterable[tuple[Ink, int]]:
        """Return the inks of a line from left to right, and by how much each moves the pen."""
        if self._plain.issuperset(text) and not (self._rtl and not direction(text)):
            plain, advances = self._stack.own.plain, self._advances
            return [(plain(letter), advances[letter]) for letter in text]
        rtl = (direction(text) or (RIGHT_TO_LEFT if self._rtl else "")) == RIGHT_TO_LEFT
        level = levels(text, rtl)
        found = [(level[at], (kind, part, level[at] % 2 == 1)) for kind, at, part in split(text)]
        return [
            (self._ink(kind, part, turned), self._width(kind, part))
            for kind, part, turned in visual(found)
        ]

    def _ink(self, kind: Kind, text: str, rtl: bool) -> Ink:
        """Return the ink of a piece."""
        if kind in _SHAPED:
            return self._stack.of_all(text).shaped(text, rtl=rtl)
        seen = mirrored(text) if rtl else text
        glyphs = self._stack.own if kind is Kind.BLANK else self._stack.of(seen)
        if self._language and is_local(seen) and glyphs is not self._stack.own:
            return glyphs.local(seen, self._language)
        return glyphs.plain(seen)

    def _width(self, kind: Kind, text: str) -> int:
        """Return the width of a piece."""
        if kind not in _SHAPED:
            return self._advances[text]
        if kind is Kind.MARKED:
            _check_marks(text)
        need_shaping(text[0] if kind is Kind.JOINED else text[-1])
        glyphs = self._stack.of_all(text)
        if kind is Kind.JOINED:
            return glyphs.joined_advance(text)
        return sum(glyphs.advance(letter) for letter in text if moves_pen(letter))

    def _length_in_context(self, text: str) -> int:
        found = self._lengths.get(text)
        if found is None:
            found = sum(self._width(kind, part) for kind, _, part in split(text))
            self._lengths.put(text, found, 200 + 4 * len(text))
        return found

    def _advance(self, letter: str) -> int:
        """Measure one letter that looks the same everywhere."""
        if letter in BLANKS:
            return max(self._stack.own.advance(" "), 3)
        if unseen(letter):
            return 0
        if joins(letter) or extends(letter):
            raise _InContextError
        if self._language and is_local(letter):
            need_shaping(letter)
        glyphs = self._stack.of(letter)
        if glyphs is self._stack.own:
            self._plain.add(letter)
        return glyphs.advance(letter)

    @cached_property
    def _latin(self) -> Reach:
        return Reach(self.caps, 0, self.ascent, self.descent)

    def _reach_of(self, scripts: frozenset[Script]) -> Reach:
        caps, drop, ascent, descent = self._latin
        for sample in (_SAMPLES[script] for script in scripts):
            caps, drop = max(caps, self._top(sample.caps)), max(drop, self._bottom(sample.drop))
            ascent = max(ascent, self._top(sample.tall))
            descent = max(descent, self._bottom(sample.deep))
        return Reach(caps, drop, ascent, descent)

    def _top(self, letters: str) -> int:
        """Return how high some letters reach, each by itself."""
        return max([-self.line(part).top for _, _, part in split(letters)], default=0)

    def _bottom(self, letters: str) -> int:
        """Return how deep some letters reach."""
        lines = [self.line(part) for _, _, part in split(letters)]
        return max([line.top + line.height for line in lines], default=0)


def _check_marks(text: str) -> None:
    """Refuse marks on a letter of another script, which HarfBuzz would set beside it."""
    if is_mark(text[0]):
        raise GlyphError(f"{named(text[0])} has no letter to stand on")
    for mark in text[1:]:
        if script_of(mark) not in {Script.COMMON, script_of(text[0])}:
            raise GlyphError(f"{named(mark)} cannot stand on {named(text[0])}")
