"""Reading a list into the staging table: every row is checked, and each in error is told.

What comes of it are sums that tally: read = staged + refused.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

from sqlalchemy import Connection

from cloud_service.pricing.imports.reading import checked_header, read_table
from cloud_service.pricing.imports.rows import (
    Kind,
    Lot,
    Manner,
    Notes,
    Place,
    Profile,
    RowError,
    RowRefused,
    StagedRow,
)
from cloud_service.pricing.imports.staging import Staging
from cloud_service.pricing.imports.table import Broken, Progress, Rows, Table, Written

LISTED_ERRORS = 1000
_LOT = 256
"""How many rows are read together: a few hundred are the quickest, for they stay in the cache."""
_SHOWN = 120
"""How much of a cell in error is shown."""

Refusals = Callable[[RowError], None]
"""Told each row in error, as soon as it was read."""


@dataclass(frozen=True)
class Listing:
    """A list that is to be read: what kind it is, how it is written, and where it is taken."""

    kind: Kind
    written: Written
    place: Place


@dataclass
class Reading:
    """What came of reading a list into the staging table."""

    told: Refusals | None = None
    read: int = 0
    staged: int = 0
    refused: int = 0
    errors: list[RowError] = field(default_factory=list)
    facts: frozenset[str] = frozenset()
    read_as: str = ""
    notes: tuple[str, ...] = ()

    def refuse(self, row: int, column: str, value: str, reason: str) -> None:
        """Count a row in error, tell it, and list it while there is room."""
        error = RowError(row, column, value[:_SHOWN], reason)
        self.refused += 1
        if len(self.errors) < LISTED_ERRORS:
            self.errors.append(error)
        if self.told is not None:
            self.told(error)


def read_list(
    desk: Connection,
    stream: BinaryIO,
    listing: Listing,
    progress: Progress | None,
    told: Refusals | None,
) -> Reading:
    """Stage the good rows of a list and return what came of all of them.

    Raises Invalid where it is no such list; then nothing is staged.
    """
    kind, place = listing.kind, listing.place
    table = read_table(stream, listing.written, kind, place.currency, progress)
    with closing(table.rows):
        header = checked_header(next(table.rows, (0, ()))[1], kind)
        manner = Manner(decimals=table.decimals, repair=listing.written.repair)
        profile = kind.profile(header, place, manner)
        reading = Reading(told, facts=profile.facts, read_as=table.read_as)
        _stage(desk, table.rows, kind, profile, reading)
    _note_numbers(table, header.index(kind.sku) if kind.sku in header else None, profile.notes)
    reading.notes = (*table.notes, *profile.notes.lines())
    return reading


def _stage(desk: Connection, rows: Rows, kind: Kind, profile: Profile, reading: Reading) -> None:
    with Staging(desk, profile.columns) as staging:
        while lot := list(islice(rows, _LOT)):
            staging.add(_read(lot, profile, reading))
    for row, sku, first in staging.repeated():
        reading.refuse(row, kind.sku, sku, f"it stands in row {first} already")
    reading.staged = staging.count()
    reading.errors.sort(key=lambda error: error.row)


def _read(lot: Sequence[tuple[int, Sequence[str]]], profile: Profile, reading: Reading) -> Lot:
    """Read rows: all at once, or one by one where one of them is to be refused."""
    if profile.lot_reader is not None and all(len(cells) == profile.width for _, cells in lot):
        numbers, cells = zip(*lot, strict=True)
        try:
            read = profile.lot_reader(numbers, list(zip(*cells, strict=True)))
        except RowRefused:
            pass  # which row it is, and whether others are, is told below
        else:
            reading.read += len(numbers)
            return read
    return list(zip(*_checked(lot, profile, reading), strict=True))


def _checked(
    rows: Iterable[tuple[int, Sequence[str]]], profile: Profile, reading: Reading
) -> Iterator[StagedRow]:
    width, reader = profile.width, profile.reader
    for row, cells in rows:
        if len(cells) != width:
            fitting = _fitted(row, cells, width, reading)
            if fitting is None:
                continue
            cells = fitting  # noqa: PLW2901 - the same row without what is empty
        try:
            staged = reader(row, cells)
        except RowRefused as refused:
            if any(map(str.strip, cells)):
                reading.read += 1
                reading.refuse(row, refused.column, refused.value, refused.reason)
            continue
        reading.read += 1
        yield staged


def _fitted(row: int, cells: Sequence[str], width: int, reading: Reading) -> Sequence[str] | None:
    """Return a row without empty cells beyond the header; refuse another, and return None."""
    if isinstance(cells, Broken):
        reading.read += 1
        reading.refuse(row, cells.column, cells.value, cells.reason)
        return None
    if len(cells) > width and not any(map(str.strip, cells[width:])):
        return cells[:width]
    if any(map(str.strip, cells)):
        reason = f"{len(cells)} cells, the header has {width}"
        reading.read += 1
        reading.refuse(row, "", ",".join(cells), reason)
    return None


def _note_numbers(table: Table, sku: int | None, notes: Notes) -> None:
    """Note a sheet's SKUs that are numbers: whether they had leading zeros, nobody can know."""
    if sku is not None and sku in table.numbers:
        times, row = table.numbers[sku]
        kind = "SKU is a number in the sheet, so leading zeros would be lost"
        notes.add(kind, row, "", times)
