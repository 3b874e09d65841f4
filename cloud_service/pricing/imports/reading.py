"""Reading a price list in a stream: bytes to cells, with progress, and never the whole file."""

import codecs
import csv
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Self

from cloud_service.errors import Invalid, NotFound

Progress = Callable[[int, int], None]
"""Told (bytes done, bytes in all, 0 where that is unknown)."""

_EVERY_ROWS = 2000


@contextmanager
def opened(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    """Open a file by its path; a stream that is open already is left open."""
    if not isinstance(source, Path):
        yield source
        return
    try:
        stream = source.open("rb")
    except OSError as error:
        raise NotFound(f"{source}: {error.strerror}") from error
    with stream:
        yield stream


def numbered_rows(
    stream: BinaryIO, progress: Progress | None
) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield (line, cells) of a UTF-8 CSV, the header being line 1; empty lines are passed over.

    Raises Invalid naming the line where the bytes are no UTF-8 or the quoting is broken.
    """
    total, lines = _size(stream), _Lines(stream)
    rows = csv.reader(lines, strict=True)
    try:
        for cells in rows:
            if cells:
                yield rows.line_num, cells
            if progress and rows.line_num % _EVERY_ROWS == 0:
                progress(lines.done, total)
    except csv.Error as error:
        raise Invalid(f"file, line {rows.line_num}", f"no valid CSV: {error}") from error
    if progress:
        progress(total or lines.done, total or lines.done)


def check_header(header: Sequence[str], known: Sequence[str], required: Sequence[str]) -> None:
    """Raise Invalid naming the columns that are missing, unknown or given twice."""
    missing = [name for name in required if name not in header]
    unknown = [name for name in header if name not in known]
    twice = sorted({name for name in header if header.count(name) > 1})
    wrongs = (("missing", missing), ("unknown", unknown), ("given twice", twice))
    reasons = [f"{wrong}: {', '.join(map(repr, names))}" for wrong, names in wrongs if names]
    if reasons:
        raise Invalid("header", f"columns {'; '.join(reasons)}. Known are: {', '.join(known)}")


class _Lines:
    """The lines of a stream of UTF-8 bytes, with how many bytes they were."""

    def __init__(self, stream: BinaryIO) -> None:
        self._lines = iter(stream)
        self._number = 0
        self.done = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        if self._number == 0:
            line = line.removeprefix(codecs.BOM_UTF8)
        self._number += 1
        self.done += len(line)
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            reason = f"not UTF-8 (byte 0x{line[error.start]:02X}); save the file as UTF-8"
            raise Invalid(f"file, line {self._number}", reason) from error


def _size(stream: BinaryIO) -> int:
    """Return how many bytes are left in a stream, 0 where it does not know."""
    if not stream.seekable():
        return 0
    here = stream.tell()
    end = stream.seek(0, os.SEEK_END)
    stream.seek(here)
    return end
