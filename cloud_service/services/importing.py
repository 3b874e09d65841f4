"""Taking a price list: read and staged beside the database, then merged as one change."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Literal

from sqlalchemy import Connection, or_

from cloud_service.catalog.stores import Store, find_store
from cloud_service.catalog.tables import PositionRow
from cloud_service.changes.draft import Draft
from cloud_service.changes.drafting import Guard, check_refused, keep_list_draft
from cloud_service.changes.drafts import new_change_id
from cloud_service.changes.fitness import unfit_tiles
from cloud_service.changes.guards import Finding
from cloud_service.changes.list_outlook import written_findings
from cloud_service.changes.publishing import Author, Published, close_change, open_change
from cloud_service.changes.releasing import touched_by
from cloud_service.errors import Conflict, Invalid, NotFound
from cloud_service.pricing.imports.arrivals import Arrival, digest, find_arrival, keep_arrival
from cloud_service.pricing.imports.csv import CSV
from cloud_service.pricing.imports.konzum import KONZUM
from cloud_service.pricing.imports.mapping import mapped_kind, parse_profile, written_by
from cloud_service.pricing.imports.merge import Book, Merged, facts_changed_at, merge
from cloud_service.pricing.imports.reading import opened
from cloud_service.pricing.imports.rows import Kind, Place
from cloud_service.pricing.imports.staging import Staging
from cloud_service.pricing.imports.table import Progress, Written
from cloud_service.pricing.imports.taking import Listing, Reading, Refusals, read_list
from cloud_service.services.checking import listed
from cloud_service.services.outlooks import finding_views
from cloud_service.services.views.changes import ChangeState
from cloud_service.services.views.imports import ImportReport
from cloud_service.storage import Storage, Unit

FileFormat = Literal["konzum", "csv"]
OnError = Literal["stop", "continue"]

_KINDS: dict[str, Kind] = {"konzum": KONZUM, "csv": CSV}


@dataclass(frozen=True)
class File:
    """A file that is to be taken once: its name, and what its content must be, where it is said."""

    name: str
    sha256: str | None = None


@dataclass(frozen=True)
class Import:
    """Somebody's wish to take a price list.

    `profile` is a mapping profile's text, in place of a format. `told` hears of each row in error.
    With a `file` it is taken only where it differs from the last one of its name.
    """

    store: str
    source: Path | BinaryIO
    format: FileFormat
    author: Author
    profile: str | None = None
    written: Written = field(default_factory=Written)
    dry_run: bool = False
    go_on: bool = False
    """Take good rows though others are in error."""
    progress: Progress | None = None
    told: Refusals | None = None
    file: File | None = None
    confirm: bool = False
    """What looks like slips is meant."""


def run_import(storage: Storage, order: Import, guard: Guard) -> ImportReport:
    """Take a price list as one change, or report what is wrong with it.

    A tile that must not hang keeps no price out, because registers charge it already: it is named.
    Raises NotFound for an unknown store or file, Invalid for a file that is no such list at all,
    Conflict for one that was taken already.
    """
    with storage.read() as unit:
        store = find_store(unit, order.store)
    listing = _listing(order, store)
    with storage.desk() as desk, opened(order.source) as stream:
        job = _Job(order, store, guard, _arrival(order, stream))
        with storage.read() as unit:
            job.check_new(unit)
        try:
            with desk.begin():
                reading = read_list(desk, stream, listing, order.progress, order.told)
            report = _take(storage, desk, job, reading)
        except (Invalid, NotFound) as error:
            _keep_untaken(storage, job, str(error))
            raise
        if report.change_id is None:
            stopped = report.refused > 0 and not order.go_on
            reason = f"{report.refused} of {report.read} rows have errors"
            _keep_untaken(storage, job, reason if stopped else None)
    if report.revision is None:
        return report
    with storage.read() as unit:  # nobody who writes waits for this
        return _with_unfit(unit, report, report.revision, job)


@dataclass(frozen=True)
class _Job:
    """An order on its way: the store it is for, and the file that is to be taken once."""

    order: Import
    store: Store
    guard: Guard
    arrival: Arrival | None

    def check_new(self, unit: Unit) -> None:
        """Raise Conflict where the file was taken already; one that was refused may come again."""
        wanted = self.arrival
        last = find_arrival(unit, wanted.store_id, wanted.name) if wanted else None
        if wanted and last and last.sha256 == wanted.sha256 and last.refused is None:
            how = f"in change {last.change_id}" if last.change_id else "and changed nothing"
            raise Conflict(f"{wanted.name} was taken already, {how}; nothing was taken.")

    def keep(self, unit: Unit, change_id: str | None, refused: str | None) -> None:
        """Remember what came of the file."""
        if self.arrival is not None:
            keep_arrival(unit, replace(self.arrival, change_id=change_id, refused=refused))


def _arrival(order: Import, stream: BinaryIO) -> Arrival | None:
    """Return the file as it will be remembered; raise Conflict where it is not what was said."""
    if order.file is None:
        return None
    found = digest(stream)
    if order.file.sha256 not in {None, found}:
        raise Conflict(f"{order.file.name} changed while it was sent; nothing was taken.")
    return Arrival(order.store, order.file.name, found, order.author.at)


def _take(storage: Storage, desk: Connection, job: _Job, reading: Reading) -> ImportReport:
    try:
        with storage.unit_on(desk) as unit:
            job.check_new(unit)
            report = _merge(unit, job, reading)
        if report.state not in {"draft", "submitted"}:
            return report
        with storage.unit_on(desk) as unit:
            job.check_new(unit)
            return _wait(unit, job, reading, report)
    finally:
        _clear(desk)


def _keep_untaken(storage: Storage, job: _Job, refused: str | None) -> None:
    """Remember a file that changed nothing, or was refused for a reason."""
    if job.arrival is not None and not job.order.dry_run:
        with storage.begin() as unit:
            job.keep(unit, None, refused)


def _clear(desk: Connection) -> None:
    with desk.begin():
        Staging.drop(desk)


def _listing(order: Import, store: Store) -> Listing:
    """Return what is to be read; raise Invalid where its amounts would be read as other money."""
    kind, written = _kind(order), order.written
    if order.profile is not None:
        profile = parse_profile(order.profile)
        kind, written = mapped_kind(profile), written_by(profile, written)
    if kind.currency not in {None, store.currency}:
        name = "profile" if order.profile is not None else order.format
        amounts = f"a {name} list is in {kind.currency}"
        raise Invalid(
            "format", f"{amounts}, store {store.id} sells in {store.currency}; nothing was read"
        )
    return Listing(kind, written, Place(store.currency, store.tz))


def _kind(order: Import) -> Kind:
    kind = _KINDS.get(order.format)
    if kind is None:
        raise Invalid("format", f"{order.format!r} is unknown; known are {', '.join(_KINDS)}")
    return kind


def _merge(unit: Unit, job: _Job, reading: Reading) -> ImportReport:
    """Merge and report; whatever must not stay is rolled back before it is reported."""
    order, store = job.order, job.store
    change = open_change(unit, "import", store, order.author)
    book = Book(store.zone, change.revision, order.author.at)
    merged = merge(unit, book, reading.facts, reading.staged)
    touched = or_(touched_by(unit, change), facts_changed_at(change.revision, PositionRow.sku))
    prices = merged.new + merged.changed
    published = close_change(unit, change, touched, prices, {})
    found = tuple(written_findings(unit, store, change.revision, job.guard.rails, change.at))
    state = _state(job, found)
    stopped = reading.refused > 0 and not order.go_on
    kept = not (order.dry_run or stopped or not prices)
    taken = kept and state == "published"
    report = _report(order, reading, merged, published, taken=taken)
    report = replace(report, state=state if kept else None, findings=finding_views(found))
    if order.dry_run:
        report = _with_unfit(unit, report, change.revision, job)
    if taken:
        job.keep(unit, published.id, None)
    else:
        unit.rollback()
    return report


def _state(job: _Job, found: Sequence[Finding]) -> ChangeState:
    """Return what becomes of a list; raise Invalid where a guard rail refuses it."""
    order, trusted = job.order, job.order.author.name in job.guard.rails.trusted
    check_refused(found)
    levels = set() if trusted else {one.level for one in found}
    if "approve" in levels:
        return "submitted"
    return "draft" if "confirm" in levels and not order.confirm else "published"


def _wait(unit: Unit, job: _Job, reading: Reading, report: ImportReport) -> ImportReport:
    """Keep a list as a change that waits: for a second person, or until somebody says it is so."""
    order, store = job.order, job.store
    draft = Draft(
        id=new_change_id(), kind="import", scope=store.zone, store_id=store.id,
        author=order.author.name, note=order.author.note, drafted_at=order.author.at,
        confirmed=order.confirm, needs_approval=report.state == "submitted",
    )  # fmt: skip
    keep_list_draft(unit, draft, reading.facts, order.author)
    job.keep(unit, draft.id, None)
    return replace(report, change_id=draft.id)


def _with_unfit(unit: Unit, report: ImportReport, revision: int, job: _Job) -> ImportReport:
    """Return a report that names the tiles that must not hang as a revision has them."""
    follows = PositionRow.wanted_revision == revision
    unfit = listed(unfit_tiles(unit, follows, job.guard.inspector, job.order.author.at))
    return replace(report, unfit=unfit.count, unfit_tiles=unfit.tiles)


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
        read_as=reading.read_as,
        refused=reading.refused,
    )
