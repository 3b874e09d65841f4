"""Devices: which are connected, which are stale, and which refuse what they were sent."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from cloud_service.console.following import follow
from cloud_service.console.live import Snapshot
from cloud_service.console.manner import ago
from cloud_service.console.pages import Page
from cloud_service.console.room import Console, Room, Visiting
from cloud_service.console.tiles import Words, sentence
from cloud_service.services.views.shelves import DeviceView
from label_templates.bundles.manifest import short

router = APIRouter(prefix="/devices")

StoreQuery = Annotated[str | None, Query(alias="store")]


@router.get("")
def list_devices(visit: Visiting, store: StoreQuery = None) -> Response:
    """Show the devices of a store, or of all."""
    devices = visit.services.devices(store=store)
    facts: dict[str, Any] = {
        "store": visit.services.store(store=store) if store else None,
        "devices": worst_first(devices),
        "words": device_snapshot(devices, visit.console.now()),
    }
    return visit.draw(Page("devices.html", "devices", facts))


@router.get("/live", response_class=EventSourceResponse)
async def follow_devices(
    request: Request, console: Room, store: StoreQuery = None
) -> AsyncIterator[ServerSentEvent]:
    """Follow the devices of a store, or of all."""
    async for event in follow(request, console, partial(_read, console, store)):
        yield event


def device_snapshot(devices: list[DeviceView], now: int) -> Snapshot:
    """Return each device in words, and how many are connected."""
    connected = sum(device.connected for device in devices)
    return {
        "devices": {"all": str(len(devices)), "connected": str(connected)},
        **{f"device:{device.id}": device_words(device, now) for device in devices},
    }


def device_words(device: DeviceView, now: int) -> Words:
    """Return a device's state in words; the worst that holds."""
    mood, word, why = _state(device)

    return {
        "mood": mood,
        "icon": mood,
        "word": word,
        "why": why,
        "heard": "now" if device.connected else ago(device.seen_at, now),
    }


def worst_first(devices: list[DeviceView]) -> list[DeviceView]:
    """Return the devices, those that need somebody first, then by name."""
    order = ("refused", "offline", "stale", "connected")
    return sorted(devices, key=lambda device: (order.index(_state(device)[0]), device.id))


def _state(device: DeviceView) -> tuple[str, str, str]:
    if device.refused:
        return (
            "refused",
            "Refuses what it was sent",
            f"{sentence(device.refused)} It shows what it had.",
        )
    if not device.connected:
        return "offline", "Not connected", "Its tiles show what they last showed."
    if device.stale:
        return "stale", "Stale", "Its lease has run out: it has not been told for long."
    if device.lacks:
        return (
            "stale",
            "Lacks its templates",
            f"It cannot get the template bundle {short(device.lacks)}; prices go on with another.",
        )
    return "connected", "Connected", ""


def _read(console: Console, store: str | None) -> Snapshot:
    return device_snapshot(console.services.devices(store=store), console.now())
