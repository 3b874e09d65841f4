"""The rows of a file that were refused, all of them, on the disk: as CSV or in pieces of JSON."""

import csv
import tempfile
import weakref
from collections.abc import Iterator
from itertools import islice
from typing import Any

from cloud_service.pricing.imports.rows import RowError

_COLUMNS = ("row", "column", "value", "reason")
_PIECE = 1 << 16
_ROWS = 500


class Refusals:
    """Keeps rows in error while a file is read; gone when nobody has it any more."""

    def __init__(self) -> None:
        # It is read where the answer goes out, long after the import has ended.
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115
        weakref.finalize(self, self._file.close)
        self._writer = csv.writer(self._file)
        self._writer.writerow(_COLUMNS)

    def add(self, error: RowError) -> None:
        """Keep one more."""
        self._writer.writerow((error.row, error.column, error.value, error.reason))

    def pieces(self) -> Iterator[str]:
        """Yield them as the text of a CSV."""
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            yield piece

    def lists(self) -> Iterator[list[dict[str, Any]]]:
        """Yield them as items of a problem, some hundreds at a time."""
        self._file.seek(0)
        rows = csv.reader(self._file)
        next(rows)
        items = (
            {"code": "row", "row": int(row), "column": column, "value": value, "detail": reason}
            for row, column, value, reason in rows
        )
        while some := list(islice(items, _ROWS)):
            yield some
