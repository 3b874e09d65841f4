"""Live pages: server-sent events that carry how things are now, by the places they stand at.

The first event of a stream holds everything, each further one what has changed since. Whoever was
cut off connects again and has everything: nothing can be missed, whatever the browser last saw.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass

from fastapi.sse import ServerSentEvent
from starlette.concurrency import run_in_threadpool

from cloud_service.console.feed import Feed, FeedEnded
from cloud_service.console.tiles import Words
from cloud_service.errors import ServiceError

Snapshot = dict[str, Words]
"""Words by the key of the place on the page they belong to."""

BEAT_S = 5.0
"""A stream is never silent longer than this, so that a page can tell a dead one."""
RETRY_MS = 1000


@dataclass(frozen=True)
class Stream:
    """One page's stream. `allowed` tells whether its visitor is still logged in."""

    feed: Feed
    snapshot: Callable[[], Snapshot]
    allowed: Callable[[], bool]
    beat_s: float = BEAT_S

    async def events(self) -> AsyncIterator[ServerSentEvent]:
        """Yield the events until the page leaves, the login ends or the service stops."""
        shown: Snapshot = {}
        with suppress(FeedEnded, ServiceError):  # the page notices the end and says so
            while await run_in_threadpool(self.allowed):
                seen = self.feed.newest
                fresh = await run_in_threadpool(self.snapshot)
                yield _event(shown, fresh, seen)
                shown = fresh
                await self.feed.wait(seen, self.beat_s)
            yield ServerSentEvent(event="left", data="")


def changes(shown: Snapshot, fresh: Snapshot) -> Snapshot:
    """Return what is otherwise than it was shown."""
    return {key: words for key, words in fresh.items() if shown.get(key) != words}


def _event(shown: Snapshot, fresh: Snapshot, seen: int) -> ServerSentEvent:
    if shown and shown.keys() != fresh.keys():
        return ServerSentEvent(event="moved", data="", id=str(seen), retry=RETRY_MS)
    changed = changes(shown, fresh)
    kind = "words" if changed else "beat"
    return ServerSentEvent(event=kind, data=changed, id=str(seen), retry=RETRY_MS)
