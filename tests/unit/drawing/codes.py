"""Codes as frames: drawn by the painter, alone on white paper."""

from label_templates.contract.panel import Ink, panel_spec
from label_templates.drawing.barcode import Symbol
from label_templates.drawing.frame import Frame
from label_templates.drawing.painter import Painter
from label_templates.drawing.qr import QUIET, Square
from label_templates.drawing.text import FontFaces
from label_templates.layout.node import Bars, Mark, Matrix

PANEL = panel_spec("epd-2.9-bw")
_BLACK = PANEL.inks.index(Ink.BLACK)
_PAINTER = Painter(FontFaces())
_MARGIN = 3
_BARS = 18


def bars(symbol: Symbol, module: int) -> Frame:
    """Draw a barcode as low as the smallest tiles have it, with no more than its quiet zones."""
    left = symbol.quiet_left * module
    mark = Bars(left, _MARGIN, _BARS, symbol.modules, module, _BLACK)
    return _painted(symbol.width * module, _BARS + 2 * _MARGIN, mark)


def square(code: Square, module: int) -> Frame:
    """Draw a QR code with no more than its quiet zone."""
    side, quiet = code.width * module, QUIET * module
    return _painted(side, side, Matrix(quiet, quiet, code.side, code.dark, module, _BLACK))


def _painted(width: int, height: int, mark: Mark) -> Frame:
    panel = PANEL.model_copy(update={"width": width, "height": height})
    return _PAINTER.paint(panel, [mark], _no_photo)


def _no_photo(digest: str) -> bytes:
    raise AssertionError(f"a code is no photo {digest}")
