"""Chromium before the console: a real server on a socket, and shelves that follow when told."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page

from cloud_service.clock import SystemClock
from cloud_service.server import Server, build_app
from simulators.up.grocery import MADE_UP
from tests.e2e.chromium import open_chromium
from tests.unit.console.shelves import Shelves, open_shelves

PASSWORD = "correct horse battery"
STORE = MADE_UP.id
HEADER = "sku,gtin,name,brand,size,unit,category,price"
PANELS = ("epd-2.9-bwr", "epd-2.9-bw", "epd-2.13-bw")
TILES = 24
PATIENCE_MS = 30_000
"""How long a page may take on a busy machine before a test gives up."""

_WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


@dataclass
class Served:
    """A running console and what stands behind it."""

    shelves: Shelves
    port: int
    server: Server
    thread: threading.Thread

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(30)
        assert not self.thread.is_alive()

    def start(self) -> None:
        self.server, self.thread = _serve(self.shelves, self.port)


@dataclass
class Visit:
    """A page of somebody who is logged in, with all that the browser complained about."""

    page: Page
    served: Served
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a path, and wait until it is live if it is a page that can be."""
        self.page.goto(self.served.url + path)
        if self.page.locator("[data-sign]").count():
            self.live()
        return self.page

    def live(self) -> None:
        """Wait until the page says that it is live."""
        self.page.locator("[data-sign=on]").wait_for(timeout=PATIENCE_MS)

    def violations(self) -> list[str]:
        """Return what the security policy blocked on this page."""
        found: list[str] = self.page.evaluate("window.violations")
        return found


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Return the machine's Chromium; it ends with this folder's tests."""
    with open_chromium() as browser:
        yield browser


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    shelves = open_shelves(tmp_path, SystemClock())
    _hang(shelves)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    served = Served(shelves, port, *_serve(shelves, port))
    yield served
    served.stop()
    shelves.close()


@pytest.fixture
def window(chromium: Browser) -> Iterator[BrowserContext]:
    window = chromium.new_context(viewport={"width": 1440, "height": 960})
    window.set_default_timeout(PATIENCE_MS)
    yield window
    window.close()


@pytest.fixture
def visit(window: BrowserContext, served: Served) -> Iterator[Visit]:
    """Return a visit that has logged in; it fails if the browser complained about anything."""
    window.add_init_script(_WATCH)
    visit = Visit(window.new_page(), served)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    log_in(visit)
    yield visit
    assert visit.complaints == []
    assert visit.violations() == []


def log_in(visit: Visit, name: str = "nina") -> None:
    page = visit.page
    page.goto(f"{visit.served.url}/login")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Overview").wait_for()


def _hang(shelves: Shelves) -> None:
    services, facts = shelves.services, MADE_UP
    services.add_store(
        id=facts.id, name=facts.name, tz=facts.tz, currency=facts.currency, locale=facts.locale,
        jurisdiction=facts.jurisdiction, actor="test",
    )  # fmt: skip
    rows = [f"{500 + n},,Plum Jam Number {n},Nutwell,12,oz,Spreads,{n}.49" for n in range(1, TILES)]
    prices = BytesIO("\n".join((HEADER, *rows, "")).encode())
    services.import_prices(store=facts.id, source=prices, format="csv", actor="test")
    services.add_planogram(
        store=facts.id,
        positions=[
            (
                f"b01-s{n // 12 + 1}-p{n % 12 + 1:02}",
                f"shelf-{n // 12 + 1}",
                PANELS[n // 12],
                str(501 + n) if n < TILES - 1 else None,
            )
            for n in range(TILES)
        ],
        actor="test",
    )
    shelves.follow()
    shelves.accounts.add_user("nina", PASSWORD)


def _serve(shelves: Shelves, port: int) -> tuple[Server, threading.Thread]:
    app = build_app(shelves.services, shelves.accounts)
    server = Server(
        uvicorn.Config(app, port=port, log_level="warning", timeout_graceful_shutdown=3)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
    return server, thread
