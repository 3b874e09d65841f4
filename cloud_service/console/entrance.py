"""Coming in and going out: login, logout and the choice of theme."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from cloud_service.accounts.errors import AccountError
from cloud_service.console.pages import THEME_COOKIE, THEMES, Page
from cloud_service.console.room import SESSION_COOKIE, Editing, Room

router = APIRouter()

_YEAR_S = 365 * 86_400
_SEE_OTHER = 303

Text = Annotated[str, Form()]


@router.get("/login")
def ask_login(request: Request, console: Room, then: str = "/") -> Response:
    """Show the login, or go on where somebody is logged in already."""
    if console.accounts.session(request.cookies.get(SESSION_COOKIE, "")):
        return RedirectResponse(local(then), _SEE_OTHER)
    return console.pages.draw(request, None, _login(then))


@router.post("/login")
def log_in(
    request: Request, console: Room, name: Text = "", password: Text = "", then: Text = "/"
) -> Response:
    """Open a session, or say why not."""
    address = request.client.host if request.client else ""
    try:
        secret = console.accounts.log_in(name.strip(), password, address)
    except AccountError as error:
        return console.pages.draw(request, None, _login(then, name, error))
    answer = RedirectResponse(local(then), _SEE_OTHER)
    answer.set_cookie(
        SESSION_COOKIE, secret, httponly=True, samesite="lax", secure=_secure(request), path="/"
    )
    return answer


@router.post("/logout")
def log_out(visit: Editing) -> Response:
    """End the session."""
    visit.console.accounts.log_out(visit.request.cookies.get(SESSION_COOKIE, ""))
    answer = RedirectResponse("/login", _SEE_OTHER)
    answer.delete_cookie(SESSION_COOKIE, path="/")
    return answer


@router.post("/theme")
def choose_theme(request: Request, theme: Text = "", back: Text = "/") -> Response:
    """Keep the theme somebody chose; for browsers that run no scripts."""
    answer = RedirectResponse(local(back), _SEE_OTHER)
    if theme in THEMES:
        answer.set_cookie(
            THEME_COOKIE, theme, max_age=_YEAR_S, samesite="lax", secure=_secure(request), path="/"
        )
    return answer


def local(address: str) -> str:
    """Return an address if it is one of ours, the overview's otherwise."""
    outside = address[1:2] in {"/", "\\"} or not address.startswith("/")
    return "/" if outside or not address.isprintable() else address


def _login(then: str, name: str = "", error: AccountError | None = None) -> Page:
    facts = {"then": local(then), "name": name, "wrong": str(error) if error else ""}
    return Page("login.html", "", facts, error.status if error else 200)


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"
