"""Messages from devices: how many are kept, and what is known of each."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeviceMessage:
    """A message as it arrived. A property without a value, `key` rather than `key=`, is None."""

    device_id: str
    properties: Mapping[str, str | None]
    body: bytes
    enqueued: float


class MessageRing:
    """The latest messages, in memory only: nobody can read them over the wire yet."""

    def __init__(self, capacity: int = 1000) -> None:
        """Keep at most so many."""
        self._messages: deque[DeviceMessage] = deque(maxlen=capacity)

    def append(self, message: DeviceMessage) -> None:
        """Keep a message; the oldest makes room."""
        self._messages.append(message)

    def latest(self) -> Iterable[DeviceMessage]:
        """Give what is kept, oldest first."""
        return tuple(self._messages)
