"""The desk on which changes are worked: the use cases of drafts, each in its own transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select

from cloud_service.accounts.audit import Deed, trail
from cloud_service.catalog.stores import find_store
from cloud_service.changes import drafting
from cloud_service.changes.difference import Outlook
from cloud_service.changes.draft import Draft, Line, Offered
from cloud_service.changes.drafting import Guard
from cloud_service.changes.drafts import find_draft, keep_draft, offered_of, replace_draft
from cloud_service.changes.effect import effect
from cloud_service.changes.pricing import draft_of_prices
from cloud_service.changes.publishing import Author
from cloud_service.changes.releasing import check_known
from cloud_service.changes.states import Action, Standing, possible
from cloud_service.changes.tables import ChangeRow
from cloud_service.clock import Clock
from cloud_service.errors import Invalid
from cloud_service.pricing.book import override_scope
from cloud_service.pricing.promotions import flaw
from cloud_service.services.outlooks import outlook_view
from cloud_service.services.views.changes import (
    ChangeState,
    DraftView,
    OutlookView,
)
from cloud_service.storage import Storage, Unit


@dataclass(frozen=True)
class Wanted:
    """What somebody wants a change to be. Amounts are minor units, instants UTC seconds.

    `own` keeps prices in the store's own scope, over its zone's. An amount of None takes the
    store's own price back.
    """

    store: str
    prices: Sequence[tuple[str, int | None]] = ()
    promotions: Sequence[tuple[str, dict[str, Any]]] = ()
    """Names with their documents; see changes.drafts.offered_document."""
    own: bool = False
    at: int | None = None
    until: int | None = None
    note: str = ""


class Desk:
    """Drafts and what becomes of them. Raises ServiceErrors; what fails has changed nothing."""

    def __init__(self, storage: Storage, clock: Clock, guard: Callable[[], Guard]) -> None:
        self._storage = storage
        self._clock = clock
        self._guard = guard

    def changes(
        self, *, states: Iterable[ChangeState] = (), store: str | None = None, limit: int = 100
    ) -> list[DraftView]:
        """Return changes, the newest first, those in some states or all."""
        query = select(ChangeRow.id).order_by(ChangeRow.at.desc(), ChangeRow.id).limit(limit)
        wanted = list(states)
        if wanted:
            query = query.where(ChangeRow.state.in_(wanted))
        if store is not None:
            query = query.where(ChangeRow.store_id == store)
        with self._storage.read() as unit:
            return [self._view(unit, find_draft(unit, name)) for name in unit.scalars(query)]

    def awaiting_approval(self) -> int:
        """Count the changes that wait for a second person."""
        query = select(func.count()).select_from(ChangeRow).where(ChangeRow.state == "submitted")
        with self._storage.read() as unit:
            return unit.scalars(query).one()

    def change(self, *, change: str, actor: str = "") -> DraftView:
        """Return one change, with what somebody may do with it."""
        with self._storage.read() as unit:
            return self._view(unit, find_draft(unit, change), actor)

    def draft(self, *, wanted: Wanted, actor: str) -> DraftView:
        """Keep a new draft."""
        now = self._clock.now()
        with self._storage.alone() as unit:
            draft = _draft(unit, wanted, Author(actor, wanted.note, now))
            check_known(unit, draft)
            keep_draft(unit, draft, now)
            return self._view(unit, draft, actor)

    def edit(self, *, change: str, wanted: Wanted, expected: int, actor: str) -> DraftView:
        """Put a draft as wanted in place of version `expected`; approvals are void."""
        now = self._clock.now()
        with self._storage.alone() as unit:
            before = find_draft(unit, change)
            fresh = _draft(unit, wanted, Author(before.author, wanted.note, now))
            edited = replace(
                fresh, id=change, author=before.author, drafted_at=before.drafted_at,
                version=before.version + 1,
            )  # fmt: skip
            check_known(unit, edited)
            replace_draft(unit, edited, actor, now, expected)
            return self._view(unit, edited, actor)

    def difference(self, *, change: str) -> OutlookView:
        """Return what a draft would do, and what the guard rails say of it."""
        with self._storage.read() as unit:
            draft = find_draft(unit, change)
            return outlook_view(self._outlook(unit, draft))

    def submit(self, *, change: str, actor: str, confirm: bool = False) -> DraftView:
        """Submit a draft for a second person to approve."""
        return self._do(
            change,
            actor,
            lambda unit, by: drafting.submit(
                unit, change, self._guard().rails, by, confirm=confirm
            ),
        )

    def approve(self, *, change: str, actor: str, note: str = "") -> DraftView:
        """Approve a change that somebody else submitted."""
        return self._do(
            change,
            actor,
            lambda unit, by: drafting.advance(unit, find_draft(unit, change), "approve", by),
            note,
        )

    def reject(self, *, change: str, actor: str, note: str = "") -> DraftView:
        """Hand a change that somebody else submitted back to its author."""
        return self._do(
            change,
            actor,
            lambda unit, by: drafting.advance(unit, find_draft(unit, change), "reject", by),
            note,
        )

    def publish(self, *, change: str, actor: str, confirm: bool = False) -> DraftView:
        """Publish a change, or schedule it where it takes effect later."""

        def work(unit: Unit, by: Author) -> None:
            draft = find_draft(unit, change)
            seen = drafting.look(unit, draft, self._guard().rails, by.at)
            meant = confirm or draft.confirmed or draft.approved_by is not None
            drafting.check_findings(seen, confirmed=meant)
            needs = any(one.level == "approve" for one in seen.findings)
            drafting.publish(unit, replace(draft, needs_approval=needs), self._guard(), by)

        return self._do(change, actor, work)

    def cancel(self, *, change: str, actor: str, note: str = "") -> DraftView:
        """Cancel a change before it takes effect."""
        return self._do(change, actor, lambda unit, by: drafting.cancel(unit, change, by), note)

    def roll_back(self, *, change: str, actor: str, note: str = "") -> DraftView:
        """Publish a change that restores what held before; return that change."""
        with self._storage.alone() as unit:
            done = drafting.roll_back(unit, change, Author(actor, note, self._clock.now()))
            return self._view(unit, find_draft(unit, done.id), actor)

    def audit(self, *, subject: str | None = None, limit: int = 100) -> list[Deed]:
        """Return who did what, when and why, newest first."""
        with self._storage.read() as unit:
            return trail(unit, subject, limit)

    def _outlook(self, unit: Unit, draft: Draft) -> Outlook:
        """Return what a draft would do, or what a published change did."""
        row, now = unit.get(ChangeRow, draft.id), self._clock.now()
        if row is not None and row.revision is not None:
            return effect(unit, draft, row.revision, row.at)
        return drafting.look(unit, draft, self._guard().rails, now)

    def _do(
        self, change: str, actor: str, work: Callable[[Unit, Author], object], note: str = ""
    ) -> DraftView:
        with self._storage.alone() as unit:
            work(unit, Author(actor, note, self._clock.now()))
            return self._view(unit, find_draft(unit, change), actor)

    def _view(self, unit: Unit, draft: Draft, actor: str = "") -> DraftView:
        row = unit.get(ChangeRow, draft.id)
        state = drafting.standing_state(draft, self._clock.now())
        standing = replace(draft, state=state).standing
        return DraftView(
            id=draft.id,
            kind=draft.kind,
            store_id=draft.store_id,
            own=draft.scope == override_scope(draft.store_id),
            state=state,
            version=draft.version,
            author=draft.author,
            note=draft.note,
            at=row.at if row is not None else draft.drafted_at,
            effective_from=draft.at,
            effective_until=draft.until,
            needs_approval=draft.needs_approval,
            approved_by=draft.approved_by,
            restores=row.restores if row is not None else None,
            revision=row.revision if row is not None else None,
            products=draft.size or (row.prices if row is not None else 0),
            tiles=row.tiles if row is not None else 0,
            possible=_possible(draft.kind, standing, actor) if actor else (),
        )


def _possible(kind: str, standing: Standing, actor: str) -> tuple[Action, ...]:
    found = possible(standing, actor)
    never = kind in drafting.NEVER_ROLLED_BACK
    return tuple(action for action in found if not (never and action == "roll-back"))


def _draft(unit: Unit, wanted: Wanted, author: Author) -> Draft:
    store = find_store(unit, wanted.store)
    amounts = {sku: amount for sku, amount in wanted.prices if amount is not None}
    draft = draft_of_prices(unit, store, amounts, author)
    _check_window(wanted, author.at)
    taken_back = [sku for sku, amount in wanted.prices if amount is None]
    if taken_back and not wanted.own:
        raise Invalid("prices", "only a store's own price can be taken back, not its zone's")
    seen = {line.sku: line for line in _lines_of(unit, wanted, author, taken_back)}
    return replace(
        draft,
        kind="promotion" if wanted.promotions and not wanted.prices else "price",
        scope=override_scope(store.id) if wanted.own else store.zone,
        at=wanted.at,
        until=wanted.until,
        lines=(*draft.lines, *seen.values()),
        promotions=tuple(_offered(name, document) for name, document in wanted.promotions),
    )


def _lines_of(unit: Unit, wanted: Wanted, author: Author, skus: Sequence[str]) -> Iterable[Line]:
    """Return the lines that take a store's own prices back, as seen now."""
    if not skus:
        return ()
    store = find_store(unit, wanted.store)
    seen = draft_of_prices(unit, store, dict.fromkeys(skus, 1), author)
    return tuple(Line(line.sku, seen=line.seen) for line in seen.lines)


def _check_window(wanted: Wanted, now: int) -> None:
    if wanted.at is not None and wanted.at < now:
        raise Invalid("effective_from", "it lies in the past")
    since = wanted.at if wanted.at is not None else now
    if wanted.until is not None and wanted.until <= since:
        raise Invalid("effective_until", "the end is not after the beginning")
    if not wanted.prices and not wanted.promotions:
        raise Invalid("change", "it changes nothing: name prices or promotions")


def _offered(name: str, document: dict[str, Any]) -> Offered:
    offered = offered_of(name, document)
    found = flaw(offered.promotion)
    if found is not None:
        raise Invalid(f"promotion {name}, {found[0]}", found[1])
    return offered
