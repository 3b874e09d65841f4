"""The streams' door: who is logged in may follow a page as long as the login lasts."""

from collections.abc import AsyncIterator, Callable

from fastapi import Request
from fastapi.sse import ServerSentEvent

from cloud_service.console.live import Snapshot, Stream
from cloud_service.console.room import SESSION_COOKIE, Console


def follow(
    request: Request, console: Console, snapshot: Callable[[], Snapshot]
) -> AsyncIterator[ServerSentEvent]:
    """Return the events of a page whose words `snapshot` reads."""
    secret = request.cookies.get(SESSION_COOKIE, "")

    def allowed() -> bool:
        return console.accounts.session(secret, touch=False) is not None

    return Stream(console.feed, snapshot, allowed).events()
