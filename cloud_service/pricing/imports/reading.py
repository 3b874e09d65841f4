"""Reading a price list in a stream, and never the whole file: what it is, is told by its content.

A name says little of a file: tills call `prices.txt` what is CSV. Workbooks are known by their
first bytes, JSON by its first signs; the rest is CSV.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from cloud_service.errors import Invalid, NotFound
from cloud_service.pricing.imports.delimited import delimited_table
from cloud_service.pricing.imports.encoding import Encoding, encoding_of
from cloud_service.pricing.imports.items import LOOKS_LIKE_ITEMS, items_table
from cloud_service.pricing.imports.rows import Kind
from cloud_service.pricing.imports.table import Columns, Progress, Rows, Table, Written

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_HEAD = 4096


@contextmanager
def opened(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    """Open a file by its path; a stream that is open already is left open.

    What is read can be gone back in: a stream that cannot is copied to the disk first.
    """
    if isinstance(source, Path):
        try:
            stream = source.open("rb")
        except OSError as error:
            raise NotFound(f"{source}: {error.strerror}") from error
        with stream:
            yield stream
    elif source.seekable():
        yield source
    else:
        with tempfile.TemporaryFile(prefix="edge-shelf-list-") as copy:
            shutil.copyfileobj(source, copy)
            copy.seek(0)
            yield copy


def read_table(
    stream: BinaryIO, written: Written, kind: Kind, currency: str, progress: Progress | None
) -> Table:
    """Return the table of a list. Raises Invalid, as its rows do, where it cannot be one."""
    table = _table(stream, written, Columns(kind.columns, kind.prices, currency), progress)
    if written.header:
        return table
    return Table(_numbered(table.rows), table.read_as, table.decimals, table.notes, table.numbers)


def _table(
    stream: BinaryIO, written: Written, columns: Columns, progress: Progress | None
) -> Table:
    head = _peek(stream)
    if head.startswith(_ZIP):
        # What reads workbooks takes 9 MB, and most lists are none.
        from cloud_service.pricing.imports.sheets import sheet_table  # noqa: PLC0415

        return sheet_table(stream, written, progress)
    if head.startswith(_OLE):
        reason = "an old .xls workbook, or one with a password; save it as .xlsx without one"
        raise Invalid("file", reason)
    encoding = encoding_of(stream, written.encoding)
    if LOOKS_LIKE_ITEMS.match(_decoded(head, encoding)):
        return items_table(stream, encoding, written, columns, progress)
    return delimited_table(stream, encoding, written, columns, progress)


def _peek(stream: BinaryIO) -> bytes:
    here = stream.tell()
    head = stream.read(_HEAD)
    stream.seek(here)
    return head


def _decoded(head: bytes, encoding: Encoding) -> str:
    return head.decode(encoding.codec, errors="ignore")


def _numbered(rows: Rows) -> Rows:
    """Put a header of numbers before rows that have none."""
    with closing(rows):
        first = next(rows, None)
        if first is not None:
            yield 0, [str(number) for number in range(1, len(first[1]) + 1)]
            yield first
            yield from rows


def checked_header(cells: Sequence[str], kind: Kind) -> list[str]:
    """Return the names of a header's columns, without empty ones at its end.

    Raises Invalid naming the columns that are missing, unknown or given twice.
    """
    names = [name.strip() for name in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise Invalid("header", "the file is empty")
    missing = [name for name in kind.required if name not in names]
    unknown = [name for name in names if name not in kind.columns and not kind.ignores]
    twice = sorted({name for name in names if name in kind.columns and names.count(name) > 1})
    wrongs = (("missing", missing), ("unknown", unknown), ("given twice", twice))
    reasons = [f"{wrong}: {', '.join(map(repr, which))}" for wrong, which in wrongs if which]
    if reasons:
        known = ", ".join(kind.columns)
        raise Invalid("header", f"columns {'; '.join(reasons)}. Known are: {known}")
    return names
