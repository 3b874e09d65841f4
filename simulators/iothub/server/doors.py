"""What every operation passes before it is served: the faults that wait for it, and the throttles.

Both are rare, so whoever serves asks `is_watched` first.
"""

from collections.abc import Callable
from typing import Final

from simulators.iothub.core.allowance import Allowance
from simulators.iothub.core.errors import ThrottledError
from simulators.iothub.core.faults import FaultKind, Faults
from simulators.iothub.core.tiers import Operation

SERVICE: Final = ""
"""Who asks, where it is no device: only faults for everybody strike a service."""


class Doors:
    """Lets operations through: at once, later, or not at all."""

    def __init__(
        self, allowance: Allowance | None, faults: Faults, clock: Callable[[], float]
    ) -> None:
        """Without an allowance there are no limits; `clock` gives UTC seconds."""
        self.allowance = allowance
        self.faults = faults
        self._clock = clock

    @property
    def is_watched(self) -> bool:
        """Tell whether anything but serving at once can happen."""
        return self.allowance is not None or bool(self.faults)

    def take(self, operation: Operation, device: str, *sizes: int) -> float:
        """Take operations, each of so many bytes; gives the seconds they have to wait together.

        Without a size it is one of no bytes. Raises ThrottledError, QuotaExceededError or
        OperationNotInTierError.
        """
        if self.strikes(FaultKind.THROTTLE, device, operation):
            raise ThrottledError(f"Too many {operation}: a fault on demand.")
        late = self.faults.strike(FaultKind.DELAY, device, self._clock(), operation)
        wait = late.seconds if late else 0.0
        if self.allowance is not None:
            wait += self.allowance.take(operation, sizes or (0,), self._clock())
        return wait

    def charge(self, size: int) -> None:
        """Count bytes that nothing throttles, such as a direct method's answer."""
        if self.allowance is not None:
            self.allowance.meter.charge((size,), self._clock())

    def strikes(self, kind: FaultKind, device: str, operation: Operation | None = None) -> bool:
        """Tell whether a fault strikes here, and count that it did."""
        return self.faults.strike(kind, device, self._clock(), operation) is not None
