"""Sessions live in the database, so that logging out ends them everywhere and at once."""

from sqlalchemy import delete, update

from cloud_service.accounts.account import Account, Session
from cloud_service.accounts.secrets import digest, new_session_secret
from cloud_service.accounts.tables import SessionRow
from cloud_service.storage import Unit

IDLE_S = 12 * 3600
"""A browser nobody used for a shift is logged out."""
LONGEST_S = 7 * 86_400
TOUCH_S = 60
"""Reading a page writes at most this often, so that reading stays cheap."""


def open_session(unit: Unit, account: Account, now: int) -> str:
    """Open a session and return the secret for its cookie; sessions that ended are swept."""
    unit.execute(
        delete(SessionRow).where(
            (SessionRow.seen_at <= now - IDLE_S) | (SessionRow.created_at <= now - LONGEST_S)
        )
    )
    secret = new_session_secret()
    unit.add(
        SessionRow(
            digest=digest(secret),
            user_name=account.name,
            form_token=new_session_secret(),
            created_at=now,
            seen_at=now,
        )
    )
    return secret


def find_session(unit: Unit, secret: str, now: int) -> Session | None:
    """Return the session of a cookie, or None where it has ended or never was."""
    row = unit.get(SessionRow, digest(secret))
    if row is None or now >= min(row.seen_at + IDLE_S, row.created_at + LONGEST_S):
        return None
    return Session(Account(row.user_name, "user", "write"), row.form_token, row.seen_at)


def touch_session(unit: Unit, secret: str, now: int) -> None:
    """Note that a person did something: the idle time counts from now."""
    unit.execute(update(SessionRow).where(SessionRow.digest == digest(secret)).values(seen_at=now))


def close_session(unit: Unit, secret: str) -> None:
    """End a session; one that has ended stays ended."""
    unit.execute(delete(SessionRow).where(SessionRow.digest == digest(secret)))
