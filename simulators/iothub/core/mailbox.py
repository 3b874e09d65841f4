"""Messages from the cloud that wait for a device: limits, expiry, deliveries, what became of them.

https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-messages-c2d
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from simulators.iothub.core.errors import (
    BadRequestError,
    MessageTooLargeError,
    QueueDepthExceededError,
)

if TYPE_CHECKING:
    from simulators.iothub.core.hub import Device

Ack: TypeAlias = Literal["none", "positive", "negative", "full"]
Outcome: TypeAlias = Literal["Success", "Expired", "DeliveryCountExceeded", "Purged"]

LARGEST: Final = 64 * 1024
MOST_PENDING: Final = 50
LIFE_SECONDS: Final = 3600.0
"""How long a message waits that names no expiry: Azure's default."""
MOST_DELIVERIES: Final = 10


@dataclass(frozen=True, slots=True)
class CloudMessage:
    """A message in a mailbox. Properties as devices read them: `$.mid` and so on, then others."""

    number: int
    properties: Mapping[str, str | None]
    body: bytes
    enqueued: float
    expires: float
    deliveries: int = 0

    @property
    def ack(self) -> str:
        """What the sender wants to hear of it."""
        return self.properties.get("iothub-ack") or "none"


@dataclass(frozen=True, slots=True)
class MessageQueued:
    """A message waits for a device."""

    device_id: str
    message: CloudMessage


@dataclass(frozen=True, slots=True)
class MessageSent:
    """A message went out to its device once more; it waits until the device has it."""

    device_id: str
    message: CloudMessage


@dataclass(frozen=True, slots=True)
class MessageSettled:
    """A message waits no longer."""

    device_id: str
    message: CloudMessage
    outcome: Outcome
    at: float


MailEvent: TypeAlias = MessageQueued | MessageSent | MessageSettled


class Mail:
    """The mailboxes of all devices; `tell` hears of every change."""

    def __init__(self, find: "Callable[[str], Device]", tell: Callable[[MailEvent], None]) -> None:
        """Look devices up by `find`, which raises DeviceNotFoundError."""
        self._find = find
        self._tell = tell
        self._number = 0
        self._addressees: set[str] = set()

    def restore(self, device: "Device") -> None:
        """Take note of what an earlier run kept."""
        if device.mailbox:
            self._addressees.add(device.identity.name)
            self._number = max(self._number, device.mailbox[-1].number)

    def send(
        self, device_id: str, properties: Mapping[str, str | None], body: bytes,
        expires: float | None, now: float,
    ) -> None:  # fmt: skip
        """Put a message into a device's mailbox; raises HubError for one that it does not take."""
        device = self._find(device_id)
        self.expire(device_id, now)
        self._check(device, properties, body)
        self._number += 1
        until = now + LIFE_SECONDS if expires is None else expires
        message = CloudMessage(self._number, properties, body, now, until)
        device.mailbox = (*device.mailbox, message)
        self._addressees.add(device_id)
        self._tell(MessageQueued(device_id, message))

    def _check(self, device: "Device", properties: Mapping[str, str | None], body: bytes) -> None:
        size = len(body) + sum(len(key) + len(value or "") for key, value in properties.items())
        if size > LARGEST:
            raise MessageTooLargeError(f"The message takes {size} bytes, more than {LARGEST}.")
        if (ack := properties.get("iothub-ack")) not in (None, *get_args(Ack)):
            raise BadRequestError(
                f"iothub-ack is {ack!r:.40}; known are {', '.join(get_args(Ack))}."
            )
        if len(device.mailbox) >= MOST_PENDING:
            raise QueueDepthExceededError(
                f"{MOST_PENDING} messages wait for device {device.identity.name} already."
            )

    def waiting(self, device_id: str, now: float) -> tuple[CloudMessage, ...]:
        """Give what waits for a device, oldest first."""
        self.expire(device_id, now)
        return self._find(device_id).mailbox

    def sent(self, device_id: str, number: int, now: float) -> CloudMessage | None:
        """Count a delivery; gives the message, or None if it was delivered too often."""
        device = self._find(device_id)
        old = next(each for each in device.mailbox if each.number == number)
        if old.deliveries >= MOST_DELIVERIES:
            self._settle(device, old, "DeliveryCountExceeded", now)
            return None
        message = replace(old, deliveries=old.deliveries + 1)
        device.mailbox = tuple(
            message if each.number == number else each for each in device.mailbox
        )
        self._tell(MessageSent(device_id, message))
        return message

    def complete(self, device_id: str, number: int, now: float) -> None:
        """A device has a message; one that expired meanwhile is no matter."""
        device = self._find(device_id)
        for message in device.mailbox:
            if message.number == number:
                self._settle(device, message, "Success", now)

    def purge(self, device_id: str, now: float) -> int:
        """Empty a mailbox; gives how many messages it held."""
        device = self._find(device_id)
        gone = device.mailbox
        for message in gone:
            self._settle(device, message, "Purged", now)
        return len(gone)

    def expire(self, device_id: str, now: float) -> None:
        """Take out of a mailbox what waited too long."""
        device = self._find(device_id)
        for message in device.mailbox:
            if message.expires <= now:
                self._settle(device, message, "Expired", now)

    def expire_all(self, now: float) -> None:
        """Take what waited too long out of every mailbox."""
        for device_id in tuple(self._addressees):
            self.expire(device_id, now)

    def forget(self, device_id: str) -> None:
        """A device is gone, and its mailbox with it."""
        self._addressees.discard(device_id)

    def _settle(
        self, device: "Device", message: CloudMessage, outcome: Outcome, now: float
    ) -> None:
        name = device.identity.name
        device.mailbox = tuple(each for each in device.mailbox if each is not message)
        if not device.mailbox:
            self._addressees.discard(name)
        self._tell(MessageSettled(name, message, outcome, now))
