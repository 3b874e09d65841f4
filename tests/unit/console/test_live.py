"""Live pages: everything first, then what changed, and an honest end."""

import asyncio
from collections.abc import AsyncIterator, Callable

from fastapi.sse import ServerSentEvent

from cloud_service.console.feed import Feed
from cloud_service.console.live import Snapshot, Stream
from cloud_service.errors import Unavailable

FIRST: Snapshot = {"tile:1": {"mood": "shown"}, "tile:2": {"mood": "shown"}}
LATER: Snapshot = {"tile:1": {"mood": "shown"}, "tile:2": {"mood": "failed"}}


class Page:
    """What a page reads, and the events it is read at."""

    def __init__(self, *snapshots: Snapshot) -> None:
        self.snapshots = list(snapshots)
        self.event = 1
        self.logged_in = True

    def read(self) -> Snapshot:
        return self.snapshots.pop(0) if len(self.snapshots) > 1 else self.snapshots[0]

    def stream(self, feed: Feed) -> AsyncIterator[ServerSentEvent]:
        return Stream(feed, self.read, lambda: self.logged_in, beat_s=0.05).events()


async def _following(
    page: Page, act: Callable[[Feed, AsyncIterator[ServerSentEvent]], object]
) -> None:
    feed = Feed(lambda: page.event)
    running = asyncio.create_task(feed.run())
    events = page.stream(feed)
    result = act(feed, events)
    if asyncio.iscoroutine(result):
        await asyncio.wait_for(result, 20)
    await feed.close()
    await running


async def test_a_page_is_first_told_everything() -> None:
    async def act(_feed: Feed, events: AsyncIterator[ServerSentEvent]) -> None:
        first = await anext(events)
        assert (first.event, first.data) == ("words", FIRST)

    await _following(Page(FIRST), act)


async def test_a_page_is_then_told_only_what_changed() -> None:
    page = Page(FIRST, LATER)

    async def act(_feed: Feed, events: AsyncIterator[ServerSentEvent]) -> None:
        await anext(events)
        page.event += 1
        changed = await anext(events)
        assert (changed.event, changed.data) == ("words", {"tile:2": {"mood": "failed"}})

    await _following(page, act)


async def test_whoever_comes_back_is_told_everything_again() -> None:
    page = Page(LATER)

    async def act(feed: Feed, events: AsyncIterator[ServerSentEvent]) -> None:
        await anext(events)
        again = await anext(page.stream(feed))
        assert again.data == LATER

    await _following(page, act)


async def test_a_page_whose_tiles_moved_is_told_to_load_again() -> None:
    page = Page(FIRST, {"tile:1": {"mood": "shown"}})

    async def act(_feed: Feed, events: AsyncIterator[ServerSentEvent]) -> None:
        await anext(events)
        page.event += 1
        assert (await anext(events)).event == "moved"

    await _following(page, act)


async def test_a_page_without_login_is_told_only_that() -> None:
    page = Page(FIRST)
    page.logged_in = False

    async def act(_feed: Feed, events: AsyncIterator[ServerSentEvent]) -> None:
        told = [event async for event in events]
        assert [(event.event, event.data) for event in told] == [("left", "")]

    await _following(page, act)


async def test_streams_end_when_the_service_stops() -> None:
    async def act(feed: Feed, events: AsyncIterator[ServerSentEvent]) -> None:
        await anext(events)
        await feed.close()
        rest = [event.event async for event in events]
        assert "left" not in rest

    await _following(Page(FIRST), act)


async def _goes_on(events: AsyncIterator[ServerSentEvent]) -> bool:
    """Tell whether a stream has more to say than its first event."""
    await anext(events)
    return await anext(events, None) is not None


async def test_streams_end_while_the_database_is_away_and_live_again_after() -> None:
    page, away = Page(FIRST), True

    def newest() -> int:
        if away:
            raise Unavailable("The database does not answer.")
        return 7

    feed = Feed(newest)
    running = asyncio.create_task(feed.run())
    ended = [event.event async for event in page.stream(feed)]
    assert ended[0] == "words"
    assert "left" not in ended

    away = False
    async with asyncio.timeout(20):
        while not await _goes_on(page.stream(feed)):
            pass
    await feed.close()
    await running
