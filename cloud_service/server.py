"""The service as one process: the console and the API on one app, and how it is served."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from socket import socket

import anyio
import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

from cloud_service.accounts import Accounts
from cloud_service.api import build_router
from cloud_service.clock import Clock, SystemClock
from cloud_service.console.app import build_console
from cloud_service.console.assets import Assets
from cloud_service.console.feed import Feed
from cloud_service.console.pages import Pages
from cloud_service.console.room import Console
from cloud_service.errors import Unavailable
from cloud_service.services import Services, open_services
from cloud_service.settings import Settings

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_LAST_WORDS_S = 3
"""How long open connections may take to end when the service stops."""
_KEPT_IDLE_S = 75
"""How long an idle connection stays open: longer than clients and proxies keep theirs (httpx 5 s,
nginx 60 s). One that closes first resets the request that is just being sent on it."""


def create_app(settings: Settings, clock: Clock) -> FastAPI:
    """Open the services and return the app; its database closes with it."""
    services = open_services(settings, clock)
    return build_app(services, Accounts(services.storage, clock))


def build_app(services: Services, accounts: Accounts) -> FastAPI:
    """Return the app over services that are open."""
    feed = Feed(services.last_event_id)
    assets = Assets()
    console = Console(services, accounts, assets, Pages(assets), feed)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(feed.run)
            yield
            await feed.close()
        services.close()

    app = FastAPI(
        title="edge-shelf",
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.feed = feed

    @app.get("/healthz", include_in_schema=False)
    async def health() -> JSONResponse:
        return await run_in_threadpool(_health, services)

    app.include_router(build_router(services, accounts, lambda: feed.closed))
    app.mount("/", build_console(console))
    app.add_middleware(GZipMiddleware, minimum_size=2000)
    app.add_middleware(SecurityHeaders)
    return app


def _health(services: Services) -> JSONResponse:
    unkept = {"Cache-Control": "no-store"}
    try:
        services.last_event_id()
    except Unavailable as error:
        return JSONResponse({"status": "unavailable", "why": str(error)}, 503, unkept)
    return JSONResponse({"status": "ok"}, headers=unkept)


class SecurityHeaders:
    """Adds the headers that keep a browser from being talked into something to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, with_headers)


class Server(uvicorn.Server):
    """A server whose live pages end at once when it stops, so that it need not wait for them."""

    @override
    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """End the live pages, then stop."""
        feed: Feed = self.config.app.state.feed  # type: ignore[union-attr]  # our own app
        await feed.close()
        await super().shutdown(sockets)


def run_server(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM."""
    Server(server_config(create_app(settings, SystemClock()), settings)).run()


def server_config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """Return how the app is served."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        timeout_graceful_shutdown=_LAST_WORDS_S,
        timeout_keep_alive=_KEPT_IDLE_S,
        server_header=False,
    )
