"""Users: made, found and let in by name and password."""

from sqlalchemy import delete, func, select

from cloud_service.accounts.account import Account, Login
from cloud_service.accounts.errors import AccountError, TooManyTries
from cloud_service.accounts.secrets import MIN_PASSWORD, Passwords, new_password
from cloud_service.accounts.tables import TriesRow, UserRow
from cloud_service.accounts.throttle import (
    FORGET_AFTER_S,
    FREE_TRIES,
    FREE_TRIES_ADDRESS,
    Tries,
    one_more,
    wait_s,
)
from cloud_service.storage import Unit
from cloud_service.storage.inserting import insert_into

FIRST_USER = "admin"


def add_user(unit: Unit, name: str, password: str, now: int, passwords: Passwords) -> None:
    """Add a user; raise AccountError where the name is taken or the password too short."""
    if not name.strip() or len(name) > 64:
        raise AccountError("A user's name has 1 to 64 characters.")
    if len(password) < MIN_PASSWORD:
        raise AccountError(f"A password has at least {MIN_PASSWORD} characters.")
    if unit.get(UserRow, name) is not None:
        raise AccountError(f"There is a user {name!r} already.")
    unit.add(UserRow(name=name, password_hash=passwords.hash(password), created_at=now))


def ensure_first_user(unit: Unit, now: int, passwords: Passwords) -> Login | None:
    """Add the first user where there is none and return the login, which is told only now."""
    if unit.scalar(select(func.count()).select_from(UserRow)):
        return None
    login = Login(FIRST_USER, new_password())
    add_user(unit, login.name, login.password, now, passwords)
    return login


def check_tries(unit: Unit, name: str, address: str, now: int) -> None:
    """Raise TooManyTries where this name or this address must wait."""
    left = max(wait_s(_tries(unit, key), now, free) for key, free in _keys(name, address).items())
    if left:
        raise TooManyTries(left)


def note_wrong_try(unit: Unit, name: str, address: str, now: int) -> None:
    """Count a wrong password, and forget counts that have rested long enough."""
    for key in sorted(_keys(name, address)):
        row = _held_tries(unit, key, now)
        tries = one_more(Tries(row.count, row.last_at), now)
        row.count, row.last_at = tries.count, tries.last_at
    unit.execute(delete(TriesRow).where(TriesRow.last_at <= now - FORGET_AFTER_S))


def kept_hash(unit: Unit, name: str) -> str | None:
    """Return the hash of a user's password, or None where there is no such user."""
    row = unit.get(UserRow, name)
    return row.password_hash if row else None


def let_in(unit: Unit, name: str, address: str) -> Account:
    """Return the account of a user whose password was right, and forget the wrong tries."""
    unit.execute(delete(TriesRow).where(TriesRow.key.in_(_keys(name, address))))
    return Account(name, "user", "write")


def _keys(name: str, address: str) -> dict[str, int]:
    return {f"{name[:64]}@{address}": FREE_TRIES, f"@{address}": FREE_TRIES_ADDRESS}


def _held_tries(unit: Unit, key: str, now: int) -> TriesRow:
    """Return a count that nobody else changes until the unit ends: no try goes uncounted."""
    new = insert_into(unit, TriesRow).values(key=key, count=0, last_at=now)
    unit.execute(new.on_conflict_do_nothing(index_elements=["key"]))
    return unit.scalars(select(TriesRow).where(TriesRow.key == key).with_for_update()).one()


def _tries(unit: Unit, key: str) -> Tries:
    row = unit.get(TriesRow, key)
    return Tries(row.count, row.last_at) if row else Tries()
