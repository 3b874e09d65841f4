"""The way of events: from what happens, through the routes, into the log and its journal."""

import math
from collections import deque
from collections.abc import Callable
from typing import Final

from simulators.iothub.core.event_log import (
    EventLog,
    EventSettings,
    Mark,
    RoutedEvent,
    StoredEvent,
)
from simulators.iothub.core.events import HubEvent
from simulators.iothub.core.faults import FaultKind
from simulators.iothub.core.identity import Identity, joined_name
from simulators.iothub.core.routing import Router
from simulators.iothub.protocol.topics import Telemetry
from simulators.iothub.server.doors import Doors
from simulators.iothub.server.errors import HubStartError
from simulators.iothub.server.journal import Journal

LATE_SECONDS: Final = 1.0
"""How long an event is held back that is to be stored behind the next one, if none comes."""


class EventFlow:
    """The built-in endpoint's events, and how they come there."""

    def __init__(
        self,
        settings: EventSettings,
        hub_name: str,
        journal: Journal,
        doors: Doors,
        clock: Callable[[], float],
    ) -> None:
        """Start with what the journal kept; faults of events wait at the `doors`.

        `clock` gives UTC seconds.

        Raises ValueError for a route that cannot be.
        """
        _check_partitions(settings.partitions, journal)
        self.log = EventLog(self._stored, settings)
        self._router = Router(hub_name, settings.routes)
        self._journal = journal
        self.doors = doors
        self._held: deque[tuple[float, RoutedEvent]] = deque()
        self.clock = clock
        self._hear: Callable[[StoredEvent], None] = lambda _: None
        self.log.restore(journal.marks(), journal.events())

    def on_stored(self, hear: Callable[[StoredEvent], None]) -> None:
        """Have `hear` told of each event that services may read."""
        self._hear = hear

    def message(self, identity: Identity, message: Telemetry) -> None:
        """Take a device's message in."""
        self._append(
            self._router.telemetry(identity, message.properties, message.body, self.clock())
        )

    def change(self, event: HubEvent) -> None:
        """Take in what happened, where a route wants it."""
        if self._router.has_routes:
            for routed in self._router.events(event, self.clock()):
                self._append(routed)

    def _append(self, event: RoutedEvent) -> None:
        if not self.doors.is_watched and not self._held:
            self.log.append(event)
            return
        name = joined_name(event.device_id, event.module_id)
        if self.doors.strikes(FaultKind.REORDER_EVENT, name):
            self._held.append((self.clock() + LATE_SECONDS, event))
            return
        self.log.append(event)
        if self.doors.strikes(FaultKind.DUPLICATE_EVENT, name):
            self.log.append(event)
        self._let_go(math.inf)

    def _let_go(self, now: float) -> None:
        """Store the events that were held back until now."""
        while self._held and self._held[0][0] <= now:
            self.log.append(self._held.popleft()[1])

    def sweep(self, now: float) -> None:
        """Forget what is too old, and store what was held back and nothing came after."""
        self._let_go(now)
        self.log.expire(now)

    def rest(self) -> None:
        """Store whatever is held back: the hub stops."""
        self._let_go(math.inf)

    def _stored(self, change: StoredEvent | Mark) -> None:
        self._journal.keep(change)
        if isinstance(change, StoredEvent):
            self._hear(change)


def _check_partitions(wanted: int, journal: Journal) -> None:
    """They are those the hub was made with; Azure cannot change them either."""
    if (found := journal.setting("partitions", lambda: str(wanted))) != str(wanted):
        raise HubStartError(f"This hub was made with {found} partitions and keeps them.")
