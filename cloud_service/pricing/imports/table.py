"""A price list as a table of texts, whatever file it came in."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from io import SEEK_END
from typing import BinaryIO, Literal

from cloud_service.pricing.imports.rows import Decimals

Progress = Callable[[int, int], None]
"""Told (bytes done, bytes in all)."""

Rows = Generator[tuple[int, Sequence[str]], None, None]
"""(Row, cells), the header first. A row is a line of a text, a row of a sheet, an item of JSON.

Who does not read them to their end closes them before the file.
"""


@dataclass(frozen=True)
class Written:
    """How a list is written, where whoever sends it says so; what is not said is found out.

    `decimals`: the sign before them. `skip`: lines before the header. Without `header` columns are
    called by their places, from `1` on. `repair`: GTINs that a spreadsheet ruined are mended where
    they can be.
    """

    encoding: str | None = None
    delimiter: str | None = None
    decimals: Literal["point", "comma"] | None = None
    sheet: str | None = None
    skip: int = 0
    header: bool = True
    repair: bool = False


@dataclass(frozen=True)
class Columns:
    """The columns that a list may have; those of prices an item of JSON may leave out.

    Money with a currency of its own must be in `currency`.
    """

    known: Sequence[str]
    prices: Sequence[str]
    currency: str


@dataclass(frozen=True)
class Table:
    """A list that is being read: its rows, how it was found to be written, and what is odd of it.

    `numbers` tells of columns of a sheet, by their places from 0, how many cells are numbers, and
    in which row the first of them stands; it is whole when the rows are.
    """

    rows: Rows
    read_as: str
    decimals: Decimals
    notes: Sequence[str] = ()
    numbers: Mapping[int, tuple[int, int]] = field(default_factory=dict)


class Broken(list[str]):
    """A row that cannot be read at all: no cells, and what is wrong with which of them."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__()
        self.column = column
        self.value = value
        self.reason = reason


def size_left(stream: BinaryIO) -> int:
    """Return how many bytes are left in a stream, which is left where it was."""
    here = stream.tell()
    end = stream.seek(0, SEEK_END)
    stream.seek(here)
    return end - here
