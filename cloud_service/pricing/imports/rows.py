"""What a mapping profile makes of one row of a file, and what it says of a row it refuses."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple


class StagedRow(NamedTuple):
    """One row, checked: product facts and whole price. Field order is that of the staging table."""

    row: int
    sku: str
    gtin: str | None
    name: str
    brand: str | None
    size: str | None
    net_milli: int | None
    net_measure: str | None
    category: str | None
    weighed: bool
    folded: str
    regular: int | None
    special: int | None
    special_from: int | None
    special_until: int | None
    low_30: int | None
    reference: int | None
    reference_date: str | None
    multi_quantity: int | None
    multi_price: int | None
    multi_must_buy: bool
    multi_from: int | None
    multi_until: int | None


class RowRefused(Exception):
    """A row cannot be taken: the column, what stands there, and why."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(f"{column} {value!r}: {reason}")
        self.column = column
        self.value = value
        self.reason = reason


@dataclass(frozen=True)
class RowError:
    """One row of a file that was not taken."""

    row: int
    """Line of a text, row of a sheet, the header being 1; place of an item of JSON, from 1."""
    column: str
    value: str
    reason: str


@dataclass
class Notes:
    """What was odd but taken, counted by kind, each with the first row where it was seen."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, row: int, value: str, times: int = 1) -> None:
        """Count an oddity."""
        self.counts[kind] += times
        if kind not in self.first:
            self.first[kind] = f"row {row}, {value!r}" if value else f"row {row}"

    def lines(self) -> tuple[str, ...]:
        """Return one sentence a kind, most frequent first."""
        return tuple(
            f"{count} {'row' if count == 1 else 'rows'}: {kind} (first: {self.first[kind]})"
            for kind, count in self.counts.most_common()
        )


ALWAYS = ("row", "sku", "name", "folded")
"""What every list fills of a staged row."""

Reader = Callable[[int, Sequence[str]], StagedRow]
"""Makes a staged row of a line's number and its cells; raises RowRefused."""

Lot = Sequence[Sequence[Any]]
"""Staged rows by columns, which stand in the order of a staged row's fields and are equally long.
"""

LotReader = Callable[[Sequence[int], Sequence[Sequence[str]]], Lot]
"""Makes a lot of the rows' numbers and their cells, by columns.

It gives what the rows' own reader would give; where that refuses a row, it raises RowRefused and
has noted nothing.
"""

Decimals = Literal["plain", "point", "comma", "either"]
"""Which sign stands before decimals. `plain`: a point, and thousands are not grouped; `either`: as
each amount shows by itself."""


@dataclass(frozen=True)
class Place:
    """Where a list is taken: the currency amounts are in, the zone local times are told in."""

    currency: str
    tz: str


@dataclass(frozen=True)
class Manner:
    """How the cells of a list are written.

    `minor`: amounts are whole numbers of the smallest unit. `dates`: ways to write a time beside
    ours, as strptime has them. `last_day`: a date until which something holds is its last day.
    `repair`: GTINs that a spreadsheet ruined are mended where they can be.
    """

    decimals: Decimals = "plain"
    minor: bool = False
    dates: tuple[str, ...] = ()
    last_day: bool = False
    repair: bool = False


@dataclass(frozen=True)
class Profile:
    """How one kind of price list is read. `columns` are those of a staged row that it can fill."""

    reader: Reader
    width: int
    """How many cells a row has."""
    columns: frozenset[str]
    notes: Notes
    lot_reader: LotReader | None = None
    """Reads many rows at once, where there is a way quicker than one by one."""

    @property
    def facts(self) -> frozenset[str]:
        """What it says of a product."""
        return self.columns.intersection(FACTS)


@dataclass(frozen=True)
class Kind:
    """A kind of price list: its columns, those it cannot do without, and its profile."""

    columns: Sequence[str]
    required: Sequence[str]
    profile: Callable[[Sequence[str], Place, Manner], Profile]
    sku: str
    """The column of the SKUs."""
    prices: Sequence[str] = ()
    """Columns of prices. An item of JSON may leave them out, for a row says a price whole."""
    currency: str | None = None
    """What its amounts are in wherever it is taken; None: in the store's currency."""
    ignores: bool = False
    """Passes over columns that it does not know."""


FACTS = ("gtin", "name", "brand", "size", "net_milli", "net_measure", "category", "weighed")
"""What of a product a list may speak of; what it does not is left as it is."""
