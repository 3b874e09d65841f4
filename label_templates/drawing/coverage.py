"""Which characters a font has, read from its own table (OpenType `cmap`, formats 4 and 12).

Pillow cannot tell, and comparing pictures with that of a missing letter takes an empty glyph, or
one that looks like a box, for a missing one. Only this table of a file is read.
"""

import struct
import sys
from array import array
from bisect import bisect_left
from functools import cache
from pathlib import Path
from typing import BinaryIO

from label_templates.layout.errors import FontError

_WANTED = ((3, 10), (0, 4), (3, 1), (0, 3))
"""Platform and encoding of Unicode tables, the whole of Unicode before its first plane."""


class Coverage:
    """Ranges of characters, each with the place of its glyph numbers, or none."""

    def __init__(self, table: bytes) -> None:
        (form,) = struct.unpack_from(">H", table)
        if form == 12:
            self._read_groups(table)
        elif form == 4:
            self._read_segments(table)
        else:
            raise FontError(f"a font's character table is of format {form}, not 4 or 12")

    def __contains__(self, letter: str) -> bool:
        """Tell whether the font has a glyph for a character."""
        code = ord(letter)
        at = bisect_left(self._lasts, code)
        if at == len(self._lasts) or code < self._firsts[at]:
            return False
        return self._glyph(at, code) != 0

    def _read_groups(self, table: bytes) -> None:
        (count,) = struct.unpack_from(">I", table, 12)
        numbers = _numbers("I", table, 16, 3 * count)
        self._firsts, self._lasts, glyphs = numbers[::3], numbers[1::3], numbers[2::3]
        pairs = zip(glyphs, self._firsts, strict=True)
        self._deltas = array("l", [glyph - first for glyph, first in pairs])
        self._offsets = array("H", bytes(2 * count))
        self._glyphs = b""

    def _read_segments(self, table: bytes) -> None:
        (twice,) = struct.unpack_from(">H", table, 6)
        count = twice // 2
        self._lasts = _numbers("H", table, 14, count)
        self._firsts = _numbers("H", table, 16 + twice, count)
        self._deltas = _numbers("H", table, 16 + 2 * twice, count)
        self._offsets = _numbers("H", table, 16 + 3 * twice, count)
        self._glyphs = table[16 + 3 * twice :]

    def _glyph(self, at: int, code: int) -> int:
        """Return a glyph's number; 0: the font has none for this character of the segment."""
        offset, delta = self._offsets[at], self._deltas[at]
        if not offset:
            return (code + delta) & 0xFFFF
        place = 2 * at + offset + 2 * (code - self._firsts[at])
        (glyph,) = struct.unpack_from(">H", self._glyphs, place)
        return (int(glyph) + delta) & 0xFFFF if glyph else 0


def _numbers(form: str, table: bytes, start: int, count: int) -> "array[int]":
    """Read big-endian numbers of 2 (`H`) or 4 (`I`) bytes."""
    numbers = array(form)
    numbers.frombytes(table[start : start + count * numbers.itemsize])
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


@cache
def coverage(path: Path) -> Coverage:
    """Return what a font file has letters for."""
    with path.open("rb") as stream:
        return Coverage(_unicode_table(stream, _cmap(stream)))


def _cmap(stream: BinaryIO) -> int:
    """Return where the file's character tables begin."""
    (count,) = struct.unpack(">4xH6x", stream.read(12))
    for _ in range(count):
        tag, offset = struct.unpack(">4s4xI4x", stream.read(16))
        if tag == b"cmap":
            return int(offset)
    raise FontError(f"font {stream.name} has no character table")


def _unicode_table(stream: BinaryIO, start: int) -> bytes:
    """Return the file from its best Unicode table on; the table knows its own length."""
    stream.seek(start)
    (count,) = struct.unpack(">2xH", stream.read(4))
    records = struct.iter_unpack(">HHI", stream.read(8 * count))
    places = {(platform, encoding): offset for platform, encoding, offset in records}
    offset = next(places[wanted] for wanted in _WANTED if wanted in places)
    stream.seek(start + offset)
    head = stream.read(8)
    form, short, long = struct.unpack(">HHI", head)
    return head + stream.read((long if form == 12 else short) - len(head))
