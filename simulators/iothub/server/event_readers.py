"""Who reads which partition, how far it is, and who must give way to whom.

Readers with an epoch (an owner level) read alone within their consumer group:
https://learn.microsoft.com/azure/event-hubs/event-hubs-event-processor-host#epoch
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from simulators.iothub.core.event_log import EventLog, StoredEvent
from simulators.iothub.protocol.amqp.link import OutgoingLink
from simulators.iothub.protocol.amqp.performatives import AmqpError
from simulators.iothub.protocol.event_messages import event_message

MOST_READERS: Final = 5
"""Readers without an epoch, of a partition in one consumer group."""
BATCH: Final = 200
"""Events that a reader is sent before others have their turn."""
STOLEN: Final = "amqp:link:stolen"


class LinkRefusedError(Exception):
    """A link that cannot be had, and why."""

    def __init__(self, condition: str, description: str) -> None:
        """Keep what the peer is told."""
        super().__init__(description)
        self.error = AmqpError(condition=condition, description=description)


@dataclass(eq=False, slots=True)
class Reader:
    """A link that reads a partition; `flush` sends what was written to it."""

    link: OutgoingLink
    group: str
    partition: int
    next: int
    epoch: int | None
    wants_newest: bool
    flush: Callable[[], None]
    is_blocked: Callable[[], bool]


class EventReaders:
    """All readers of a hub."""

    def __init__(self, log: EventLog, clock: Callable[[], float]) -> None:
        """Serve out of this log."""
        self._log = log
        self._clock = clock
        self._readers: tuple[list[Reader], ...] = tuple([] for _ in log.partitions)
        self._fresh: set[int] = set()

    def admit(self, reader: Reader) -> None:
        """Let a reader in, in the place of those with lower epochs; raises LinkRefusedError."""
        beside = [each for each in self._readers[reader.partition] if each.group == reader.group]
        self._check(reader, beside)
        if reader.epoch is not None:
            for each in beside:
                self._steal(each, reader.epoch)
        self._readers[reader.partition].append(reader)

    def _check(self, reader: Reader, beside: list[Reader]) -> None:
        highest = max((each.epoch for each in beside if each.epoch is not None), default=None)
        if reader.epoch is None and highest is not None:
            raise LinkRefusedError(
                STOLEN,
                f"At least one receiver for the endpoint is created with epoch of '{highest}', and "
                "so non-epoch receiver is not allowed. Either reconnect with a higher epoch, or "
                "make sure all epoch receivers are closed or disconnected.",
            )
        if reader.epoch is not None and highest is not None and reader.epoch < highest:
            raise LinkRefusedError(
                STOLEN,
                f"A receiver with a higher epoch of '{highest}' already exists. A receiver with "
                f"epoch {reader.epoch} cannot be created.",
            )
        if reader.epoch is None and len(beside) >= MOST_READERS:
            raise LinkRefusedError(
                "amqp:resource-limit-exceeded",
                "Exceeded the maximum number of allowed receivers per partition in a consumer "
                f"group which is {MOST_READERS}.",
            )

    def _steal(self, reader: Reader, epoch: int) -> None:
        own = "nil" if reader.epoch is None else reader.epoch
        description = (
            f"New receiver with higher epoch of '{epoch}' is created hence current receiver with "
            f"epoch '{own}' is getting disconnected."
        )
        self._readers[reader.partition].remove(reader)
        reader.link.detach(AmqpError(condition=STOLEN, description=description))
        reader.flush()

    def drop(self, reader: Reader) -> None:
        """Forget a reader; one that was stolen is forgotten already."""
        if reader in self._readers[reader.partition]:
            self._readers[reader.partition].remove(reader)

    def arrived(self, stored: StoredEvent) -> None:
        """An event is there: whoever waits gets it, with all others of this turn of the loop."""
        if not self._readers[stored.partition]:
            return
        if not self._fresh:
            asyncio.get_running_loop().call_soon(self._serve_fresh)
        self._fresh.add(stored.partition)

    def _serve_fresh(self) -> None:
        fresh, self._fresh = self._fresh, set()
        for partition in fresh:
            for reader in tuple(self._readers[partition]):
                self.serve(reader)

    def serve(self, reader: Reader) -> None:
        """Send a reader what it waits for, as far as its credit goes and its connection takes."""
        partition = self._log.partitions[reader.partition]
        reader.next = max(reader.next, partition.first)  # what expired meanwhile is gone
        for _ in range(BATCH):
            stored = partition.get(reader.next)
            if stored is None or reader.is_blocked() or not self._send(reader, stored):
                break
            reader.next += 1
        else:
            asyncio.get_running_loop().call_soon(self.serve, reader)
        reader.flush()

    def _send(self, reader: Reader, stored: StoredEvent) -> bool:
        if not reader.link.can_send():
            return False
        newest = self._log.partitions[reader.partition].last if reader.wants_newest else None
        payload = event_message(stored, newest, self._clock())
        if not reader.link.can_send(len(payload)):
            return False
        reader.link.send(payload, settled=not reader.link.confirms)
        return True
