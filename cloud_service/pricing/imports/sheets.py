"""Workbooks in a stream, by openpyxl, which gives cells the types a sheet has.

Of a sheet's numbers not all can be known: a SKU `00123` that became the number 123 has lost its
zeros, so columns are counted in which numbers stand.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, time
from typing import Any, BinaryIO
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from cloud_service.errors import Invalid
from cloud_service.pricing.imports.table import Progress, Rows, Table, Written, size_left

_MAX_ROWS = 1_048_576
_MAX_SHEET_BYTES = 4 << 30
_MAX_OTHER_BYTES = 256 << 20
"""What a sheet, and all that is held in memory beside it, may be when they are unpacked."""
_EVERY_ROWS = 2000
_UNREADABLE = "no workbook that can be read; save it as .xlsx"


def sheet_table(stream: BinaryIO, written: Written, progress: Progress | None) -> Table:
    """Return the table of a workbook's sheet, the first where none is asked for by name.

    Its rows raise Invalid where the workbook is broken.
    """
    with _translated():
        _check_size(stream)
        book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        sheet = _sheet(book, written.sheet)
        sheet.reset_dimensions()
    more = len(book.sheetnames) > 1
    notes = [f"the workbook has {len(book.sheetnames)} sheets; {sheet.title!r} was read"]
    cells = _Cells("," if written.decimals == "comma" else ".")
    return Table(
        _rows(book, sheet, cells, written.skip, _telling(stream, progress)),
        f"xlsx, sheet {sheet.title!r}",
        written.decimals or "either",
        notes if more else [],
        cells.numbers,
    )


def _check_size(stream: BinaryIO) -> None:
    """Refuse a workbook that would fill the memory: a small file can unpack to a huge one."""
    here = stream.tell()
    sheets = others = 0
    for part in ZipFile(stream).infolist():
        if part.filename.startswith("xl/worksheets/"):
            sheets = max(sheets, part.file_size)
        elif part.filename.startswith("xl/") and part.filename.endswith(".xml"):
            others += part.file_size
    stream.seek(here)
    if sheets > _MAX_SHEET_BYTES or others > _MAX_OTHER_BYTES:
        raise Invalid("file", "the workbook unpacks to more than can be read; save it as CSV")


def _sheet(book: Workbook, wished: str | None) -> Any:
    if wished is None:
        seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not seen:
            raise Invalid("file", "the workbook has no sheet that can be seen")
        return seen[0]
    if wished not in book.sheetnames:
        names = ", ".join(map(repr, book.sheetnames))
        raise Invalid("sheet", f"there is no {wished!r}; the workbook has {names}")
    return book[wished]


class _Cells:
    """Writes a sheet's cells as texts, and counts the numbers among them by column."""

    def __init__(self, point: str) -> None:
        self._point = point
        self.numbers: dict[int, tuple[int, int]] = {}
        """How many, and the first row, by the column's place from 0."""

    def texts(self, row: int, values: Iterable[Any]) -> list[str]:
        """Return a row's cells as texts, without empty ones at its end."""
        cells = [
            value if type(value) is str else self._text(row, column, value)
            for column, value in enumerate(values)
        ]
        while cells and not cells[-1]:
            cells.pop()
        return cells

    def _text(self, row: int, column: int, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, (int, float)):
            count, first = self.numbers.get(column, (0, row))
            self.numbers[column] = count + 1, first
            return self._number(value)
        if isinstance(value, datetime):
            day = value.time() == time()
            return value.date().isoformat() if day else value.isoformat(timespec="seconds")
        return str(value)

    def _number(self, value: float) -> str:
        """Write a number with the 15 digits that spreadsheets show, and never in powers of ten."""
        text = f"{value:.15g}"
        if "e" in text:
            text = f"{value:.0f}" if abs(value) >= 1 else f"{value:.15f}"
        whole, sign, fraction = text.partition(".")
        # Three decimals could be taken for thousands; a fourth says what they are.
        zero = "0" if len(fraction) == 3 else ""
        return f"{whole}{self._point}{fraction}{zero}" if sign else whole


def _rows(
    book: Workbook, sheet: Any, cells: _Cells, skip: int, tell: Callable[[int], None]
) -> Rows:
    width = 0
    with _translated(), closing(book):
        for row, values in enumerate(sheet.iter_rows(values_only=True), 1):
            if row > _MAX_ROWS:
                raise Invalid("file", f"the sheet has more than {_MAX_ROWS} rows")
            texts = cells.texts(row, values) if row > skip else []
            if texts:
                # Empty cells at a row's end are not in the file.
                yield row, texts + [""] * (width - len(texts))
                width = width or len(texts)
            tell(row)
        tell(0)


def _telling(stream: BinaryIO, progress: Progress | None) -> Callable[[int], None]:
    """Return what tells progress at a row, by how far into the file was looked; at 0 the end."""
    total, done = size_left(stream), 0

    def tell(row: int) -> None:
        nonlocal done
        if progress is not None and row % _EVERY_ROWS == 0:
            done = min(total, max(done, stream.tell())) if row else total
            progress(done, total)

    return tell


@contextmanager
def _translated() -> Iterator[None]:
    """Turn whatever openpyxl stumbles over into Invalid."""
    try:
        yield
    except Invalid:
        raise
    except Exception as error:
        cause = str(error.__cause__ or error).partition("\n")[0]
        raise Invalid("file", f"{_UNREADABLE} ({cause})") from error
