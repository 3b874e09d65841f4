"""The JSON API: one of the two doors to the services, under /v1, with tokens.

Resources and lists are plain JSON, errors are RFC 9457 problems, money is minor units with a
currency, instants are UTC. Every answer carries a Request-Id.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Depends, Request

from cloud_service.accounts import Accounts
from cloud_service.api import (
    bundles,
    catalogue,
    changes,
    checks,
    events,
    exports,
    imports,
    planograms,
    prices,
    products,
    status,
    stores,
    tags,
    tiles,
)
from cloud_service.api.caller import Behind
from cloud_service.api.problems import Problem, ProblemError
from cloud_service.api.route import Route
from cloud_service.services import Services

__all__ = ["build_router"]

_PROBLEM: dict[int | str, dict[str, Any]] = {
    "default": {"model": Problem, "description": "Sent as application/problem+json."}
}
_METHODS = ["GET", "PUT", "POST", "PATCH", "DELETE"]


def build_router(
    services: Services, accounts: Accounts, stopping: Callable[[], bool] = lambda: False
) -> APIRouter:
    """Return the routes below /v1, to be included in an app as they are.

    Streams end once `stopping` says so.
    """
    behind = Behind(services, accounts, stopping)
    router = APIRouter(prefix="/v1", dependencies=[Depends(behind)])
    parts = (
        stores,
        tags,
        tiles,
        checks,
        products,
        catalogue,
        planograms,
        prices,
        changes,
        imports,
        exports,
        bundles,
        status,
        events,
    )
    for part in parts:
        router.include_router(part.router, responses=_PROBLEM)
    router.include_router(_rest)
    return router


_rest = APIRouter(route_class=Route)


@_rest.api_route("/{path:path}", methods=_METHODS, include_in_schema=False)
async def nothing_here(request: Request) -> None:
    """Say as a problem that the address, or the method at it, does not exist."""
    detail = f"There is nothing at {request.method} {request.url.path}."
    raise ProblemError(HTTPStatus.NOT_FOUND, "not-found", detail)
