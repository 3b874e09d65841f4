"""Logging in, staying in and being logged out."""

import pytest
from sqlalchemy import text

from cloud_service.accounts import Accounts, Login
from cloud_service.accounts.errors import AccountError, TooManyTries, WrongLogin
from cloud_service.accounts.sessions import IDLE_S, LONGEST_S
from cloud_service.clock import FixedClock
from cloud_service.storage import Storage

HOME = "192.0.2.7"
ELSEWHERE = "198.51.100.9"
PASSWORD = "correct horse battery"


def _first(accounts: Accounts) -> Login:
    login = accounts.ensure_first_user()
    assert login is not None
    return login


def test_the_first_login_is_made_once_and_works(accounts: Accounts) -> None:
    login = _first(accounts)

    session = accounts.session(accounts.log_in(login.name, login.password, HOME))

    assert session is not None
    assert session.account.name == login.name
    assert session.account.may_write
    assert accounts.ensure_first_user() is None


def test_a_user_that_was_added_can_log_in(accounts: Accounts) -> None:
    accounts.add_user("nina", PASSWORD)

    assert accounts.session(accounts.log_in("nina", PASSWORD, HOME)) is not None


@pytest.mark.parametrize(
    ("name", "password", "reason"),
    [
        ("nina", "short", "at least 12"),
        ("", PASSWORD, "1 to 64"),
        ("x" * 65, PASSWORD, "1 to 64"),
        ("taken", PASSWORD, "already"),
    ],
)
def test_a_user_that_cannot_be_is_refused_with_the_reason(
    accounts: Accounts, name: str, password: str, reason: str
) -> None:
    accounts.add_user("taken", PASSWORD)

    with pytest.raises(AccountError, match=reason):
        accounts.add_user(name, password)


@pytest.mark.parametrize(("name", "password"), [("nina", "not the password"), ("noone", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_read_the_same(
    accounts: Accounts, name: str, password: str
) -> None:
    accounts.add_user("nina", PASSWORD)

    with pytest.raises(WrongLogin, match="The name or the password is not right"):
        accounts.log_in(name, password, HOME)


def _guess(accounts: Accounts, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WrongLogin):
            accounts.log_in("nina", "guess", HOME)


def test_after_five_wrong_passwords_even_the_right_one_must_wait(
    accounts: Accounts, clock: FixedClock
) -> None:
    accounts.add_user("nina", PASSWORD)
    _guess(accounts, 5)

    with pytest.raises(TooManyTries, match="1 minute"):
        accounts.log_in("nina", PASSWORD, HOME)

    clock.instant += 15
    assert accounts.log_in("nina", PASSWORD, HOME)


def test_guessing_elsewhere_does_not_shut_the_owner_out(accounts: Accounts) -> None:
    accounts.add_user("nina", PASSWORD)
    _guess(accounts, 5)

    assert accounts.log_in("nina", PASSWORD, ELSEWHERE)


def test_a_right_password_forgets_the_wrong_ones(accounts: Accounts) -> None:
    accounts.add_user("nina", PASSWORD)
    _guess(accounts, 4)
    accounts.log_in("nina", PASSWORD, HOME)

    _guess(accounts, 4)

    assert accounts.log_in("nina", PASSWORD, HOME)


def test_an_address_that_tries_many_names_must_wait(accounts: Accounts) -> None:
    for number in range(30):
        with pytest.raises(WrongLogin):
            accounts.log_in(f"name-{number}", "guess", HOME)

    with pytest.raises(TooManyTries):
        accounts.log_in("another", "guess", HOME)


def test_a_session_ends_when_nobody_used_it(accounts: Accounts, clock: FixedClock) -> None:
    login = _first(accounts)
    secret = accounts.log_in(login.name, login.password, HOME)

    clock.instant += IDLE_S

    assert accounts.session(secret) is None


def test_use_keeps_a_session_but_not_longer_than_a_week(
    accounts: Accounts, clock: FixedClock
) -> None:
    login = _first(accounts)
    secret = accounts.log_in(login.name, login.password, HOME)

    for _ in range(LONGEST_S // (IDLE_S - 1)):
        clock.instant += IDLE_S - 1
        assert accounts.session(secret) is not None
    clock.instant += IDLE_S - 1

    assert accounts.session(secret) is None


def test_a_page_that_only_stays_open_keeps_nobody_in(accounts: Accounts, clock: FixedClock) -> None:
    login = _first(accounts)
    secret = accounts.log_in(login.name, login.password, HOME)

    clock.instant += IDLE_S - 1
    assert accounts.session(secret, touch=False) is not None
    clock.instant += 1

    assert accounts.session(secret, touch=False) is None


def test_logging_out_ends_the_session_at_once(accounts: Accounts) -> None:
    login = _first(accounts)
    secret = accounts.log_in(login.name, login.password, HOME)

    accounts.log_out(secret)

    assert accounts.session(secret) is None


def test_sessions_that_ended_are_swept(
    accounts: Accounts, clock: FixedClock, storage: Storage
) -> None:
    login = _first(accounts)
    accounts.log_in(login.name, login.password, HOME)
    clock.instant += IDLE_S
    accounts.log_in(login.name, login.password, HOME)

    with storage.read() as unit:
        assert unit.execute(text("SELECT count(*) FROM sessions")).scalar_one() == 1


def test_no_secret_is_kept_as_it_is(accounts: Accounts, storage: Storage) -> None:
    login = _first(accounts)
    session = accounts.log_in(login.name, login.password, HOME)
    token = accounts.issue_token("till", "read", created_by=login.name)

    with storage.read() as unit:
        kept = [
            str(row)
            for table in ("users", "sessions", "api_tokens")
            for row in unit.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 - our own names
        ]
    assert len(kept) == 3
    assert not [row for row in kept for told in (login.password, session, token) if told in row]
