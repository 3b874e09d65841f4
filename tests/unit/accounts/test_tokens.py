"""API tokens: what they open, and when they end."""

import pytest

from cloud_service.accounts import Accounts
from cloud_service.accounts.errors import AccountError
from cloud_service.clock import FixedClock


def test_a_token_says_who_uses_it_and_what_it_may(accounts: Accounts) -> None:
    reading = accounts.authenticate_token(accounts.issue_token("r", "read", created_by="nina"))
    writing = accounts.authenticate_token(accounts.issue_token("w", "write", created_by="nina"))

    assert reading is not None
    assert writing is not None
    assert (reading.name, reading.kind, reading.may_write) == ("r", "token", False)
    assert (writing.name, writing.kind, writing.may_write) == ("w", "token", True)


@pytest.mark.parametrize("text", ["", "es_", "es_guess", "Bearer", "\0"])
def test_an_unknown_token_opens_nothing(accounts: Accounts, text: str) -> None:
    accounts.issue_token("till", "read", created_by="nina")

    assert accounts.authenticate_token(text) is None


def test_a_token_ends_when_it_says(accounts: Accounts, clock: FixedClock) -> None:
    token = accounts.issue_token("till", "read", created_by="nina", life_s=60)

    clock.instant += 59
    assert accounts.authenticate_token(token) is not None
    clock.instant += 1
    assert accounts.authenticate_token(token) is None


def test_a_token_without_end_does_not_end(accounts: Accounts, clock: FixedClock) -> None:
    token = accounts.issue_token("till", "read", created_by="nina", life_s=None)

    clock.instant += 100 * 365 * 86_400

    assert accounts.authenticate_token(token) is not None


def test_a_revoked_token_opens_nothing_and_its_name_is_free_again(accounts: Accounts) -> None:
    token = accounts.issue_token("till", "read", created_by="nina")

    accounts.revoke_token("till")

    assert accounts.authenticate_token(token) is None
    assert accounts.issue_token("till", "read", created_by="nina") != token


def test_two_tokens_cannot_have_one_name(accounts: Accounts) -> None:
    token = accounts.issue_token("till", "read", created_by="nina")

    with pytest.raises(AccountError, match="already"):
        accounts.issue_token("till", "write", created_by="nina")

    assert accounts.authenticate_token(token) is not None


def test_the_name_of_a_token_that_ended_can_be_used_again(
    accounts: Accounts, clock: FixedClock
) -> None:
    accounts.issue_token("till", "read", created_by="nina", life_s=60)
    clock.instant += 60

    assert accounts.issue_token("till", "write", created_by="nina")


def test_revoking_what_is_not_there_says_so(accounts: Accounts) -> None:
    with pytest.raises(AccountError, match="no token 'till'"):
        accounts.revoke_token("till")
