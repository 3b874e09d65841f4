"""What happens on a device's MQTT connection, told to whoever owns it."""

from dataclasses import dataclass
from typing import TypeAlias

from simulators.iothub.protocol.registrations import (
    Registrant,
    RegistrationAsked,
    StatusAsked,
)
from simulators.iothub.protocol.topics import Request, UserName

Filters: TypeAlias = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A device of the hub, or one that wants to be provisioned, wants in.

    The owner answers with `accept` or `refuse`.
    """

    user: UserName | Registrant
    password: str | None
    clean: bool


@dataclass(frozen=True, slots=True)
class Listening:
    """The device changed what it listens to; these are all its filters now."""

    filters: Filters


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The device has a message from the cloud."""

    number: int


@dataclass(frozen=True, slots=True)
class Farewell:
    """The device said goodbye, so its will is void."""


@dataclass(frozen=True, slots=True)
class Violation:
    """The peer broke the protocol, or IoT Hub's rules for it; it must be cut off."""

    reason: str


Asked: TypeAlias = RegistrationAsked | StatusAsked

SessionEvent: TypeAlias = Arrival | Listening | Confirmed | Farewell | Violation | Request | Asked
