"""Changes: those that wait, what each would do, and the deeds that bring it on.

The states and who may do what stand in changes/states.py; the page only offers what is possible.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from cloud_service.accounts.audit import Deed
from cloud_service.console.addresses import change_page, product_page
from cloud_service.console.manner import Manner
from cloud_service.console.pages import Page
from cloud_service.console.room import Editing, Visit, Visiting, manner
from cloud_service.errors import Invalid, NotFound, ServiceError
from cloud_service.services.views.changes import (
    ChangeAction,
    DifferenceView,
    DraftView,
    FindingView,
)

router = APIRouter(prefix="/changes")

_SEE_OTHER = 303
_NOTE = 500
_WAITING, _LATELY = 500, 50
_SHOWN = 200
"""Differences on one page; the rest is counted."""
_DEEDS: dict[ChangeAction, str] = {
    "approve": "Approve",
    "reject": "Reject",
    "submit": "Submit for approval",
    "publish": "Publish",
    "cancel": "Cancel the change",
    "roll-back": "Roll back",
}
_WORDS = {
    "draft": "Draft",
    "submitted": "Waits for a second person",
    "approved": "Approved, not published",
    "scheduled": "Scheduled",
    "published": "Published",
    "rolled-back": "Rolled back",
    "cancelled": "Cancelled",
}


@router.get("")
def list_changes(visit: Visiting) -> Response:
    """Show the changes that wait for somebody, then those that were done lately."""
    desk = visit.services.desk
    waiting = desk.changes(states=("submitted", "approved", "draft", "scheduled"), limit=_WAITING)
    done = desk.changes(states=("published", "rolled-back", "cancelled"), limit=_LATELY)
    writes, now = _manners(visit), visit.console.now()
    facts = {
        "waiting": [_row(change, writes[change.store_id], now) for change in waiting],
        "done": [_row(change, writes[change.store_id], now) for change in done],
    }
    return visit.draw(Page("changes.html", "changes", facts))


@router.get("/{change}")
def show_change(visit: Visiting, change: str) -> Response:
    """Show a change with its difference, and what this visitor may do with it."""
    return visit.draw(_page(visit, change))


@router.post("/{change}/{deed}")
def do_deed(
    visit: Editing,
    change: str,
    deed: str,
    note: Annotated[str, Form(max_length=_NOTE)] = "",
    confirm: Annotated[str, Form()] = "",
) -> Response:
    """Bring a change on, or show what keeps it."""
    try:
        done = _do(visit, change, deed, note.strip(), confirm=confirm == "yes")
    except NotFound:
        raise
    except ServiceError as error:
        return visit.draw(_page(visit, change, str(error), error.status))
    return RedirectResponse(change_page(done.id), _SEE_OTHER)


def _do(visit: Visit, change: str, deed: str, note: str, *, confirm: bool) -> DraftView:
    desk, actor = visit.services.desk, visit.session.account.name
    match deed:
        case "approve":
            return desk.approve(change=change, actor=actor, note=note)
        case "reject":
            return desk.reject(change=change, actor=actor, note=note)
        case "submit":
            return desk.submit(change=change, actor=actor, confirm=confirm)
        case "publish":
            return desk.publish(change=change, actor=actor, confirm=confirm)
        case "cancel":
            return desk.cancel(change=change, actor=actor, note=note)
        case "roll-back" if not confirm:
            raise Invalid("confirm", "say that the prices of before are meant")
        case "roll-back":
            return desk.roll_back(change=change, actor=actor, note=note)
        case _:
            raise NotFound(f"Nothing that is done with a change is called {deed!r}.")


def _page(visit: Visit, change: str, wrong: str = "", status: int = 200) -> Page:
    desk = visit.services.desk
    found = desk.change(change=change, actor=visit.session.account.name)
    outlook = desk.difference(change=change)
    writes, now = _manners(visit), visit.console.now()
    facts: dict[str, Any] = {
        "change": _row(found, writes[found.store_id], now),
        "restores": found.restores,
        "wrong": wrong,
        "deeds": [(deed, word) for deed, word in _DEEDS.items() if deed in found.possible],
        "asks": _question(found, outlook.findings),
        "findings": outlook.findings,
        "differences": [_line(one, writes[one.store_id]) for one in outlook.differences[:_SHOWN]],
        "shown": min(len(outlook.differences), _SHOWN),
        "products": outlook.tally.products,
        "stores": outlook.stores,
        "tiles": outlook.tiles,
        "trail": [_past(deed, writes[found.store_id], now) for deed in desk.audit(subject=change)],
    }
    return Page("change.html", "changes", facts, status)


def _question(change: DraftView, findings: Sequence[FindingView]) -> str:
    """Return what must be confirmed before the change is brought on, or nothing."""
    if "roll-back" in change.possible:
        return "The prices of before are meant; what had none has none again"
    steps = any(one.level == "confirm" for one in findings)
    return "The large steps are meant" if steps else ""


def _manners(visit: Visit) -> dict[str, Manner]:
    """Return how each store writes amounts and instants."""
    return {store.id: manner(store) for store in visit.services.stores()}


def _row(change: DraftView, writes: Manner, now: int) -> dict[str, str]:
    return {
        "id": change.id,
        "href": change_page(change.id),
        "state": _WORDS[change.state],
        "kind": change.kind.capitalize(),
        "store": change.store_id,
        "author": change.author,
        "approved": change.approved_by or "",
        "note": change.note,
        "products": str(change.products),
        "iso": writes.iso(change.at),
        "at": writes.instant(change.at, now),
        "begins": writes.instant(change.effective_from, now) if change.effective_from else "",
        "ends": writes.instant(change.effective_until, now) if change.effective_until else "",
    }


def _line(one: DifferenceView, writes: Manner) -> dict[str, str]:
    return {
        "href": product_page(one.sku, one.store_id),
        "sku": one.sku,
        "name": one.name,
        "store": one.store_id,
        "old": writes.money(one.old),
        "new": writes.money(one.new),
        "step": f"{one.percent:+d} %".replace("-", "−") if one.percent is not None else "",
        "tiles": str(len(one.positions)),
    }


def _past(deed: Deed, writes: Manner, now: int) -> dict[str, str]:
    why = f": {deed.why}" if deed.why else ""
    return {
        "iso": writes.iso(deed.at),
        "at": writes.instant(deed.at, now),
        "text": f"{deed.action} by {deed.actor}{why}",
    }
