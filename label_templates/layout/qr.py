"""The QR node: whole-pixel modules with their quiet zone, or an error; never squeezed."""

from dataclasses import dataclass

from typing_extensions import override

from label_templates.drawing.qr import QUIET, Square, encode
from label_templates.layout.errors import CodeError
from label_templates.layout.node import Matrix, Node, Sheet
from label_templates.layout.text import Side, Words, across, seats_of, side_offset, words_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Qr(Node):
    """A URI as a QR code, at the widest module that fits."""

    words: Words
    narrowest: int
    widest: int
    """Module width in pixels."""
    level: str
    """Error correction: L, M, Q or H."""
    ink: int
    align: Side = "center"
    valign: Side = "center"

    @property
    @override
    def seats(self) -> frozenset[int]:
        return seats_of(self.words)

    @property
    @override
    def constant(self) -> bool:
        return False

    @override
    def natural(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        square = self._square(sheet)
        wide = square.width * self._module(square, width, height)
        return wide, wide

    @override
    def draw(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        square = self._square(sheet)
        module = self._module(square, width, height)
        wide, quiet = square.width * module, QUIET * module
        left = x + across(sheet, self.align, width - wide) + quiet
        top = y + side_offset(self.valign, height - wide) + quiet
        sheet.marks.append(Matrix(left, top, square.side, square.dark, module, self.ink))

    def _square(self, sheet: Sheet) -> Square:
        known: Square | None = sheet.asked.get(id(self))
        if known is not None:
            return known
        try:
            square = encode(words_text(self.words, sheet.values), self.level)
        except CodeError as error:
            raise self.too_small(str(error)) from error
        sheet.asked[id(self)] = square
        return square

    def _module(self, square: Square, width: int, height: int) -> int:
        module = min(min(width, height) // square.width, self.widest)
        if module < self.narrowest:
            needed = square.width * self.narrowest
            raise self.too_small(
                f"the QR code needs {needed} x {needed} px with its quiet zone,"
                f" {width} x {height} px are there"
            )
        return module
