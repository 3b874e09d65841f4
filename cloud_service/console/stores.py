"""A store's bays, and a bay as the pictures of its tiles."""

from collections.abc import AsyncIterator
from functools import partial
from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from cloud_service.console.following import follow
from cloud_service.console.live import Snapshot
from cloud_service.console.pages import Page
from cloud_service.console.room import Console, Room, Visiting, manner
from cloud_service.console.tiles import Words, bay_words, mood, tally, worst_first
from cloud_service.services.views.shelves import BayView, TileView
from cloud_service.services.views.stores import StoreView

router = APIRouter(prefix="/stores/{store}")

BAYS_A_PAGE = 24
PageNumber = Annotated[int, Query(alias="page", ge=1, le=10_000)]


@router.get("")
def show_store(visit: Visiting, store: str, number: PageNumber = 1) -> Response:
    """Show a store's bays, each as a sketch of its tiles."""
    found = visit.services.store(store=store)
    bays = _bays(visit.console, found, number)
    facts: dict[str, Any] = {
        "store": found,
        "bays": bays,
        "words": store_snapshot(bays),
        "number": number,
        "pages": -(-len(found.bays) // BAYS_A_PAGE),
    }
    return visit.draw(Page("store.html", "stores", facts))


@router.get("/live", response_class=EventSourceResponse)
async def follow_store(
    request: Request, console: Room, store: str, number: PageNumber = 1
) -> AsyncIterator[ServerSentEvent]:
    """Follow a store's bays."""
    async for event in follow(request, console, partial(_read_store, console, store, number)):
        yield event


@router.get("/bays/{number}")
def show_bay(
    visit: Visiting,
    store: str,
    number: int,
    tile: str | None = None,
) -> Response:
    """Show a bay's shelves, with one tile in the panel if it is named."""
    bay = visit.services.bay(store=store, number=number)
    words = bay_words(bay, manner(bay.store), visit.console.now())
    facts: dict[str, Any] = {
        "store": bay.store,
        "bay": bay,
        "words": words,
        "attention": _attention(bay),
        "chosen": tile if f"tile:{tile}" in words else None,
        **_neighbours(bay),
    }
    return visit.draw(Page("bay.html", "stores", facts))


@router.get("/bays/{number}/live", response_class=EventSourceResponse)
async def follow_bay(
    request: Request, console: Room, store: str, number: int
) -> AsyncIterator[ServerSentEvent]:
    """Follow a bay's tiles."""
    async for event in follow(request, console, partial(_read_bay, console, store, number)):
        yield event


def store_snapshot(bays: list[BayView]) -> Snapshot:
    """Return the moods of all tiles of some bays, and how many are in each."""
    tiles = [tile for bay in bays for tile in _tiles(bay)]
    return {
        "tally": tally(tiles),
        **{f"bay:{bay.number}": tally(_tiles(bay)) for bay in bays},
        **{f"tile:{tile.position}": {"mood": mood(tile)} for tile in tiles},
    }


def _bays(console: Console, store: StoreView, number: int) -> list[BayView]:
    first = (number - 1) * BAYS_A_PAGE
    numbers = store.bays[first : first + BAYS_A_PAGE]
    return [console.services.bay(store=store.id, number=one) for one in numbers]


def _read_store(console: Console, store: str, number: int) -> Snapshot:
    return store_snapshot(_bays(console, console.services.store(store=store), number))


def _read_bay(console: Console, store: str, number: int) -> dict[str, Words]:
    bay = console.services.bay(store=store, number=number)
    return bay_words(bay, manner(bay.store), console.now())


def _tiles(bay: BayView) -> list[TileView]:
    return list(chain.from_iterable(shelf.tiles for shelf in bay.shelves))


def _attention(bay: BayView) -> list[str]:
    """Return every tile's key, those that need somebody first: a live page shows and hides them."""
    first = [tile.position for tile in worst_first(_tiles(bay))]
    rest = [tile.position for tile in _tiles(bay) if tile.position not in set(first)]
    return [f"tile:{position}" for position in (*first, *rest)]


def _neighbours(bay: BayView) -> dict[str, int | None]:
    numbers = bay.store.bays
    at = numbers.index(bay.number)
    return {
        "before": numbers[at - 1] if at else None,
        "after": numbers[at + 1] if at + 1 < len(numbers) else None,
    }
