"""API tokens: 256 random bits, kept as a hash, with a name, a scope and an end."""

from sqlalchemy import delete, select

from cloud_service.accounts.account import Account, Scope
from cloud_service.accounts.errors import AccountError
from cloud_service.accounts.secrets import TOKEN_PREFIX, digest, new_token
from cloud_service.accounts.tables import TokenRow
from cloud_service.storage import Unit

DEFAULT_LIFE_S = 365 * 86_400


def issue_token(  # noqa: PLR0913 - a token is what these six say
    unit: Unit,
    name: str,
    scope: Scope,
    now: int,
    *,
    created_by: str,
    life_s: int | None = DEFAULT_LIFE_S,
) -> str:
    """Issue a token and return its text, which is told only now.

    `life_s` counts seconds from `now`; None never ends. Raise AccountError where the name is taken
    by a token that has not ended.
    """
    _make_room(unit, name, now)
    text = new_token()
    unit.add(
        TokenRow(
            digest=digest(text),
            name=name,
            scope=scope,
            created_by=created_by,
            created_at=now,
            expires_at=None if life_s is None else now + life_s,
        )
    )
    return text


def authenticate_token(unit: Unit, text: str, now: int) -> Account | None:
    """Return whose token this is, or None where it is unknown or has ended."""
    if not text.startswith(TOKEN_PREFIX):
        return None
    row = unit.get(TokenRow, digest(text))
    if row is None or _ended(row, now):
        return None
    return Account(row.name, "token", "write" if row.scope == "write" else "read")


def revoke_token(unit: Unit, name: str) -> None:
    """End a token by its name; raise AccountError where there is none."""
    row = unit.scalar(select(TokenRow).where(TokenRow.name == name))
    if row is None:
        raise AccountError(f"There is no token {name!r}.")
    unit.delete(row)


def _make_room(unit: Unit, name: str, now: int) -> None:
    if not name.strip() or len(name) > 64:
        raise AccountError("A token's name has 1 to 64 characters.")
    row = unit.scalar(select(TokenRow).where(TokenRow.name == name))
    if row is not None and not _ended(row, now):
        raise AccountError(f"There is a token {name!r} already; revoke it or choose another name.")
    unit.execute(delete(TokenRow).where(TokenRow.name == name))


def _ended(row: TokenRow, now: int) -> bool:
    return row.expires_at is not None and now >= row.expires_at
