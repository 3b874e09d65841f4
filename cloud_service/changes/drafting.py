"""Working on a change: draft, look, submit, approve, schedule, publish, cancel, roll back.

Each deed is one step of `states.py`, in one unit of work, and stands in the audit trail.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from cloud_service.catalog.stores import find_store
from cloud_service.catalog.tables import PositionRow
from cloud_service.changes.difference import Outlook, outlook
from cloud_service.changes.draft import Draft, Offered
from cloud_service.changes.drafts import Done, find_draft, keep_draft, keep_state, new_change_id
from cloud_service.changes.fitness import check_fitness
from cloud_service.changes.guards import Finding, Level, Rails
from cloud_service.changes.list_outlook import waiting_outlook
from cloud_service.changes.lists import drop_list, keep_list, release_list
from cloud_service.changes.publishing import (
    Author,
    Naming,
    OpenChange,
    Published,
    close_change,
    named,
    open_as,
)
from cloud_service.changes.releasing import release, touched_by
from cloud_service.changes.rollback import restoring
from cloud_service.changes.states import Action, State, after
from cloud_service.changes.tables import ChangeRow
from cloud_service.errors import Conflict, Invalid
from cloud_service.pricing.book import NewEntry, add_spans, records_of_revision
from cloud_service.pricing.promotion_book import add_promotion, revised, withdraw_promotion
from cloud_service.pricing.promotions import Promotion
from cloud_service.pricing.window import Window
from cloud_service.shelves.inspection import Inspector
from cloud_service.storage.engine import Unit

NEVER_ROLLED_BACK = frozenset({"planogram"})
"""Kinds of changes whose undoing is a new change of their own."""


@dataclass(frozen=True)
class Sent:
    """What came of sending a change: published, or submitted for somebody to approve."""

    draft: Draft
    published: Published | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Guard:
    """What stands between a draft and the shelves: the guard rails, and the look at each tile."""

    rails: Rails
    inspector: Inspector


def send(unit: Unit, draft: Draft, guard: Guard, author: Author) -> Sent:
    """Keep a new draft and bring it as far as it may go by itself.

    Raises Invalid where a guard rail refuses it, or asks and was not answered.
    """
    seen = outlook(unit, draft, guard.rails, author.at)
    check_findings(seen, confirmed=draft.confirmed)
    needs = _needs(seen.findings, "approve")
    kept = replace(draft, needs_approval=needs)
    keep_draft(unit, kept, author.at)
    if needs:
        return Sent(advance(unit, kept, "submit", author), None, seen.findings)
    published = publish(unit, kept, guard, author)
    state: State = "scheduled" if _later(kept, author.at) else "published"
    return Sent(replace(kept, state=state), published, seen.findings)


def look(unit: Unit, draft: Draft, rails: Rails, now: int) -> Outlook:
    """Return what a draft would do, be it one of single prices or a list."""
    if draft.listed:
        return waiting_outlook(unit, draft, rails, now)
    return outlook(unit, draft, rails, now)


def check_findings(seen: Outlook, *, confirmed: bool) -> None:
    """Raise Invalid with what the guard rails refuse, or ask and were not answered."""
    check_refused(seen.findings)
    if not confirmed:
        _check_none(seen.findings, "confirm")


def check_refused(found: Sequence[Finding]) -> None:
    """Raise Invalid with what the guard rails refuse."""
    _check_none(found, "refuse")


def _check_none(found: Sequence[Finding], level: Level) -> None:
    reasons = [_sentence(one) for one in found if one.level == level]
    if reasons:
        more = f" and {len(reasons) - 3} more" if len(reasons) > 3 else ""
        raise Invalid(level, "; ".join(reasons[:3]) + more)


def keep_list_draft(unit: Unit, draft: Draft, facts: Collection[str], author: Author) -> Draft:
    """Keep the list that is staged as a draft, submitted where it needs a second person."""
    keep_draft(unit, draft, author.at)
    kept = replace(draft, listed=keep_list(unit, draft, facts, author.at))
    return advance(unit, kept, "submit", author) if draft.needs_approval else kept


def submit(unit: Unit, change_id: str, rails: Rails, author: Author, *, confirm: bool) -> Draft:
    """Submit a draft for approval, or find that it needs none and leave it approved by no one."""
    draft = replace(find_draft(unit, change_id), confirmed=confirm)
    seen = look(unit, draft, rails, author.at)
    check_findings(seen, confirmed=confirm)
    needing = replace(draft, needs_approval=_needs(seen.findings, "approve"))
    return advance(unit, needing, "submit", author)


def advance(unit: Unit, draft: Draft, action: Action, author: Author) -> Draft:
    """Bring a draft to the state that an action leads to."""
    state = after(draft.standing, action, author.name)
    approved_by = author.name if action == "approve" else draft.approved_by
    moved = replace(draft, state=state, approved_by=approved_by)
    keep_state(unit, moved, action, Done(author.name, author.at, author.note))
    return moved


def publish(unit: Unit, draft: Draft, guard: Guard, author: Author) -> Published:
    """Publish a draft, or schedule it where it takes effect later.

    Without a reason of its own, publishing is done for the draft's. Raises Invalid naming the
    position whose tile must not hang with it.
    """
    author = replace(author, note=author.note or draft.note)
    action: Action = "schedule" if _later(draft, author.at) else "publish"
    moved = advance(unit, draft, action, author)
    if moved.listed:  # its unfit tiles are named, and keep no price out
        return release_list(unit, moved, author)
    published = release(unit, moved, author)
    follows = PositionRow.wanted_revision == published.revision
    check_fitness(unit, follows, guard.inspector, author.at)
    return published


def cancel(unit: Unit, change_id: str, author: Author) -> Draft:
    """Cancel a change; one that is scheduled is taken out of the book before it comes."""
    draft = find_draft(unit, change_id)
    scheduled = standing_state(draft, author.at) == "scheduled"
    if draft.state == "scheduled" and not scheduled:
        raise Conflict(f"Change {change_id} has taken effect; it can be rolled back.")
    cancelled = advance(unit, draft, "cancel", author)
    if draft.listed:
        drop_list(unit, draft.id)
    if scheduled:
        _take_back(unit, cancelled, author)
    return cancelled


def roll_back(unit: Unit, change_id: str, author: Author) -> Published:
    """Publish a change that restores what would hold without another one."""
    draft = find_draft(unit, change_id)
    if draft.kind in NEVER_ROLLED_BACK:
        raise Invalid("change", "a planogram is not rolled back; hang what hung before")
    effective = replace(draft, state=standing_state(draft, author.at))
    advance(unit, effective, "roll-back", author)
    return _take_back(unit, draft, author)


def standing_state(draft: Draft, now: int) -> State:
    """Return a change's state; what is scheduled is published once its instant has come."""
    due = draft.state == "scheduled" and draft.at is not None and draft.at <= now
    return "published" if due else draft.state


def _later(draft: Draft, now: int) -> bool:
    return draft.at is not None and draft.at > now


def _take_back(unit: Unit, draft: Draft, author: Author) -> Published:
    row = unit.get(ChangeRow, draft.id)
    if row is None or row.revision is None:
        raise Conflict(f"Change {draft.id} was never published.")
    store = find_store(unit, draft.store_id)
    naming = Naming(new_change_id(), "rollback", store, draft.scope)
    change = open_as(unit, naming, author)
    spans: dict[str, list[NewEntry]] = {}
    for sku, records in records_of_revision(unit, draft.scope, row.revision).items():
        pieces = restoring(records, row.revision, author.at)
        spans[sku] = [
            NewEntry(piece.entry, piece.window.since or author.at, piece.window.until)
            for piece in pieces
        ]
    add_spans(unit, draft.scope, change.revision, spans)
    taken = _take_back_promotions(unit, change, row.revision)
    touched = touched_by(unit, change, tuple(taken))
    restored = sorted(sku for sku, pieces in spans.items() if pieces)
    details = {**named(restored), "restores": draft.id}
    published = close_change(unit, change, touched, len(restored), details)
    _note_restored(unit, published.id, draft.id)
    return published


def _take_back_promotions(unit: Unit, change: OpenChange, revision: int) -> list[Offered]:
    """Bring the promotions of a revision back to what they were; new ones end now."""
    taken = []
    for written, before, skus in revised(unit, revision):
        back = replace(before or written, revision=change.revision)
        taken.append(Offered(back, skus))
        if before is not None:
            add_promotion(unit, change.scope, back, skus)
        elif _begun(written, change.at):
            ended = replace(back, window=Window(written.window.since, change.at))
            add_promotion(unit, change.scope, ended, skus)
        else:
            withdraw_promotion(unit, change.scope, back)
    return taken


def _begun(promotion: Promotion, now: int) -> bool:
    return promotion.window.since is not None and promotion.window.since < now


def _note_restored(unit: Unit, change_id: str, restored: str) -> None:
    row = unit.get(ChangeRow, change_id)
    if row is not None:
        row.restores = restored
        unit.flush()


def _needs(findings: tuple[Finding, ...], level: Level) -> bool:
    return any(one.level == level for one in findings)


def _sentence(finding: Finding) -> str:
    return f"{finding.sku}: {finding.reason}" if finding.sku else finding.reason
