"""/v1/changes: the unit that is drafted, compared, approved, scheduled, published, rolled back.

A change's ETag is its version: PATCH wants it in If-Match (428 without, 412 where somebody else
edited meanwhile). What a person may do with a change now stands in `possible`.
"""

import re
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from cloud_service.api.caller import Reader, ServicesOf, Writer, may_read
from cloud_service.api.drafts import DraftBody, Said, wanted_of
from cloud_service.api.problems import ProblemError
from cloud_service.api.resources.changes import ChangeResource, DeedResource, OutlookResource
from cloud_service.api.resources.resource import ListOf
from cloud_service.api.route import Route
from cloud_service.errors import Conflict
from cloud_service.services import Services
from cloud_service.services.views.changes import (
    ChangeState,
    DraftView,
)

router = APIRouter(route_class=Route, tags=["changes"])

Limit = Annotated[int, Query(ge=1, le=500)]
IfMatch = Annotated[str | None, Header()]


@router.get("/changes", dependencies=[may_read])
def list_changes(
    services: ServicesOf,
    *,
    state: Annotated[list[ChangeState] | None, Query()] = None,
    store: str | None = None,
    limit: Limit = 100,
) -> ListOf[ChangeResource]:
    """List changes, the newest first."""
    views = services.desk.changes(states=state or (), store=store, limit=limit)
    found = tuple(ChangeResource.of(view) for view in views)
    return ListOf[ChangeResource](data=found, has_more=False)


@router.post("/changes", status_code=HTTPStatus.CREATED)
def draft_change(
    services: ServicesOf, caller: Writer, response: Response, body: DraftBody
) -> ChangeResource:
    """Draft a change; nothing is published."""
    view = services.desk.draft(wanted=wanted_of(services, body), actor=caller.name)
    response.headers["Location"] = f"/v1/changes/{view.id}"
    return _shown(view, response)


@router.get("/changes/{change}")
def get_change(
    services: ServicesOf, caller: Reader, response: Response, change: str
) -> ChangeResource:
    """Return a change."""
    return _shown(services.desk.change(change=change, actor=caller.name), response)


@router.put("/changes/{change}")
def edit_change(
    services: ServicesOf,
    caller: Writer,
    response: Response,
    change: str,
    body: DraftBody,
    *,
    if_match: IfMatch = None,
) -> ChangeResource:
    """Put a draft in place of the one that was seen; approvals are void."""
    wanted, expected = wanted_of(services, body), _version(if_match)
    try:
        view = services.desk.edit(
            change=change, wanted=wanted, expected=expected, actor=caller.name
        )
    except Conflict as error:
        raise _stale(services, change, error) from error
    return _shown(view, response)


@router.get("/changes/{change}/diff", dependencies=[may_read])
def get_difference(services: ServicesOf, change: str) -> OutlookResource:
    """Return what a change would do: prices old and new, the tiles, what the guard rails say."""
    return OutlookResource.of(services.desk.difference(change=change))


@router.post("/changes/{change}/submit")
def submit_change(
    services: ServicesOf, caller: Writer, change: str, said: Said | None = None
) -> ChangeResource:
    """Submit a draft for a second person to approve."""
    confirm = said is not None and said.confirm
    return ChangeResource.of(
        services.desk.submit(change=change, actor=caller.name, confirm=confirm)
    )


@router.post("/changes/{change}/approvals")
def approve_change(
    services: ServicesOf, caller: Writer, change: str, said: Said | None = None
) -> ChangeResource:
    """Approve a change that somebody else submitted."""
    return ChangeResource.of(
        services.desk.approve(change=change, actor=caller.name, note=_note(said))
    )


@router.post("/changes/{change}/rejections")
def reject_change(
    services: ServicesOf, caller: Writer, change: str, said: Said | None = None
) -> ChangeResource:
    """Hand a change that somebody else submitted back to its author."""
    view = services.desk.reject(change=change, actor=caller.name, note=_note(said))
    return ChangeResource.of(view)


@router.post("/changes/{change}/publish")
def publish_change(
    services: ServicesOf, caller: Writer, change: str, said: Said | None = None
) -> ChangeResource:
    """Publish a change, or schedule it where it takes effect later."""
    confirm = said is not None and said.confirm
    return ChangeResource.of(
        services.desk.publish(change=change, actor=caller.name, confirm=confirm)
    )


@router.post("/changes/{change}/cancel")
def cancel_change(
    services: ServicesOf, caller: Writer, change: str, said: Said | None = None
) -> ChangeResource:
    """Cancel a change before it takes effect."""
    view = services.desk.cancel(change=change, actor=caller.name, note=_note(said))
    return ChangeResource.of(view)


@router.post("/changes/{change}/rollback")
def roll_back_change(
    services: ServicesOf, caller: Writer, change: str, said: Said | None = None
) -> ChangeResource:
    """Publish a change that restores what held before; return that change."""
    view = services.desk.roll_back(change=change, actor=caller.name, note=_note(said))
    return ChangeResource.of(view)


@router.get("/audit", dependencies=[may_read])
def list_deeds(
    services: ServicesOf, *, subject: str | None = None, limit: Limit = 100
) -> ListOf[DeedResource]:
    """List who did what, when and why, the newest first."""
    deeds = services.desk.audit(subject=subject, limit=limit)
    return ListOf[DeedResource](data=tuple(map(DeedResource.of, deeds)), has_more=False)


def _shown(view: DraftView, response: Response) -> ChangeResource:
    response.headers["ETag"] = f'"{view.version}"'
    return ChangeResource.of(view)


def _note(said: Said | None) -> str:
    return said.note if said is not None else ""


def _version(if_match: str | None) -> int:
    if if_match is None:
        detail = "Editing a change wants its ETag in If-Match, so that nobody's edit is lost."
        raise ProblemError(HTTPStatus.PRECONDITION_REQUIRED, "if-match-missing", detail)
    found = re.fullmatch(r'"?([0-9]{1,9})"?', if_match.strip())
    if found is None:
        detail = f'If-Match {if_match!r} is no ETag of a change, such as "3".'
        raise ProblemError(HTTPStatus.BAD_REQUEST, "malformed", detail)
    return int(found[1])


def _stale(services: Services, change: str, error: Conflict) -> ProblemError:
    present = services.desk.change(change=change)
    return ProblemError(
        HTTPStatus.PRECONDITION_FAILED,
        "stale",
        str(error),
        present=ChangeResource.of(present).model_dump(mode="json"),
        headers={"ETag": f'"{present.version}"'},
    )
