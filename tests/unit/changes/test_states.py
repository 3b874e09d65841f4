"""Where a change may go, and who may bring it there."""

from typing import get_args

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cloud_service.changes.states import FINAL, Action, Standing, State, after, possible
from cloud_service.errors import Conflict, Invalid


def test_without_need_of_approval_a_draft_is_published_straight_away() -> None:
    assert after(Standing("draft", "ana", needs_approval=False), "publish", "ana") == "published"


def test_what_needs_approval_is_not_published_without_it() -> None:
    for state in ("draft", "submitted"):
        standing = Standing(state, "ana", needs_approval=True)
        with pytest.raises((Invalid, Conflict)):
            after(standing, "publish", "ana")
    approved = Standing("approved", "ana", needs_approval=True, approved_by="boro")
    assert after(approved, "publish", "ana") == "published"


def test_the_author_does_not_approve() -> None:
    standing = Standing("submitted", "ana", needs_approval=True)
    with pytest.raises(Invalid, match="second person"):
        after(standing, "approve", "ana")
    assert after(standing, "approve", "boro") == "approved"


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_any_edit_leads_back_to_the_draft(state: State) -> None:
    assert after(Standing(state, "ana", needs_approval=True), "edit", "ana") == "draft"


def test_what_is_final_stays_except_that_a_published_change_is_rolled_back() -> None:
    for state in FINAL:
        standing = Standing(state, "ana", needs_approval=False)
        allowed = {"roll-back"} if state == "published" else set()
        assert set(possible(standing, "boro")) == allowed


def test_what_is_not_possible_says_where_the_change_stands() -> None:
    with pytest.raises(Conflict, match="The change is cancelled: publishing it is not possible"):
        after(Standing("cancelled", "ana", needs_approval=False), "publish", "ana")


class Changes(RuleBasedStateMachine):
    """Whatever anybody tries, nothing that needs approval goes out without a second person."""

    def __init__(self) -> None:
        super().__init__()
        self.standing = Standing("draft", "ana", needs_approval=True)

    @rule(action=st.sampled_from(get_args(Action)), actor=st.sampled_from(["ana", "boro"]))
    def act(self, action: Action, actor: str) -> None:
        try:
            state = after(self.standing, action, actor)
        except (Conflict, Invalid):
            assert action not in possible(self.standing, actor)
            return
        approved = self.standing.approved_by
        if action == "edit":
            approved = None
        elif action == "approve":
            approved = actor
        self.standing = Standing(state, "ana", needs_approval=True, approved_by=approved)

    @invariant()
    def nothing_goes_out_alone(self) -> None:
        if self.standing.state in {"scheduled", "published", "rolled-back"}:
            assert self.standing.approved_by == "boro"


TestChanges = Changes.TestCase
