"""Wakes live pages when something happened: one poll of the events, however many pages are open.

A page is not told what happened but shown how things are now (see live), so a wake-up that is
lost, doubled or late does no harm.
"""

import asyncio
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool

from cloud_service.errors import ServiceError

POLL_S = 0.15


class FeedEnded(Exception):
    """The stream cannot go on: the service stops, or its database does not answer."""


class Feed:
    """Knows the newest event's id and lets streams wait for the next."""

    def __init__(self, newest: Callable[[], int]) -> None:
        self.newest = 0
        self._read = newest
        self._changed = asyncio.Condition()
        self._waiting = 0
        self._broken = False
        self._closed = False

    async def run(self) -> None:
        """Poll until cancelled; rests while nobody waits."""
        while not self._closed:
            if self._waiting or self._broken:
                await self._look()
            await asyncio.sleep(POLL_S)

    async def wait(self, seen: int, timeout_s: float) -> None:
        """Return when there is an event newer than `seen`, or after the time-out.

        Raises FeedEnded when the stream should end, so that the page says so and tries again.
        """
        async with self._changed:
            self._waiting += 1
            try:
                await asyncio.wait_for(
                    self._changed.wait_for(lambda: self._over() or self.newest != seen), timeout_s
                )
            except TimeoutError:
                pass  # nothing happened: the page is shown that the stream lives
            finally:
                self._waiting -= 1
        if self._over():
            raise FeedEnded

    async def close(self) -> None:
        """End all streams: the service stops."""
        async with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def closed(self) -> bool:
        """Whether the service stops."""
        return self._closed

    def _over(self) -> bool:
        return self._closed or self._broken

    async def _look(self) -> None:
        newest, broken = self.newest, False
        try:
            newest = await run_in_threadpool(self._read)
        except ServiceError:
            broken = True  # every stream ends and its page says that it is not live
        if (newest, broken) != (self.newest, self._broken):
            async with self._changed:
                self.newest, self._broken = newest, broken
                self._changed.notify_all()
