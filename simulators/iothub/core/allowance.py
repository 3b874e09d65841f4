"""Throttles and the day's meter of one hub: first a burst, then a queue, then refusal.

That there is a burst and a queue is documented ("traffic shaping"), how large they are is not: a
minute's worth and ten seconds' worth here.
https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-quotas-throttling#throttling
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from simulators.iothub.core.document import JsonObject
from simulators.iothub.core.errors import (
    OperationNotInTierError,
    QuotaExceededError,
    ThrottledError,
)
from simulators.iothub.core.tiers import (
    METERED,
    METHOD_CHUNK,
    STANDARD_ONLY,
    Operation,
    Plan,
)

BURST_SECONDS: Final = 60.0
QUEUE_SECONDS: Final = 10.0
DAY_SECONDS: Final = 86_400


@dataclass(slots=True)
class Bucket:
    """Tokens that come in at a rate; as many as `queue` may be owed.

    `level` is what there is now, negative while some wait; `at` the instant it was counted.
    """

    rate: float
    burst: float
    queue: float
    level: float
    at: float

    @classmethod
    def full(cls, rate: float, now: float) -> "Bucket":
        """Begin with a whole burst; a single operation always passes through an idle one."""
        burst = max(1.0, rate * BURST_SECONDS)
        return cls(rate, burst, rate * QUEUE_SECONDS, burst, now)

    def take(self, cost: float, now: float) -> float | None:
        """Give the seconds to wait, or None where the queue is full; then nothing is taken."""
        if now > self.at:
            self.level = min(self.burst, self.level + (now - self.at) * self.rate)
            self.at = now
        left = self.level - cost
        if left < -self.queue:
            return None
        self.level = left
        return -left / self.rate if left < 0 else 0.0


@dataclass(frozen=True, slots=True)
class MeterReading:
    """How many messages a day had so far; `day` counts from 1970, in UTC."""

    day: int
    messages: int


class Meter:
    """Counts the messages of a day, each of so many bytes at most."""

    def __init__(self, chunk: int, quota: int, reading: MeterReading) -> None:
        """Go on from what an earlier run read."""
        self.quota = quota
        self._chunk = chunk
        self._day, self._messages = reading.day, reading.messages

    def reading(self, now: float) -> MeterReading:
        """Read it; a new day begins with none."""
        if (day := int(now // DAY_SECONDS)) != self._day:
            self._day, self._messages = day, 0
        return MeterReading(self._day, self._messages)

    def charged(self, sizes: Sequence[int]) -> int:
        """Tell how many messages operations of so many bytes count as: each one at least."""
        return sum(max(1, -(-size // self._chunk)) for size in sizes)

    def check(self, sizes: Sequence[int], now: float) -> None:
        """Raise QuotaExceededError where the day has no room for operations of so many bytes."""
        if self.reading(now).messages + self.charged(sizes) > self.quota:
            raise QuotaExceededError(
                f"Total number of messages on IotHub exceeded the allocated quota. Max allowed "
                f"message count: {self.quota}."
            )

    def charge(self, sizes: Sequence[int], now: float) -> None:
        """Count what passed."""
        self.reading(now)
        self._messages += self.charged(sizes)


class Allowance:
    """What a plan allows, and what of it is used."""

    def __init__(self, plan: Plan, now: float, reading: MeterReading | None = None) -> None:
        """Begin rested, with the meter where an earlier run left it."""
        self.plan = plan
        self.meter = Meter(plan.tier.chunk, plan.daily_messages, reading or MeterReading(0, 0))
        self._buckets = {name: Bucket.full(rate, now) for name, rate in plan.rates.items()}
        self._refused = dict.fromkeys(Operation, 0)

    def take(self, operation: Operation, sizes: Sequence[int], now: float) -> float:
        """Take operations, each of so many bytes; gives the seconds they have to wait together.

        Raises ThrottledError, QuotaExceededError or OperationNotInTierError; then nothing counts.
        """
        if self.plan.tier.is_basic and operation in STANDARD_ONLY:
            raise OperationNotInTierError(f"Tier {self.plan.tier.name} has no {operation}.")
        metered = operation in METERED
        if metered:
            self.meter.check(sizes, now)
        cost = float(len(sizes))
        if operation is Operation.METHOD:
            cost = float(sum(max(1, -(-size // METHOD_CHUNK)) for size in sizes) * METHOD_CHUNK)
        wait = self._buckets[operation].take(cost, now)
        if wait is None:
            self._refused[operation] += len(sizes)
            raise ThrottledError(f"Too many {operation}: the hub's throttle refused this one.")
        if metered:
            self.meter.charge(sizes, now)
        return wait

    def view(self, now: float) -> JsonObject:
        """Show the plan, the day's meter and what was refused since the hub started."""
        reading = self.meter.reading(now)
        day = datetime.fromtimestamp(reading.day * DAY_SECONDS, UTC).date().isoformat()
        return {
            "tier": self.plan.tier.name,
            "units": self.plan.units,
            "day": day,
            "messages": reading.messages,
            "dailyQuota": self.meter.quota,
            "perSecond": {str(name): rate for name, rate in self.plan.rates.items()},
            "refused": {str(name): count for name, count in self._refused.items() if count},
        }
