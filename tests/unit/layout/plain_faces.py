"""Faces without fonts: every letter is half as wide as its size, so layouts can be reckoned."""

from dataclasses import dataclass

from label_templates.layout.errors import GlyphError
from label_templates.layout.node import Outline, Reach


@dataclass(frozen=True)
class PlainFace:
    """One size of letters as high as their size, without descenders; § has no glyph."""

    size: int

    def length(self, text: str) -> int:
        if "§" in text:
            raise GlyphError("no '§'")
        return self.size // 2 * len(text)

    def reach(self, text: str) -> Reach:
        return Reach(self.size, 0, self.size, 0)

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

    def outline(self, text: str) -> Outline:
        return Outline(0, 0, self.size, 0)

    @property
    def leading(self) -> int:
        return 2


class PlainFaces:
    """Any font at any size."""

    def face(self, font: str, size: int) -> PlainFace:
        return PlainFace(size)
