"""Writing rows into a file, as CSV or as a workbook, one by one."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO, Literal

from cloud_service.pricing.exports.rows import Cell

FileKind = Literal["csv", "xlsx"]

Rows = Iterable[Sequence[Cell]]


def write_file(kind: FileKind, target: BinaryIO, header: Sequence[str], rows: Rows) -> int:
    """Write a header and rows into a stream, which stays open; return how many rows there are."""
    if kind == "csv":
        return _write_csv(target, header, rows)
    # What writes workbooks takes 9 MB, and most services never write one.
    from cloud_service.pricing.exports.workbooks import write_workbook  # noqa: PLC0415

    return write_workbook(target, header, rows)


def _write_csv(target: BinaryIO, header: Sequence[str], rows: Rows) -> int:
    text = io.TextIOWrapper(target, "utf-8", newline="")
    try:
        writer, number = csv.writer(text), 0
        writer.writerow(header)
        for number, row in enumerate(rows, 1):  # noqa: B007 - counted for who asks
            writer.writerow(row)
        return number
    finally:
        text.detach()
