"""What happened."""

from cloud_service.services.use_cases.ground import Ground
from cloud_service.storage.events import Event, events_after, last_event_id


class Events(Ground):
    """What happened."""

    def events_after(self, *, after: int, limit: int = 500) -> list[Event]:
        """Return what happened after the event with an id, oldest first."""
        with self.storage.read() as unit:
            return events_after(unit, after, limit)

    def last_event_id(self) -> int:
        """Return the id of the newest event, 0 before the first."""
        with self.storage.read() as unit:
            return last_event_id(unit)
