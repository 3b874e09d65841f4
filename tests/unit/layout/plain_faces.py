"""Faces without fonts: every letter is half as wide as its size, so layouts can be reckoned."""

from collections.abc import Mapping
from dataclasses import dataclass

from label_templates.layout.errors import GlyphError


class HalfWide(dict[str, int]):
    """Advances of half the size; the letter § has no glyph."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size

    def __missing__(self, letter: str) -> int:
        if letter == "§":
            raise GlyphError("no '§'")
        return self._size // 2


@dataclass(frozen=True)
class PlainFace:
    """One size of letters as high as their size, without descenders."""

    size: int

    @property
    def advances(self) -> Mapping[str, int]:
        return HalfWide(self.size)

    @property
    def ascent(self) -> int:
        return self.size

    @property
    def descent(self) -> int:
        return 0

    @property
    def caps(self) -> int:
        return self.size

    @property
    def overshoot(self) -> int:
        return 0

    @property
    def tail(self) -> int:
        return 0

    @property
    def leading(self) -> int:
        return 2


class PlainFaces:
    """Any font at any size."""

    def face(self, font: str, size: int) -> PlainFace:
        return PlainFace(size)
