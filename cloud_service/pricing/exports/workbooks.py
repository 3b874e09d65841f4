"""Writing rows into a workbook, one by one, by openpyxl."""

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from cloud_service.pricing.exports.rows import Cell


def write_workbook(target: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a workbook whose texts stay texts: a SKU keeps its zeros, and nothing is computed."""
    book, number = Workbook(write_only=True), 0
    sheet = book.create_sheet("prices")
    sheet.append(header)
    for number, row in enumerate(rows, 1):  # noqa: B007 - counted for who asks
        sheet.append([_formula_free(sheet, cell) for cell in row])
    book.save(target)
    return number


def _formula_free(sheet: Any, cell: Cell) -> Any:
    if isinstance(cell, str) and cell.startswith("="):
        text = WriteOnlyCell(sheet, cell)
        text.data_type = "s"
        return text
    return cell
