"""Who calls, and what they call on: the dependencies that endpoints name in their signatures.

A caller shows a token (RFC 6750). Reading wants any token that has not ended, changing wants one
with the scope `write`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, cast

from fastapi import Depends, Request

from cloud_service.accounts.account import Account
from cloud_service.accounts.door import Accounts
from cloud_service.api.problems import ProblemError
from cloud_service.services import Services


@dataclass(frozen=True)
class Behind:
    """What stands behind the API. As a dependency of the router it comes before all others."""

    services: Services
    accounts: Accounts
    stopping: Callable[[], bool]
    """Tells that the service stops: answers that would go on must end."""

    async def __call__(self, request: Request) -> None:
        """Hand itself to the request's other dependencies."""
        request.state.behind = self


async def _behind(request: Request) -> Behind:
    return cast("Behind", request.state.behind)


async def _services(behind: Annotated[Behind, Depends(_behind)]) -> Services:
    return behind.services


def _token(request: Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise _unauthorized("This needs a token: send `Authorization: Bearer TOKEN`.", "")
    return token.strip()


def _reader(request: Request, behind: Annotated[Behind, Depends(_behind)]) -> Account:
    account = behind.accounts.authenticate_token(_token(request))
    if account is None:
        raise _unauthorized("The token is unknown or has ended.", ' error="invalid_token"')
    return account


def _writer(account: Annotated[Account, Depends(_reader)]) -> Account:
    if not account.may_write:
        raise ProblemError(
            HTTPStatus.FORBIDDEN,
            "insufficient-scope",
            f"The token {account.name!r} may read, but changing needs the scope write.",
            headers={"WWW-Authenticate": 'Bearer error="insufficient_scope", scope="write"'},
        )
    return account


async def _allowed(
    request: Request, behind: Annotated[Behind, Depends(_behind)]
) -> Callable[[], bool]:
    token = _token(request)

    def allowed() -> bool:
        return not behind.stopping() and behind.accounts.authenticate_token(token) is not None

    return allowed


def _unauthorized(detail: str, reason: str) -> ProblemError:
    challenge = {"WWW-Authenticate": f"Bearer{reason}"}
    return ProblemError(HTTPStatus.UNAUTHORIZED, "unauthorized", detail, headers=challenge)


ServicesOf = Annotated[Services, Depends(_services)]
Reader = Annotated[Account, Depends(_reader)]
Writer = Annotated[Account, Depends(_writer)]
StillAllowed = Annotated[Callable[[], bool], Depends(_allowed)]
"""Tells whether an answer may go on: the caller's token holds and the service does not stop."""
may_read = Depends(_reader)
