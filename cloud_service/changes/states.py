"""The states of a change and who may bring it from one to the next. All transitions stand here.

    draft ── submit ──> submitted ── approve ──> approved
    submitted ── reject ──> draft
    draft, approved ── publish ──> published ── roll back ──> rolled-back
    draft, approved ── schedule ──> scheduled; published when its instant comes

Editing anything voids approvals and leads back to draft. The author neither approves nor rejects.
What is scheduled is in the book already, for its instant, so that shelves carry it; cancelling
takes it out again. A published change never changes: rolling back publishes one that restores what
held before.
"""

from dataclasses import dataclass
from typing import Literal

from cloud_service.errors import Conflict, Invalid

State = Literal[
    "draft", "submitted", "approved", "scheduled", "published", "rolled-back", "cancelled"
]
Action = Literal[
    "edit", "submit", "approve", "reject", "schedule", "publish", "cancel", "roll-back"
]

_NEXT: dict[tuple[State, Action], State] = {
    ("draft", "edit"): "draft",
    ("draft", "submit"): "submitted",
    ("draft", "schedule"): "scheduled",
    ("draft", "publish"): "published",
    ("draft", "cancel"): "cancelled",
    ("submitted", "edit"): "draft",
    ("submitted", "approve"): "approved",
    ("submitted", "reject"): "draft",
    ("submitted", "cancel"): "cancelled",
    ("approved", "edit"): "draft",
    ("approved", "schedule"): "scheduled",
    ("approved", "publish"): "published",
    ("approved", "cancel"): "cancelled",
    ("scheduled", "cancel"): "cancelled",
    ("published", "roll-back"): "rolled-back",
}
_BY_OTHERS: dict[Action, str] = {"approve": "approves", "reject": "rejects"}
FINAL: frozenset[State] = frozenset({"published", "rolled-back", "cancelled"})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a change stands: its state, its author, and whether it needs a second person."""

    state: State
    author: str
    needs_approval: bool
    approved_by: str | None = None


def after(standing: Standing, action: Action, actor: str) -> State:
    """Return the state that an action of somebody leads to.

    Raises Conflict where the change is not there, Invalid where this person may not.
    """
    following = _NEXT.get((standing.state, action))
    if following is None:
        raise Conflict(f"The change is {standing.state}: {_VERBS[action]} is not possible now.")
    if action in _BY_OTHERS and actor == standing.author:
        does = _BY_OTHERS[action]
        raise Invalid("approval", f"a second person {does}, not the author of the change")
    releasing = action in {"publish", "schedule"}
    if releasing and standing.needs_approval and standing.approved_by is None:
        raise Invalid("approval", "the change needs the approval of a second person first")
    return following


def possible(standing: Standing, actor: str) -> tuple[Action, ...]:
    """Return what somebody may do with a change now."""
    return tuple(
        action
        for state, action in _NEXT
        if state == standing.state and _may(standing, action, actor)
    )


def _may(standing: Standing, action: Action, actor: str) -> bool:
    try:
        after(standing, action, actor)
    except (Conflict, Invalid):
        return False
    return True


_VERBS: dict[Action, str] = {
    "edit": "editing it",
    "submit": "submitting it",
    "approve": "approving it",
    "reject": "rejecting it",
    "schedule": "scheduling it",
    "publish": "publishing it",
    "cancel": "cancelling it",
    "roll-back": "rolling it back",
}
