"""The image node: a photo named by the SHA-256 of its file, drawn into the box it is given.

Layout never opens the file, so a photo has no size of its own: `width`, `height` and `grow` say how
large it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from typing_extensions import override

from label_templates.layout.errors import AssetError
from label_templates.layout.node import Node, Photo, Sheet
from label_templates.layout.text import Side, Words, facing, raw_text, seats_of

Fit = Literal["contain", "cover"]
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(Node):
    """A photo, whole within its box (`contain`) or cut to fill it (`cover`)."""

    words: Words
    fit: Fit = "contain"
    align: Side = "center"
    valign: Side = "center"
    ground: int | None = None
    """Ink of what the photo leaves of its box, and of what shines through it."""

    @property
    @override
    def seats(self) -> frozenset[int]:
        return seats_of(self.words)

    @override
    def read(self) -> Iterator[Node]:
        return iter(())

    @override
    def natural(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        return 0, 0

    @override
    def draw(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        digest = raw_text(self.words, sheet.values)
        if not _DIGEST.fullmatch(digest):
            raise AssetError(f"{digest!r} is not the SHA-256 of a file", self.place)
        if not width or not height:
            raise self.too_small(f"has {width} x {height} px: give it width, height or grow")
        align = facing(sheet, self.align)
        sheet.marks.append(
            Photo(x, y, width, height, digest, self.fit, align, self.valign,
                  self.ground, self.place)
        )  # fmt: skip
