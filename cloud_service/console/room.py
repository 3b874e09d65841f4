"""What every page stands on, and how a page learns who is visiting."""

import hmac
from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends, Form, Request
from fastapi.responses import HTMLResponse

from cloud_service.accounts import Accounts, Session
from cloud_service.console.addresses import product_page
from cloud_service.console.assets import Assets
from cloud_service.console.errors import ForeignForm, LoginNeeded
from cloud_service.console.feed import Feed
from cloud_service.console.gallery import Gallery
from cloud_service.console.manner import Manner
from cloud_service.console.pages import Page, Pages, here
from cloud_service.services import Services
from cloud_service.services.views.stores import StoreView

SESSION_COOKIE = "edge-shelf-session"


@dataclass(frozen=True)
class Console:
    """The rooms behind the pages."""

    services: Services
    accounts: Accounts
    assets: Assets
    pages: Pages
    feed: Feed
    gallery: Gallery = field(default_factory=Gallery)

    def now(self) -> int:
        """Return the instant, UTC seconds."""
        return self.services.clock.now()


def _console(request: Request) -> Console:
    return cast("Console", request.app.state.console)


Room = Annotated[Console, Depends(_console)]


def _visitor(request: Request, console: Room) -> Session:
    session = console.accounts.session(request.cookies.get(SESSION_COOKIE, ""))
    if session is None:
        raise LoginNeeded(_way_back(request))
    return session


def _way_back(request: Request) -> str:
    """Return the page to show after a login: the one asked for, or that of the form sent."""
    if request.method == "GET":
        return here(request)
    place = request.path_params
    return product_page(place["sku"], place["store"]) if "sku" in place else "/"


@dataclass(frozen=True)
class Visit:
    """One request of somebody who has logged in."""

    request: Request
    console: Console
    session: Session

    @property
    def services(self) -> Services:
        """The use cases."""
        return self.console.services

    def draw(self, page: Page) -> HTMLResponse:
        """Return a page as this visitor sees it."""
        return self.console.pages.draw(self.request, self.session, page)


def _visit(request: Request, console: Room) -> Visit:
    return Visit(request, console, _visitor(request, console))


Visiting = Annotated[Visit, Depends(_visit)]
"""A visit of somebody who has logged in; whoever has not is sent to the login first."""


def _edit(visit: Visiting, form_token: Annotated[str, Form()] = "") -> Visit:
    if not hmac.compare_digest(form_token.encode(), visit.session.form_token.encode()):
        raise ForeignForm
    return visit


Editing = Annotated[Visit, Depends(_edit)]
"""A visit that brought a form of ours."""


def same_origin(request: Request) -> None:
    """Refuse a form that a page of another origin sent (every browser names its origin)."""
    if request.method in {"GET", "HEAD"}:
        return
    origin = request.headers.get("Origin", "").partition("://")[2]
    if not origin or origin != request.headers.get("Host"):
        raise ForeignForm


def manner(store: StoreView) -> Manner:
    """Return how a store writes money and time."""
    return Manner(store.currency, store.locale, store.tz)
