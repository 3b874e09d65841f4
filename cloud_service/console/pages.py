"""Pages from templates: escaped, strict about names, and given the addresses and words they use."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from cloud_service.accounts import Session
from cloud_service.console import addresses
from cloud_service.console.assets import Assets, panel_class
from cloud_service.console.tiles import MOODS

THEME_COOKIE = "edge-shelf-theme"
THEMES = ("light", "dark")


@dataclass(frozen=True)
class Page:
    """A page to draw: its template, which part of the navigation it belongs to, and its facts."""

    template: str
    part: str
    facts: dict[str, Any]
    status: int = 200


class Pages:
    """Draws pages."""

    def __init__(self, assets: Assets) -> None:
        self._jinja = Environment(
            loader=PackageLoader("cloud_service.console"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals.update(
            asset=assets.url, at=addresses, moods=MOODS, panel_class=panel_class
        )

    def draw(self, request: Request, session: Session | None, page: Page) -> HTMLResponse:
        """Return a page as the visitor sees it."""
        text = self._jinja.get_template(page.template).render(
            **{"store": None, "query": "", **page.facts},
            part=page.part,
            session=session,
            theme=theme(request),
            here=here(request),
        )
        # Prices change: a page may be kept for going back, but is asked for again otherwise.
        return HTMLResponse(text, page.status, {"Cache-Control": "private, no-cache"})


def theme(request: Request) -> str:
    """Return the theme the visitor chose, `auto` while the system decides."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"


def here(request: Request) -> str:
    """Return the address of this page, to come back to."""
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path
