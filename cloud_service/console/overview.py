"""The overview and the list of stores: how many, how well, and what needs somebody."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from cloud_service.console import addresses
from cloud_service.console.following import follow
from cloud_service.console.live import Snapshot
from cloud_service.console.manner import Manner
from cloud_service.console.pages import Page
from cloud_service.console.room import Console, Room, Visiting, manner
from cloud_service.console.tiles import Words, tile_words
from cloud_service.services.views.changes import ChangeView
from cloud_service.services.views.shelves import TileView
from cloud_service.services.views.stores import StoreView

router = APIRouter()

_LATEST = 8
_ATTENTION = 8


@dataclass(frozen=True)
class Attention:
    """A tile of any store that needs somebody."""

    words: Words
    href: str
    store: str
    bay: int


@router.get("/")
def overview(visit: Visiting) -> Response:
    """Show the counts, the stores, what needs somebody and what was changed last."""
    console, stores = visit.console, visit.services.stores()
    facts: dict[str, Any] = {
        "stores": stores,
        "words": store_snapshot(stores),
        "attention": _attention(console, stores),
        "waiting": visit.services.desk.awaiting_approval(),
        "latest": _latest(console, stores),
    }
    return visit.draw(Page("overview.html", "overview", facts))


@router.get("/stores")
def list_stores(visit: Visiting) -> Response:
    """Show all stores."""
    stores = visit.services.stores()
    facts = {"stores": stores, "words": store_snapshot(stores)}
    return visit.draw(Page("stores.html", "stores", facts))


@router.get("/live", response_class=EventSourceResponse)
async def follow_stores(request: Request, console: Room) -> AsyncIterator[ServerSentEvent]:
    """Follow the counts of all stores."""
    async for event in follow(request, console, partial(_read, console)):
        yield event


def store_snapshot(stores: list[StoreView]) -> Snapshot:
    """Return the counts of each store and of all together."""
    return {
        "status": _together(stores),
        **{f"store:{store.id}": store_words(store) for store in stores},
    }


def store_words(store: StoreView) -> Words:
    """Return a store's counts."""
    names = ("shown", "pending", "failed", "connected", "devices", "tiles")
    return {name: str(getattr(store, name)) for name in names}


def _together(stores: list[StoreView]) -> Words:
    names = ("shown", "pending", "failed", "connected", "devices", "tiles")
    sums = {name: sum(getattr(store, name) for store in stores) for name in names}
    some = {f"{name}_some": "some" if sums[name] else "" for name in names}
    away = "some" if sums["connected"] < sums["devices"] else ""
    return {**{name: f"{count:,}" for name, count in sums.items()}, **some, "away": away}


def _read(console: Console) -> Snapshot:
    return store_snapshot(console.services.stores())


def _attention(console: Console, stores: list[StoreView]) -> list[Attention]:
    by_id = {store.id: store for store in stores}
    urgent = [
        tile
        for tile in console.services.status().attention
        if tile.state == "failed" or not tile.connected
    ]
    return [_urgent(tile, by_id[tile.store_id], console.now()) for tile in urgent[:_ATTENTION]]


def _urgent(tile: TileView, store: StoreView, now: int) -> Attention:
    words = tile_words(tile, manner(store), now)
    return Attention(
        words, addresses.bay_page(store.id, tile.bay, tile.position), store.name, tile.bay
    )


def _latest(console: Console, stores: list[StoreView]) -> list[dict[str, str]]:
    by_id = {store.id: store for store in stores}
    changes = console.services.changes(limit=_LATEST)
    return [_change_words(change, by_id.get(change.store_id or ""), console) for change in changes]


def _change_words(change: ChangeView, store: StoreView | None, console: Console) -> dict[str, str]:
    writes = manner(store) if store else Manner("EUR", "en", "UTC")
    return {
        "iso": writes.iso(change.at),
        "at": writes.instant(change.at, console.now()),
        "text": f"{_what(change)} by {change.actor}",
        "tiles": _count(change.tiles, "tile"),
        "name": store.name if store else "",
        "href": addresses.store_page(store.id) if store else "",
    }


def _what(change: ChangeView) -> str:
    if change.kind == "planogram":
        return "Planogram hung"
    if change.kind == "bundle":
        return "Template bundle changed"
    changed = _count(change.prices, "price")
    return f"{changed} {'imported' if change.kind == 'import' else 'set'}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
