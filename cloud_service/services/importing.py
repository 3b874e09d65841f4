"""Taking a price list: read and staged beside the database, then merged as one change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Literal

from sqlalchemy import Connection, or_

from cloud_service.catalog.stores import Store, find_store
from cloud_service.catalog.tables import PositionRow
from cloud_service.changes.pricing import touched_by
from cloud_service.changes.publishing import Author, Published, close_change, open_change
from cloud_service.errors import Invalid
from cloud_service.pricing.imports.csv import CSV
from cloud_service.pricing.imports.konzum import KONZUM
from cloud_service.pricing.imports.merge import Merged, facts_changed_at, merge
from cloud_service.pricing.imports.reading import Progress, check_header, numbered_rows, opened
from cloud_service.pricing.imports.rows import Kind, Place, Profile, RowRefused, StagedRow
from cloud_service.pricing.imports.staging import Staging
from cloud_service.services.views import ImportReport, RowError
from cloud_service.storage import Storage, Unit

FileFormat = Literal["konzum", "csv"]
LISTED_ERRORS = 1000
_BATCH = 2000
_SHOWN = 120
"""How much of a cell in error is shown."""


_KINDS: dict[str, Kind] = {"konzum": KONZUM, "csv": CSV}


@dataclass(frozen=True)
class Import:
    """Somebody's wish to take a price list."""

    store: str
    source: Path | BinaryIO
    profile: FileFormat
    author: Author
    dry_run: bool = False
    go_on: bool = False
    """Take good rows though others are in error."""
    progress: Progress | None = None


@dataclass
class Reading:
    """What came of reading a file into the staging table."""

    read: int = 0
    staged: int = 0
    refused: int = 0
    errors: list[RowError] = field(default_factory=list)
    facts: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()

    def refuse(self, row: int, column: str, value: str, reason: str) -> None:
        """Count a row in error, and list it while there is room."""
        self.refused += 1
        if len(self.errors) < LISTED_ERRORS:
            self.errors.append(RowError(row, column, value[:_SHOWN], reason))


def run_import(storage: Storage, order: Import) -> ImportReport:
    """Take a price list as one change, or report what is wrong with it.

    Raises NotFound for an unknown store or file, Invalid for a file that is no such list at all.
    """
    with storage.read() as unit:
        store = find_store(unit, order.store)
    kind = _kind(order, store)
    with storage.desk() as desk:
        reading = _stage(desk, order, store, kind)
        try:
            with storage.unit_on(desk) as unit:
                return _merge(unit, order, store, reading)
        finally:
            _clear(desk)


def _stage(desk: Connection, order: Import, store: Store, kind: Kind) -> Reading:
    with desk.begin(), opened(order.source) as stream:
        staging, reading = Staging(desk), Reading()
        rows = numbered_rows(stream, order.progress)
        profile = _profile(kind, store, next(rows, (1, ()))[1])
        checked = _checked(rows, profile, reading)
        while batch := list(islice(checked, _BATCH)):
            staging.add(batch)
        for line, sku, first in staging.repeated():
            reading.refuse(line, "sku", sku, f"it stands in row {first} already")
        reading.staged = staging.count()
        reading.facts, reading.notes = profile.facts, profile.notes.lines()
    reading.errors.sort(key=lambda error: error.row)
    return reading


def _clear(desk: Connection) -> None:
    with desk.begin():
        Staging.drop(desk)


def _kind(order: Import, store: Store) -> Kind:
    """Return the kind of list; raise Invalid where its amounts would be read as other money."""
    kind = _KINDS.get(order.profile)
    if kind is None:
        raise Invalid("format", f"{order.profile!r} is unknown; known are {', '.join(_KINDS)}")
    if kind.currency not in {None, store.currency}:
        amounts = f"a {order.profile} list is in {kind.currency}"
        raise Invalid(
            "format", f"{amounts}, store {store.id} sells in {store.currency}; nothing was read"
        )
    return kind


def _profile(kind: Kind, store: Store, header: Sequence[str]) -> Profile:
    names = [name.strip() for name in header]
    if not names:
        raise Invalid("header", "the file is empty")
    check_header(names, kind.columns, kind.required)
    return kind.profile(names, Place(store.currency, store.tz))


def _checked(
    rows: Iterator[tuple[int, Sequence[str]]], profile: Profile, reading: Reading
) -> Iterator[StagedRow]:
    for line, cells in rows:
        reading.read += 1
        if len(cells) != profile.width:
            reason = f"{len(cells)} cells, the header has {profile.width}"
            reading.refuse(line, "", ",".join(cells)[:80], reason)
            continue
        try:
            yield profile.reader(line, cells)
        except RowRefused as refused:
            reading.refuse(line, refused.column, refused.value, refused.reason)


def _merge(unit: Unit, order: Import, store: Store, reading: Reading) -> ImportReport:
    """Merge and report; whatever must not stay is rolled back before it is reported."""
    change = open_change(unit, "import", store, order.author)
    merged = merge(unit, store.zone, change.revision, reading.facts, reading.staged)
    touched = or_(touched_by(unit, change), facts_changed_at(change.revision, PositionRow.sku))
    prices = merged.new + merged.changed
    published = close_change(unit, change, touched, prices, {})
    stopped = reading.refused > 0 and not order.go_on
    if order.dry_run or stopped or not prices:
        unit.rollback()
        return _report(order, reading, merged, published, taken=False)
    return _report(order, reading, merged, published, taken=True)


def _report(
    order: Import, reading: Reading, merged: Merged, published: Published, *, taken: bool
) -> ImportReport:
    return ImportReport(
        store_id=order.store,
        change_id=published.id if taken else None,
        revision=published.revision if taken else None,
        read=reading.read,
        new=merged.new,
        changed=merged.changed,
        unchanged=merged.unchanged,
        tiles=published.tiles,
        dry_run=order.dry_run,
        errors=tuple(reading.errors),
        notes=reading.notes,
        refused=reading.refused,
    )
