"""The way of events: from what happens, through the routes, into the log and its journal."""

from collections.abc import Callable

from simulators.iothub.core.event_log import EventLog, EventSettings, Mark, StoredEvent
from simulators.iothub.core.events import HubEvent
from simulators.iothub.core.identity import Identity
from simulators.iothub.core.routing import Router
from simulators.iothub.protocol.topics import Telemetry
from simulators.iothub.server.errors import HubStartError
from simulators.iothub.server.journal import Journal


class EventFlow:
    """The built-in endpoint's events, and how they come there."""

    def __init__(
        self,
        settings: EventSettings,
        hub_name: str,
        journal: Journal,
        clock: Callable[[], float],
    ) -> None:
        """Start with what the journal kept; `clock` gives UTC seconds.

        Raises ValueError for a route that cannot be.
        """
        _check_partitions(settings.partitions, journal)
        self.log = EventLog(self._stored, settings)
        self._router = Router(hub_name, settings.routes)
        self._journal = journal
        self.clock = clock
        self._hear: Callable[[StoredEvent], None] = lambda _: None
        self.log.restore(journal.marks(), journal.events())

    def on_stored(self, hear: Callable[[StoredEvent], None]) -> None:
        """Have `hear` told of each event that services may read."""
        self._hear = hear

    def message(self, identity: Identity, message: Telemetry) -> None:
        """Take a device's message in."""
        self.log.append(
            self._router.telemetry(identity, message.properties, message.body, self.clock())
        )

    def change(self, event: HubEvent) -> None:
        """Take in what happened, where a route wants it."""
        if self._router.has_routes:
            for routed in self._router.events(event, self.clock()):
                self.log.append(routed)

    def _stored(self, change: StoredEvent | Mark) -> None:
        self._journal.keep(change)
        if isinstance(change, StoredEvent):
            self._hear(change)


def _check_partitions(wanted: int, journal: Journal) -> None:
    """They are those the hub was made with; Azure cannot change them either."""
    if (found := journal.setting("partitions", lambda: str(wanted))) != str(wanted):
        raise HubStartError(f"This hub was made with {found} partitions and keeps them.")
