"""What the hub knows of the device, and when it is told more."""

from label_templates.contract import wire
from label_templates.contract.wire import Document
from shelf_agent.machine.backoff import pause_s
from shelf_agent.machine.effects import Report
from shelf_agent.machine.values import Now

HOLD_S = 1.0
"""How long a report waits for panels to settle before it says `scheduled`."""

Refusal = tuple[str, int]
"""Why the desired twin is refused, and the revision it claims to be."""


class Reporting:
    """What the hub knows of the device, and when it is told more."""

    def __init__(self) -> None:
        self._hub: Document | None = None
        self._under_way: Document | None = None
        self._number = 0
        self._failures = 0
        self._again_at = 0.0
        self._changed_at = 0.0
        self._announced = False
        self._said_refused: Refusal | None = None

    def hub_has(self, reported: Document) -> None:
        """Start from what the hub has, unless it is just being told."""
        if self._under_way is None:
            self._hub = reported

    def forget(self) -> None:
        self._hub = self._under_way = None

    def changed(self, now: Now) -> None:
        """Something new must hang somewhere: it may be announced once before it hangs."""
        if self._announced or self._changed_at == 0.0:
            self._changed_at = now.steady
        self._announced = False

    def ripe(self, now: Now, refused: Refusal | None, *, settled: bool) -> bool:
        if self._hub is None or self._under_way is not None or now.steady < self._again_at:
            return False
        held_long = not self._announced and now.steady >= self._changed_at + HOLD_S
        return settled or held_long or refused != self._said_refused

    def send(self, words: Document, refused: Refusal | None) -> list[Report]:
        patch = wire.difference(self._hub or {}, words)
        self._announced = True
        self._said_refused = refused
        if not patch:
            return []
        self._number += 1
        self._under_way = patch
        return [Report(self._number, patch)]

    def taken(self, number: int) -> None:
        if self._under_way is not None and number == self._number:
            self._hub = wire.merged(self._hub or {}, self._under_way)
            self._under_way = None
            self._failures = 0

    def failed(self, number: int, now: Now) -> None:
        if self._under_way is not None and number == self._number:
            self._under_way = None
            self._failures += 1
            self._again_at = now.steady + pause_s(self._failures, str(number))
            self._announced = False

    def next_turn(self, now: Now) -> float | None:
        if self._hub is None or self._under_way is not None:
            return None
        if now.steady < self._again_at:
            return self._again_at - now.steady
        return None if self._announced else max(self._changed_at + HOLD_S - now.steady, 0.0)
