"""Drafts in the database: kept, found, listed and edited, each deed in the audit trail."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, insert, select

from cloud_service.accounts.audit import Deed, record
from cloud_service.changes.draft import Draft, Line, Offered
from cloud_service.changes.states import Action, after
from cloud_service.changes.tables import ChangeLineRow, ChangeListRow, ChangePromotionRow, ChangeRow
from cloud_service.errors import Conflict, NotFound
from cloud_service.pricing.entry import PriceEntry
from cloud_service.pricing.promotions import Promotion
from cloud_service.pricing.terms import document_of, terms_of
from cloud_service.pricing.window import Window
from cloud_service.storage.engine import Unit

_SAME = ("kind", "scope", "store_id", "state", "version", "note", "confirmed", "needs_approval",
         "approved_by")  # fmt: skip


@dataclass(frozen=True)
class Done:
    """Who did something to a draft, when (UTC seconds) and why."""

    who: str
    at: int
    why: str


def new_change_id() -> str:
    """Return an identifier that no change has yet."""
    return f"chg_{secrets.token_hex(8)}"


def keep_draft(unit: Unit, draft: Draft, now: int) -> None:
    """Write a draft that is new."""
    unit.add(_row(draft))
    unit.flush()
    _keep_parts(unit, draft)
    _tell(unit, draft, "drafted", Done(draft.author, now, draft.note))


def replace_draft(unit: Unit, draft: Draft, actor: str, now: int, expected: int) -> None:
    """Write a draft as edited; Conflict where somebody else edited version `expected` meanwhile."""
    row = _found(unit, draft.id)
    if row.version != expected:
        raise Conflict(f"Somebody else edited change {draft.id} meanwhile.", row.version)
    after(find_draft(unit, draft.id).standing, "edit", actor)
    for table in (ChangeLineRow, ChangePromotionRow):
        unit.execute(delete(table).where(table.change_id == draft.id))
    _write(row, draft)
    unit.flush()
    _keep_parts(unit, draft)
    _tell(unit, draft, "edited", Done(actor, now, draft.note))


def keep_state(unit: Unit, draft: Draft, action: Action, deed: Done) -> None:
    """Write where a draft stands after an action, and note the deed."""
    _write(_found(unit, draft.id), draft)
    unit.flush()
    _tell(unit, draft, _DONE[action], deed)


def find_draft(unit: Unit, change_id: str) -> Draft:
    """Return a change with its lines and promotions; raise NotFound."""
    row = _found(unit, change_id)
    same = {name: getattr(row, name) for name in _SAME}
    return Draft(
        id=row.id,
        author=row.actor,
        drafted_at=row.at,
        at=row.effective_from,
        until=row.effective_until,
        lines=_lines(unit, change_id),
        promotions=_promotions(unit, change_id),
        listed=_listed(unit, change_id),
        **same,
    )


_DONE: Mapping[Action, str] = {
    "edit": "edited",
    "submit": "submitted",
    "approve": "approved",
    "reject": "rejected",
    "schedule": "scheduled",
    "publish": "published",
    "cancel": "cancelled",
    "roll-back": "rolled back",
}


def _found(unit: Unit, change_id: str) -> ChangeRow:
    row = unit.get(ChangeRow, change_id)
    if row is None:
        raise NotFound(f"There is no change {change_id!r}.")
    return row


def _row(draft: Draft) -> ChangeRow:
    row = ChangeRow(id=draft.id, actor=draft.author, at=draft.drafted_at, prices=0, tiles=0)
    _write(row, draft)
    return row


def _write(row: ChangeRow, draft: Draft) -> None:
    for name in _SAME:
        setattr(row, name, getattr(draft, name))
    row.effective_from, row.effective_until = draft.at, draft.until


def _keep_parts(unit: Unit, draft: Draft) -> None:
    lines = [
        {
            "change_id": draft.id,
            "sku": line.sku,
            "amount": line.amount,
            "entry": asdict(line.entry) if line.entry is not None else None,
            "seen": line.seen,
        }
        for line in draft.lines
    ]
    if lines:
        unit.execute(insert(ChangeLineRow), lines)
    offered = [
        {
            "change_id": draft.id,
            "promotion_id": one.promotion.id,
            "document": offered_document(one),
        }
        for one in draft.promotions
    ]
    if offered:
        unit.execute(insert(ChangePromotionRow), offered)


def _lines(unit: Unit, change_id: str) -> tuple[Line, ...]:
    query = select(ChangeLineRow).where(ChangeLineRow.change_id == change_id)
    return tuple(
        Line(
            row.sku,
            row.amount,
            PriceEntry(**row.entry) if row.entry is not None else None,
            row.seen,
        )
        for row in unit.scalars(query.order_by(ChangeLineRow.sku))
    )


def _listed(unit: Unit, change_id: str) -> int:
    found = unit.get(ChangeListRow, change_id)
    return found.rows if found is not None else 0


def _promotions(unit: Unit, change_id: str) -> tuple[Offered, ...]:
    query = select(ChangePromotionRow).where(ChangePromotionRow.change_id == change_id)
    rows = unit.scalars(query.order_by(ChangePromotionRow.promotion_id))
    return tuple(offered_of(row.promotion_id, row.document) for row in rows)


def offered_document(offered: Offered) -> dict[str, Any]:
    """Write a promotion with its SKUs as a document of plain values."""
    promotion = offered.promotion
    same = {
        name: getattr(promotion, name)
        for name in ("name", "programme", "limit", "priority", "stacks")
    }
    window = {"from": promotion.window.since, "until": promotion.window.until}
    skus = list(offered.skus)
    return {**same, **window, "terms": document_of(promotion.terms), "skus": skus}


def offered_of(promotion_id: str, document: Mapping[str, Any]) -> Offered:
    """Read what `offered_document` wrote; Invalid names what is wrong with the terms."""
    promotion = Promotion(
        id=promotion_id,
        revision=0,
        name=document["name"],
        window=Window(document["from"], document["until"]),
        terms=terms_of(document["terms"]),
        programme=document.get("programme"),
        limit=document.get("limit"),
        priority=document.get("priority", 0),
        stacks=document.get("stacks", False),
    )
    return Offered(promotion, tuple(document["skus"]))


def _tell(unit: Unit, draft: Draft, action: str, deed: Done) -> None:
    data = {"version": draft.version, "products": draft.size, "scope": draft.scope}
    record(unit, Deed(deed.at, deed.who, f"change {action}", draft.id, deed.why, data))
