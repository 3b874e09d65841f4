"""The fonts behind one font name at one size: which of them has a letter."""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from label_templates.drawing.fonts import Cut, font_cuts, installed, installing, named
from label_templates.drawing.glyphs import Glyphs
from label_templates.drawing.scripts import JOINERS, NAMES, Script, script_of
from label_templates.layout.errors import FontError, GlyphError


@cache
def _glyphs(cut: Cut, size: int) -> Glyphs:
    """Return a cut at a size, shared by all fonts that fall back to it."""
    return Glyphs(cut, size)


class FontStack:
    """A font, and those that have what it lacks; opened when a letter asks for them."""

    def __init__(self, font: str, size: int) -> None:
        self._font = font
        self._size = size
        self._cuts = font_cuts(font)
        self.own = _glyphs(self._cuts[Script.COMMON][0], size)

    def of(self, letter: str) -> Glyphs:
        """Return the font of a letter; GlyphError where none has it, FontError what to install."""
        if unicodedata.category(letter) == "Cc":
            raise GlyphError(f"{named(letter)} is a control character")
        if letter in self.own:
            return self.own
        script = script_of(letter)
        for glyphs in self._installed(self._cuts[script]):
            if letter in glyphs:
                return glyphs
        raise self._missing(letter, script)

    def of_all(self, letters: str) -> Glyphs:
        """Return a font that has all of some letters that are shaped together."""
        letters = "".join([letter for letter in letters if letter not in JOINERS])
        wanted = [self.of(letter) for letter in letters]
        scripts = [Script.COMMON, *map(script_of, letters)]
        others = (glyphs for script in scripts for glyphs in self._installed(self._cuts[script]))
        for glyphs in (*wanted, *others):
            if all(letter in glyphs for letter in letters):
                return glyphs
        alone = next(letter for letter in letters if letter not in wanted[0])
        raise GlyphError(f"font {self._font} has no {named(alone)} to stand on {named(letters[0])}")

    def _installed(self, cuts: Iterable[Cut]) -> Iterator[Glyphs]:
        return (_glyphs(cut, self._size) for cut in cuts if installed(cut.file))

    def _missing(self, letter: str, script: Script) -> FontError | GlyphError:
        absent = [cut.file for cut in self._cuts[script] if not installed(cut.file)]
        if absent and script is not Script.COMMON:
            return FontError(f"{named(letter)} is {NAMES[script]}: {installing(absent[0])}")
        hint = f"; more symbols: {installing(absent[0])}" if absent else ""
        return GlyphError(f"font {self._font} has no {named(letter)}{hint}")
