"""CSV in a stream: its delimiter is told from the header, and lines keep their numbers."""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from typing import BinaryIO

from cloud_service.errors import Invalid
from cloud_service.pricing.imports.encoding import Encoding, decode_error
from cloud_service.pricing.imports.rows import Decimals
from cloud_service.pricing.imports.table import (
    Columns,
    Progress,
    Rows,
    Table,
    Written,
    size_left,
)

_WORDS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_DECIMALS: dict[str, Decimals] = {",": "plain"}
_EVERY_ROWS = 2000
_HEAD = 1 << 16
# The first line of some spreadsheets' files names the delimiter.
_SAYS = re.compile(r"sep=(.)\s*")


def delimited_table(
    stream: BinaryIO,
    encoding: Encoding,
    written: Written,
    columns: Columns,
    progress: Progress | None,
) -> Table:
    """Return the table of a CSV. Its rows raise Invalid naming the line where it is broken."""
    skip, head = written.skip, _head(stream, encoding, written.skip)
    said = _SAYS.fullmatch(head.partition("\n")[0])
    if said is not None:
        skip, head = skip + 1, head.partition("\n")[2]
    if written.delimiter is not None:
        delimiter = _said(written.delimiter)
    else:
        delimiter = said[1] if said else _delimiter(head, columns.known)
    return Table(
        _rows(stream, encoding, delimiter, skip, progress),
        f"CSV with {_DELIMITERS.get(delimiter, repr(delimiter))}, {encoding.name}",
        written.decimals or _DECIMALS.get(delimiter, "either"),
        [encoding.note] if encoding.note else [],
    )


def _head(stream: BinaryIO, encoding: Encoding, skip: int) -> str:
    """Return the text from the header on, as far as it is needed."""
    here = stream.tell()
    head = codecs.getincrementaldecoder(encoding.codec)("replace").decode(stream.read(_HEAD))
    stream.seek(here)
    return "".join(head.splitlines(keepends=True)[skip:])


def _delimiter(head: str, known: Sequence[str]) -> str:
    """Return the delimiter that finds the most columns in a header: known ones, then any."""

    def found(delimiter: str) -> tuple[int, int]:
        names = [name.strip() for name in _first(head, delimiter)]
        return len(set(names) & set(known)), len(names)

    return max(_DELIMITERS, key=found)


def _first(head: str, delimiter: str) -> list[str]:
    rows = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        return next((cells for cells in rows if cells), [])
    except csv.Error:
        return []


def _said(delimiter: str) -> str:
    """Return the delimiter that a sender says, by itself or by its name."""
    sign = _WORDS.get(delimiter, delimiter)
    if len(sign) != 1 or sign in '"\r\n':
        named = ", ".join(_WORDS)
        raise Invalid("delimiter", f"{delimiter!r} is none; one sign is, or {named}")
    return sign


def _rows(
    stream: BinaryIO, encoding: Encoding, delimiter: str, skip: int, progress: Progress | None
) -> Rows:
    start, total = stream.tell(), size_left(stream)
    text = io.TextIOWrapper(stream, encoding.codec, newline="")
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    line = skip + 1
    try:
        for _ in range(skip):
            text.readline()
        for cells in rows:
            if cells:
                yield line, cells
            line = rows.line_num + skip + 1
            if progress and line % _EVERY_ROWS == 0:
                progress(stream.tell() - start, total)
    except csv.Error as error:
        raise Invalid(f"file, line {line}", f"no valid CSV: {error}") from error
    except UnicodeDecodeError as error:
        stream.seek(start)
        raise decode_error(stream, encoding) from error
    finally:
        text.detach()
    if progress:
        progress(total, total)
