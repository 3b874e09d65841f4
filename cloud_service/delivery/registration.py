"""Giving the devices of a planogram an identity at the hub."""

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeAlias

from cloud_service.catalog.planogram import by_device, positions_of_store
from cloud_service.catalog.stores import find_store
from cloud_service.storage import Storage

REGISTERED_AT_ONCE = 4
"""azure-iot-hub gains little from more: most of a call is spent in Python."""

Panels: TypeAlias = list[tuple[str, str]]
"""A device's positions in walking order, each with its panel."""


class Registry(Protocol):
    """The part of a hub that knows devices by name."""

    def ensure_identity(self, device: str) -> str:
        """Return a device's connection string; register the device first if need be."""


def hung_panels(storage: Storage, store_id: str) -> dict[str, Panels]:
    """Return the devices of a store's planogram with their panels; raise NotFound."""
    with storage.read() as unit:
        hung = by_device(positions_of_store(unit, find_store(unit, store_id).id))
    return {device: [(place.position, place.panel) for place in theirs]
            for device, theirs in hung.items()}  # fmt: skip


def register(
    registry: Registry, devices: Collection[str], progress: Callable[[int, int], None]
) -> dict[str, str]:
    """Make sure that every device has an identity; return connection strings, which are secrets.

    A device that has one keeps its key. `progress` is told (done, of how many). Raises HubError;
    what was registered by then stays, and a second call goes on from there.
    """
    found: dict[str, str] = {}
    with ThreadPoolExecutor(REGISTERED_AT_ONCE) as pool:
        credentials = pool.map(registry.ensure_identity, devices)
        for device, credential in zip(devices, credentials, strict=True):
            found[device] = credential
            progress(len(found), len(devices))
    return found
