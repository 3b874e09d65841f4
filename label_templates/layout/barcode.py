"""The barcode node: whole-pixel modules with their quiet zones, or an error; never squeezed."""

from dataclasses import dataclass

from typing_extensions import override

from label_templates.drawing.barcode import Symbol, encode
from label_templates.layout.errors import CodeError
from label_templates.layout.node import Bars, Node, Run, Sheet
from label_templates.layout.text import Side, Words, across, seats_of, words_text

_DIGITS_FONT = "regular"
_CLEARANCE = 2
"""Pixels between the bars and the digits under them."""
_LEAST_BARS = 8
"""Height of bars that a scanner held by hand still crosses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Barcode(Node):
    """A GTIN as EAN-13, EAN-8, UPC-A, UPC-E or ITF-14, at the widest module that fits."""

    words: Words
    narrowest: int
    widest: int
    """Module width in pixels."""
    digits: int = 0
    """Size of the digits printed under the bars; 0: none."""
    short: bool = False
    """Take a UPC-E where the GTIN has one."""
    ink: int
    align: Side = "center"

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
        symbol = self._symbol(sheet)
        wide = symbol.width * self._module(symbol, width)
        return max(wide, self._printed(sheet, symbol)), self.height or height

    @override
    def draw(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        symbol = self._symbol(sheet)
        module = self._module(symbol, width)
        wide = symbol.width * module
        left = x + across(sheet, self.align, width - wide) + symbol.quiet_left * module
        bars = height
        if self.digits:
            over = (left, len(symbol.modules) * module)
            bars -= self._print(sheet, symbol, (x, y, width, height), over)
        if bars < _LEAST_BARS:
            needed = height - bars + _LEAST_BARS
            raise self.too_small(f"needs {needed} px of height, {height} px are there")
        sheet.marks.append(Bars(left, y, bars, symbol.modules, module, self.ink))

    def _symbol(self, sheet: Sheet) -> Symbol:
        known: Symbol | None = sheet.asked.get(id(self))
        if known is not None:
            return known
        try:
            symbol = encode(words_text(self.words, sheet.values), self.short)
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

    def _printed(self, sheet: Sheet, symbol: Symbol) -> int:
        """Return the width of the digits under the bars."""
        if not self.digits:
            return 0
        face = sheet.faces.face(_DIGITS_FONT, self.digits)
        return face.length(symbol.digits)

    def _print(
        self, sheet: Sheet, symbol: Symbol, room: tuple[int, int, int, int], over: tuple[int, int]
    ) -> int:
        """Print the digits under the bars, `over` their left and width, centred or at an end.

        Return the height they take.
        """
        x, y, width, height = room
        wide = self._printed(sheet, symbol)
        if wide > width:
            raise self.too_small(f"its digits need {wide} px, {width} px are there")
        left = min(max(over[0] + (over[1] - wide) // 2, x), x + width - wide)
        sheet.marks.append(
            Run(left, y + height, symbol.digits, _DIGITS_FONT, self.digits, self.ink)
        )
        return sheet.faces.face(_DIGITS_FONT, self.digits).caps + _CLEARANCE
