"""A frame as the bytes that a panel's controller takes.

| packing | bytes | controllers |
|---|---|---|
| 1 bpp | eight pixels a byte, the leftmost in the highest bit; 1 is white | SSD1680, UC8179 |
| two planes | 1 bpp for black, where 1 is not black, then one for red, where 1 is red | the same |
| 2 bpp | four pixels a byte, the leftmost in the highest bits; the panel's codes | JD79661 |
| 4 bpp | two pixels a byte, the left one in the high half; the panel's codes | ACeP, Spectra 6 |
| rgb565 | two bytes a pixel, the high one first | ST7789, ILI9341 |
| xrgb8888 | four bytes a pixel: blue, green, red, nothing | Linux frame buffers (KMS) |

Rows begin at a byte; what is left of their last byte is white. A `turned` panel's rows are the
frame's columns, the rightmost one first, each from the top. A UC8179 reads bits like that where its
register 0x50 says so (DDX). Sources: the controllers' data sheets
(commands 0x24 and 0x26 of SSD1680, 0x10 of UC8179 and the colour panels, 0x2C of ST7789), and
`PIXEL_FORMAT_XRGB8888` of Linux.
"""

from binascii import unhexlify
from collections.abc import Callable, Sequence
from functools import lru_cache

from PIL import Image

from label_templates.contract.panel import Ink, Packing, PanelSpec
from label_templates.drawing.frame import Frame
from label_templates.drawing.palette import palette_bytes

_HEX = b"0123456789abcdef"


def packed(frame: Frame, panel: PanelSpec) -> tuple[bytes, ...]:
    """Return a frame's planes, two where red has one of its own, else one.

    Raises FrameError where the frame is not one of this panel.
    """
    frame.check_panel(panel)
    return _PACKERS[panel.packing](frame, panel)


def _one_bit(frame: Frame, panel: PanelSpec) -> tuple[bytes, ...]:
    return (_joined(frame, panel, _codes(panel.inks, Ink.BLACK, 0), 1),)


def _two_planes(frame: Frame, panel: PanelSpec) -> tuple[bytes, ...]:
    black, red = _codes(panel.inks, Ink.BLACK, 0), _codes(panel.inks, Ink.RED, 1)
    return _joined(frame, panel, black, 1), _joined(frame, panel, red, 1)


def _codes(inks: Sequence[Ink], marked: Ink, code: int) -> tuple[int, ...]:
    """Return the bit `code` for one ink, the other bit for all others."""
    return tuple(code if ink is marked else 1 - code for ink in inks)


def _two_bits(frame: Frame, panel: PanelSpec) -> tuple[bytes, ...]:
    return (_joined(frame, panel, panel.codes, 2),)


def _four_bits(frame: Frame, panel: PanelSpec) -> tuple[bytes, ...]:
    return (_joined(frame, panel, panel.codes, 4),)


def _joined(frame: Frame, panel: PanelSpec, codes: tuple[int, ...], bits: int) -> bytes:
    """Return pixels of so many bits, as many of them in a byte as it holds.

    Written as hexadecimal digits, two pixels become one byte in one call; so do two such bytes,
    once each was written as the digit that its two halves make.
    """
    joined = unhexlify(_rows(frame, panel, _digits(codes), 8 // bits))
    while bits < 4:
        joined = unhexlify(joined.translate(_halves(bits)))
        bits *= 2
    return joined


def _rows(frame: Frame, panel: PanelSpec, digits: bytes, pixels: int) -> bytes:
    """Return a digit for each pixel in the controller's rows, filled up with white."""
    written = frame.indices.translate(digits)
    if not panel.turned and frame.width % pixels == 0:
        return written
    picture = Image.frombytes("L", (frame.width, frame.height), written)
    if panel.turned:
        picture = picture.transpose(Image.Transpose.ROTATE_90)
    if picture.width % pixels:
        width = picture.width + -picture.width % pixels
        wider = Image.new("L", (width, picture.height), digits[panel.inks.index(Ink.WHITE)])
        wider.paste(picture)
        picture = wider
    return picture.tobytes()


@lru_cache(maxsize=32)
def _digits(codes: tuple[int, ...]) -> bytes:
    """Return the table from an ink's index to its code as a digit."""
    return bytes(_HEX[code] for code in codes) + b"0" * (256 - len(codes))


@lru_cache(maxsize=2)
def _halves(bits: int) -> bytes:
    """Return the table from a byte with a code in each half to both codes as one digit."""
    return bytes(_HEX[((both >> 4) << bits | both & 15) & 15] for both in range(256))


def _rgb565(frame: Frame, panel: PanelSpec) -> tuple[bytes, ...]:
    high, low = _words(panel.inks)
    words = bytearray(2 * len(frame.indices))
    words[::2] = frame.indices.translate(high)
    words[1::2] = frame.indices.translate(low)
    return (bytes(words),)


@lru_cache(maxsize=16)
def _words(inks: tuple[Ink, ...]) -> tuple[bytes, bytes]:
    """Return the high and the low byte of each index's colour."""
    channels = palette_bytes(inks, cube=True)
    colours = zip(channels[::3], channels[1::3], channels[2::3], strict=True)
    words = [(red >> 3) << 11 | (green >> 2) << 5 | blue >> 3 for red, green, blue in colours]
    words += [0] * (256 - len(words))
    return bytes(word >> 8 for word in words), bytes(word & 255 for word in words)


def _xrgb8888(frame: Frame, panel: PanelSpec) -> tuple[bytes, ...]:
    del panel
    return (frame.image().convert("RGB").tobytes("raw", "BGRX"),)


_PACKERS: dict[Packing, Callable[[Frame, PanelSpec], tuple[bytes, ...]]] = {
    Packing.ONE_BIT: _one_bit,
    Packing.TWO_PLANES: _two_planes,
    Packing.TWO_BITS: _two_bits,
    Packing.FOUR_BITS: _four_bits,
    Packing.RGB565: _rgb565,
    Packing.XRGB8888: _xrgb8888,
}
