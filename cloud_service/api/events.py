"""/v1/events: what happened, as a list to page through and as a stream to follow.

The stream takes up after `Last-Event-ID` (WHATWG HTML, server-sent events), so that a reader who
was cut off misses nothing; a new reader begins with what happens from now on.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Self

import anyio
from anyio.to_thread import run_sync
from fastapi import APIRouter, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from cloud_service.api.caller import ServicesOf, StillAllowed, may_read
from cloud_service.api.resources.resource import ListOf, Resource, instant
from cloud_service.api.route import Route
from cloud_service.services import Event, Services

router = APIRouter(prefix="/events", route_class=Route, tags=["events"], dependencies=[may_read])

POLL_S = 0.25
"""How often a stream looks for news: a person sees a tile's new state as it happens."""
_CHUNK = 500

EventId = Annotated[int | None, Query(ge=0)]


class EventResource(Resource):
    """One thing that happened; `id` rises."""

    id: int
    at: datetime | None
    kind: str
    data: dict[str, Any]

    @classmethod
    def of(cls, event: Event) -> Self:
        """Show an event."""
        return cls(id=event.id, at=instant(event.at), kind=event.kind, data=dict(event.data))


@router.get("")
def list_events(
    services: ServicesOf,
    limit: Annotated[int, Query(ge=1, le=_CHUNK)] = 100,
    after: EventId = None,
) -> ListOf[EventResource]:
    """List events, oldest first."""
    found = services.events_after(after=after or 0, limit=limit + 1)
    data = tuple(EventResource.of(event) for event in found[:limit])
    more = len(found) > limit
    return ListOf[EventResource](data=data, has_more=more, next=str(data[-1].id) if more else None)


@router.get("/stream", response_class=EventSourceResponse)
async def stream_events(
    services: ServicesOf,
    allowed: StillAllowed,
    after: EventId = None,
    last_event_id: Annotated[int | None, Header(ge=0)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Follow events as they happen; `data` of each is the event as the list shows it."""
    start = last_event_id if last_event_id is not None else after
    if start is None:
        start = await run_sync(services.last_event_id)
    yield ServerSentEvent(comment=f"after {start}", retry=1000)
    async for event in follow(services, start, allowed):
        body = EventResource.of(event)
        yield ServerSentEvent(data=body, event=event.kind, id=str(event.id))


async def follow(
    services: Services, after: int, allowed: Callable[[], bool]
) -> AsyncGenerator[Event, None]:
    """Yield the events after an id, as long as the follower is allowed to see them."""
    while await run_sync(allowed):
        found = await run_sync(partial(services.events_after, after=after, limit=_CHUNK))
        for event in found:
            yield event
            after = event.id
        if len(found) < _CHUNK:
            await anyio.sleep(POLL_S)
