"""Fonts without their own hints, so that FreeType hints them itself.

Roboto Condensed brings hints for screens with grey levels: they settle heights and leave stems
where they fall, so that thin ones in one bit come out now one, now two pixels thick. FreeType's own
hinter, which sets the other variable fonts too, evens them out. The bold cut keeps its hints: it is
as clear with them, and narrower by a pixel of size.
"""

import struct
from functools import cache
from pathlib import Path

_PROGRAMS = (b"fpgm", b"prep", b"cvt ", b"cvar")
_LONGEST_PROGRAM = 26
"""Where table `maxp` tells how long the longest program of a glyph is."""


@cache
def unhinted(path: Path) -> bytes:
    """Return a TrueType font's file with its hinting programs hidden under names nobody reads."""
    font = bytearray(path.read_bytes())
    (count,) = struct.unpack_from(">H", font, 4)
    for at in range(12, 12 + 16 * count, 16):
        tag, offset = bytes(font[at : at + 4]), int.from_bytes(font[at + 8 : at + 12])
        if tag in _PROGRAMS:
            font[at : at + 4] = b"x" + tag[:3].strip().ljust(3, b"x")
        elif tag == b"maxp":
            font[offset + _LONGEST_PROGRAM : offset + _LONGEST_PROGRAM + 2] = bytes(2)
    return bytes(font)
