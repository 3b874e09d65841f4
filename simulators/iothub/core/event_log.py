"""The built-in endpoint's events: partitions with sequence numbers and offsets, and how long kept.

https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-messages-read-builtin
"""

import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

Source: TypeAlias = Literal[
    "Telemetry", "twinChangeEvents", "deviceLifecycleEvents", "deviceConnectionStateEvents"
]

PARTITIONS: Final = 4
DEFAULT_GROUP: Final = "$Default"
RETENTION_SECONDS: Final = 24 * 3600.0
MOST_BYTES: Final = 128 * 1024 * 1024
"""What all partitions hold together, in memory and on disk; Azure has no such bound."""

_HEAD_BYTES: Final = 200
"""What an event's annotations take, about: offsets count bytes, and so does the bound."""


@dataclass(frozen=True, slots=True)
class EventSettings:
    """The built-in endpoint of a hub; the number of partitions is for a hub's whole life."""

    partitions: int = PARTITIONS
    routes: tuple[str, ...] = ()
    """Sources besides messages of devices."""
    consumer_groups: tuple[str, ...] = (DEFAULT_GROUP,)
    retention_seconds: float = RETENTION_SECONDS
    most_bytes: int = MOST_BYTES


USUAL: Final = EventSettings()


@dataclass(frozen=True, slots=True)
class RoutedEvent:
    """A message of a device, or something that happened to one, as readers get it.

    `system` holds AMQP's own properties by their names, such as content-type; a property without
    a value is None.
    """

    source: Source
    device_id: str
    enqueued: float
    body: bytes
    system: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str | None] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    module_id: str | None = None

    @property
    def size(self) -> int:
        """Count the bytes it takes, about."""
        texts = sum(len(key) + len(value or "") for key, value in self.properties.items())
        return _HEAD_BYTES + len(self.body) + texts


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event in its place."""

    partition: int
    sequence: int
    offset: int
    event: RoutedEvent


@dataclass(frozen=True, slots=True)
class Mark:
    """The last event that a partition no longer holds; a partition goes on from there."""

    partition: int
    sequence: int
    next_offset: int


@dataclass(frozen=True, slots=True)
class Position:
    """Where a reader wants to begin: behind a value, or at it when `inclusive`.

    Instants are in milliseconds since 1970, UTC: finer ones are not told to readers.
    """

    unit: Literal["offset", "sequence", "enqueued"]
    value: float
    inclusive: bool = False


LATEST: Final = Position("offset", float("inf"))
EARLIEST: Final = Position("offset", -1)

_VALUES: Final[Mapping[str, Callable[[StoredEvent], float]]] = {
    "offset": lambda stored: stored.offset,
    "sequence": lambda stored: stored.sequence,
    "enqueued": lambda stored: round(stored.event.enqueued * 1000),
}


class Partition:
    """Events in the order of their coming; sequence numbers have no gaps."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.first = self.next = 0
        self.next_offset = 0
        self.size = 0
        self._events: dict[int, StoredEvent] = {}

    @property
    def last(self) -> StoredEvent | None:
        """The newest event, if it is still here."""
        return self._events.get(self.next - 1)

    def get(self, sequence: int) -> StoredEvent | None:
        """Give an event, if it is here."""
        return self._events.get(sequence)

    def events(self) -> Iterator[StoredEvent]:
        """Walk what is here, oldest first."""
        for sequence in range(self.first, self.next):
            yield self._events[sequence]

    def start(self, position: Position) -> int:
        """Find the sequence number that a reader begins with."""
        find = bisect_left if position.inclusive else bisect_right
        value = _VALUES[position.unit]
        numbers = range(self.first, self.next)
        return self.first + find(
            numbers, position.value, key=lambda number: value(self._events[number])
        )

    def put(self, stored: StoredEvent) -> None:
        """Take an event in."""
        if not self._events:
            self.first = stored.sequence
        self._events[stored.sequence] = stored
        self.next = stored.sequence + 1
        self.next_offset = stored.offset + stored.event.size
        self.size += stored.event.size

    def skip(self, mark: Mark) -> None:
        """Go on behind what an earlier run gave up."""
        self.first = self.next = mark.sequence + 1
        self.next_offset = mark.next_offset

    def expire(self, before: float, most_bytes: int) -> StoredEvent | None:
        """Give up what is older or more than allowed; gives the last that went."""
        gone = None
        while (oldest := self._events.get(self.first)) is not None:
            if oldest.event.enqueued >= before and self.size <= most_bytes:
                break
            gone = self._events.pop(self.first)
            self.first += 1
            self.size -= gone.event.size
        return gone


class EventLog:
    """All partitions. `tell` hears of each event that is stored, and of marks."""

    def __init__(
        self,
        tell: Callable[[StoredEvent | Mark], None],
        settings: EventSettings = USUAL,
    ) -> None:
        """Start empty; `restore` puts back what an earlier run kept."""
        self.partitions = tuple(Partition() for _ in range(settings.partitions))
        self._tell = tell
        self._retention = settings.retention_seconds
        self._most_bytes = settings.most_bytes

    def partition_of(self, device_id: str) -> int:
        """Events of a device are in one partition, so they stay in order."""
        return zlib.crc32(device_id.encode()) % len(self.partitions)

    def events(self) -> Iterator[StoredEvent]:
        """Walk all that is kept, partition by partition."""
        for partition in self.partitions:
            yield from partition.events()

    def append(self, event: RoutedEvent) -> StoredEvent:
        """Store an event at the end of its device's partition."""
        number = self.partition_of(event.device_id)
        partition = self.partitions[number]
        stored = StoredEvent(number, partition.next, partition.next_offset, event)
        partition.put(stored)
        self._tell(stored)
        return stored

    def restore(self, marks: Iterator[Mark], events: Iterator[StoredEvent]) -> None:
        """Put back what an earlier run kept, events in their order; nobody is told."""
        for mark in marks:
            self.partitions[mark.partition].skip(mark)
        for stored in events:
            self.partitions[stored.partition].put(stored)

    def expire(self, now: float) -> None:
        """Give up what is older than the retention, and the oldest of what is too much."""
        share = self._most_bytes // len(self.partitions)
        for number, partition in enumerate(self.partitions):
            if gone := partition.expire(now - self._retention, share):
                next_offset = gone.offset + gone.event.size
                self._tell(Mark(number, gone.sequence, next_offset))
