"""Reading a price list in a stream: bytes to cells, with progress, and never the whole file."""

import csv
import io
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from typing_extensions import Buffer, override

from cloud_service.errors import Invalid, NotFound

Progress = Callable[[int, int], None]
"""Told (bytes done, bytes in all, 0 where that is unknown)."""

_EVERY_ROWS = 2000
_READ_BYTES = 1 << 18


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
    total, counted = _size(stream), _Counted(stream)
    buffered = io.BufferedReader(counted, _READ_BYTES)
    rows = csv.reader(io.TextIOWrapper(buffered, "utf-8-sig", newline=""), strict=True)
    try:
        for cells in rows:
            if cells:
                yield rows.line_num, cells
            if progress and rows.line_num % _EVERY_ROWS == 0:
                progress(counted.done, total)
    except UnicodeDecodeError as error:
        reason = f"not UTF-8 (byte 0x{error.object[error.start]:02X}); save the file as UTF-8"
        raise Invalid(f"file, after line {rows.line_num}", reason) from error
    except csv.Error as error:
        raise Invalid(f"file, line {rows.line_num}", f"no valid CSV: {error}") from error
    if progress:
        progress(counted.done, total)


def check_header(header: Sequence[str], known: Sequence[str], required: Sequence[str]) -> None:
    """Raise Invalid naming the columns that are missing, unknown or given twice."""
    missing = [name for name in required if name not in header]
    unknown = [name for name in header if name not in known]
    twice = sorted({name for name in header if header.count(name) > 1})
    wrongs = (("missing", missing), ("unknown", unknown), ("given twice", twice))
    reasons = [f"{wrong}: {', '.join(map(repr, names))}" for wrong, names in wrongs if names]
    if reasons:
        raise Invalid("header", f"columns {'; '.join(reasons)}. Known are: {', '.join(known)}")


class _Counted(io.RawIOBase):
    """Any stream of bytes as the standard library's readers want it, counted; it stays open."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.done = 0

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Buffer) -> int:
        room = memoryview(buffer)
        chunk = self._stream.read(len(room))
        room[: len(chunk)] = chunk
        self.done += len(chunk)
        return len(chunk)


def _size(stream: BinaryIO) -> int:
    """Return how many bytes are left in a stream, 0 where it does not know."""
    if not stream.seekable():
        return 0
    here = stream.tell()
    end = stream.seek(0, os.SEEK_END)
    stream.seek(here)
    return end
