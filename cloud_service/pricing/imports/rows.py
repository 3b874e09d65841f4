"""What a mapping profile makes of one row of a file, and what it says of a row it refuses."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


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


@dataclass
class Notes:
    """What was odd but taken, counted by kind, each with the first row where it was seen."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, row: int, value: str) -> None:
        """Count one oddity."""
        self.counts[kind] += 1
        if kind not in self.first:
            self.first[kind] = f"row {row}, {value!r}" if value else f"row {row}"

    def lines(self) -> tuple[str, ...]:
        """Return one sentence a kind, most frequent first."""
        return tuple(
            f"{count} {'row' if count == 1 else 'rows'}: {kind} (first: {self.first[kind]})"
            for kind, count in self.counts.most_common()
        )


Reader = Callable[[int, Sequence[str]], StagedRow]
"""Makes a staged row of a line's number and its cells; raises RowRefused."""


@dataclass(frozen=True)
class Place:
    """Where a list is taken: the currency amounts are in, the zone local times are told in."""

    currency: str
    tz: str


@dataclass(frozen=True)
class Profile:
    """How one kind of price list is read. `facts` are the product columns it speaks of."""

    reader: Reader
    width: int
    """How many cells a row has."""
    facts: frozenset[str]
    notes: Notes


@dataclass(frozen=True)
class Kind:
    """A kind of price list: its columns, those it cannot do without, and its profile."""

    columns: Sequence[str]
    required: Sequence[str]
    profile: Callable[[Sequence[str], Place], Profile]
    currency: str | None = None
    """What its amounts are in wherever it is taken; None: in the store's currency."""


FACTS = ("gtin", "name", "brand", "size", "net_milli", "net_measure", "category", "weighed")
"""What of a product a list may speak of; what it does not is left as it is."""
