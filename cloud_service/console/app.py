"""The console as one application, to be mounted at the root."""

from urllib.parse import urlencode

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from cloud_service.console import (
    changes,
    devices,
    entrance,
    overview,
    paper,
    pictures,
    prices,
    products,
    stores,
)
from cloud_service.console.errors import LoginNeeded
from cloud_service.console.pages import Page
from cloud_service.console.room import SESSION_COOKIE, Console, Room, same_origin
from cloud_service.errors import NotFound, ServiceError, Unavailable, Undrawable

_FOR_EVER = "public, max-age=31536000, immutable"
_NAMED = 5
"""Tiles that cannot be drawn are named one by one up to so many."""
_TITLES = {
    403: "That did not work",
    404: "Nothing is here",
    422: "That address makes no sense",
    503: "Not available now",
}


def build_console(console: Console) -> FastAPI:
    """Return the console over its rooms."""
    app = FastAPI(
        dependencies=[Depends(same_origin)], docs_url=None, redoc_url=None, openapi_url=None
    )
    app.state.console = console
    for room in (
        entrance, overview, pictures, paper, prices, stores, products, devices, changes
    ):  # fmt: skip
        app.include_router(room.router)
    app.add_api_route("/static/{digest}/{name}", static)
    app.add_exception_handler(LoginNeeded, to_login)
    for kind in (ServiceError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, apologise)
    return app


def static(console: Room, digest: str, name: str) -> Response:
    """Send a style, script or icon."""
    asset = console.assets.find(digest, name)
    if asset is None:
        raise NotFound("This file belongs to another version; load the page again.")
    return Response(asset.body, media_type=asset.media_type, headers={"Cache-Control": _FOR_EVER})


async def to_login(request: Request, error: Exception) -> Response:
    """Send somebody who is not logged in to the login, and back afterwards."""
    then = error.then if isinstance(error, LoginNeeded) else "/"
    if request.headers.get("Sec-Fetch-Dest", "document") != "document":
        return Response(str(error), 401, media_type="text/plain")
    return RedirectResponse(f"/login?{urlencode({'then': then})}", 303)


def apologise(request: Request, error: Exception) -> Response:
    """Show an error as a page that says what to do next."""
    console: Console = request.app.state.console
    status, message = _say(error)
    session = None
    if not isinstance(error, Unavailable):  # or the session cannot be read either
        session = console.accounts.session(request.cookies.get(SESSION_COOKIE, ""), touch=False)
    facts = {
        "title": _TITLES.get(status, "Something went wrong"),
        "message": message,
        "back": "/",
        "back_word": "To the overview",
    }
    return console.pages.draw(request, session, Page("error.html", "", facts, status))


def _say(error: Exception) -> tuple[int, str]:
    match error:
        case Undrawable():
            named = [f"{position}: {reason}." for position, reason in error.reasons[:_NAMED]]
            return error.status, " ".join([str(error), *named])
        case ServiceError():
            return error.status, str(error)
        case HTTPException(status_code=404):
            return 404, "There is no such page."
        case HTTPException():
            return error.status_code, str(error.detail)
        case _:
            return 422, "Part of the address or form is missing or malformed."
