"""The barcode node: whole-pixel modules with their quiet zones, or an error; never squeezed."""

from dataclasses import dataclass

from typing_extensions import override

from label_templates.drawing.barcode import Symbol, encode
from label_templates.layout.errors import CodeError
from label_templates.layout.node import Bars, Node, Run, Sheet
from label_templates.layout.text import Side, Words, side_offset, words_text

_DIGITS_FONT = "regular"
_CLEARANCE = 2
"""Pixels between the bars and the digits under them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Barcode(Node):
    """A GTIN as EAN-13, EAN-8, UPC-A or ITF-14, at the widest module that fits."""

    words: Words
    narrowest: int
    widest: int
    """Module width in pixels."""
    digits: int = 0
    """Size of the digits printed under the bars; 0: none."""
    ink: int
    align: Side = "center"

    @property
    @override
    def constant(self) -> bool:
        return False

    @override
    def natural(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        symbol = self._symbol(sheet)
        return symbol.width * self._module(symbol, width), self.height or height

    @override
    def draw(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        symbol = self._symbol(sheet)
        module = self._module(symbol, width)
        x += side_offset(self.align, width - symbol.width * module) + symbol.quiet_left * module
        bars = height - self._under(sheet, x, y + height, len(symbol.modules) * module)
        if bars < 8:
            raise self.too_small(f"leaves {bars} px for the height of its bars")
        sheet.marks.append(Bars(x, y, bars, symbol.modules, module, self.ink))

    def _symbol(self, sheet: Sheet) -> Symbol:
        known: Symbol | None = sheet.asked.get(id(self))
        if known is not None:
            return known
        try:
            symbol = encode(words_text(self.words, sheet.values))
        except CodeError as error:
            raise self.too_small(str(error)) from error
        sheet.asked[id(self)] = symbol
        return symbol

    def _module(self, symbol: Symbol, width: int) -> int:
        for module in range(self.widest, self.narrowest - 1, -1):
            if symbol.width * module <= width:
                return module
        raise self.too_small(
            f"{symbol.kind} needs {symbol.width * self.narrowest} px with its quiet zones,"
            f" {width} px are there"
        )

    def _under(self, sheet: Sheet, x: int, bottom: int, width: int) -> int:
        """Print the digits under the bars, if wanted; return the height they take."""
        if not self.digits:
            return 0
        gtin = words_text(self.words, sheet.values)
        face = sheet.faces.face(_DIGITS_FONT, self.digits)
        wide = sum(map(face.advances.__getitem__, gtin))
        left = x + (width - wide) // 2
        sheet.marks.append(Run(left, bottom, gtin, _DIGITS_FONT, self.digits, self.ink))
        return face.caps + _CLEARANCE
