"""What happens in the hub, told to whoever keeps it, delivers it or routes it on.

Each event is told once, after the hub's state has taken it in, in the order of happening.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from simulators.iothub.core.document import JsonObject
from simulators.iothub.core.identity import Identity
from simulators.iothub.core.mailbox import MailEvent
from simulators.iothub.core.twin import Twin


@dataclass(frozen=True, slots=True)
class DeviceCreated:
    """A device was registered, with its first twin."""

    identity: Identity
    twin: Twin


@dataclass(frozen=True, slots=True)
class DeviceUpdated:
    """A device's identity changed: its keys, its state."""

    identity: Identity


@dataclass(frozen=True, slots=True)
class DeviceDeleted:
    """A device was taken out of the registry, and its twin with it."""

    device_id: str
    identity: Identity
    twin: Twin


@dataclass(frozen=True, slots=True)
class TwinChanged:
    """Sections of a twin changed.

    `desired` is the merge patch that brings a device up to date, `tags` and `reported` the patches
    that were sent; None where a section was left alone.
    """

    device_id: str
    before: Twin
    twin: Twin
    operation: Literal["updateTwin", "replaceTwin"]
    desired: JsonObject | None = None
    tags: JsonObject | None = None
    reported: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class SubscriptionsChanged:
    """What a device listens to; outlives its connection when the session is persistent."""

    device_id: str
    filters: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ConnectionChanged:
    """A device came or went."""

    device_id: str
    connected: bool
    at: float


@dataclass(frozen=True, slots=True)
class AccessWithdrawn:
    """A device may not stay connected: it was deleted, disabled, or its keys were replaced."""

    device_id: str
    reason: str


HubEvent: TypeAlias = (
    DeviceCreated
    | DeviceUpdated
    | DeviceDeleted
    | TwinChanged
    | SubscriptionsChanged
    | ConnectionChanged
    | AccessWithdrawn
    | MailEvent
)
