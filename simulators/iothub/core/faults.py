"""Faults on demand: what goes wrong, for whom, how often or how long."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from typing import Final, Self, TypeVar

from simulators.iothub.core.document import JsonObject, JsonValue
from simulators.iothub.core.errors import BadRequestError, ResourceNotFoundError
from simulators.iothub.core.tiers import Operation

EVERYBODY: Final = "*"
LONGEST_DELAY: Final = 3600.0


class FaultKind(StrEnum):
    """What goes wrong."""

    REFUSE = "refuse"
    """A device's connection is refused: CONNACK 3, server unavailable."""
    THROTTLE = "throttle"
    """Operations are refused with 429, or where MQTT has no answer for that, the device is cut."""
    DELAY = "delay"
    """Operations wait so many seconds."""
    LOSE_PATCH = "lose-patch"
    """A desired patch does not reach its connected device, which stays connected."""
    DUPLICATE_EVENT = "duplicate-event"
    """An event is stored twice, with two sequence numbers."""
    REORDER_EVENT = "reorder-event"
    """An event is stored behind the next one, or a second late."""


Word = TypeVar("Word", bound=StrEnum)

_OF_OPERATIONS: Final = (FaultKind.THROTTLE, FaultKind.DELAY)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that lies in wait.

    `device` is a device's or module's name, or `*`. `operation` is for throttles and delays; None
    means any. It strikes `times` times, or without end, until the instant `until`.
    """

    kind: FaultKind
    device: str = EVERYBODY
    operation: Operation | None = None
    seconds: float = 0.0
    times: int | None = None
    until: float | None = None
    number: int = 0

    @classmethod
    def from_body(cls, body: JsonObject, now: float) -> Self:
        """Read a fault as REST takes it; raises BadRequestError naming the field."""
        if unknown := set(body).difference(_FIELDS):
            raise BadRequestError(f"{unknown.pop()} is no field of a fault.")
        kind = _one_of("kind", body.get("kind"), FaultKind)
        lasting = _number(body, "lasts", LONGEST_DELAY * 24)
        operation = body.get("operation")
        fault = cls(
            kind,
            _device(body.get("device", EVERYBODY)),
            None if operation is None else _one_of("operation", operation, Operation),
            _number(body, "seconds", LONGEST_DELAY) or 0.0,
            _times(body.get("times")),
            None if lasting is None else now + lasting,
        )
        fault.check()
        return fault

    def check(self) -> None:
        """Raise BadRequestError for what belongs to another kind of fault."""
        if self.operation is not None and self.kind not in _OF_OPERATIONS:
            raise BadRequestError(f"operation is not for a fault of the kind {self.kind}.")
        if (self.seconds > 0) is not (self.kind is FaultKind.DELAY):
            raise BadRequestError("seconds is for a delay, which needs it.")

    def strikes(self, kind: FaultKind, device: str, operation: Operation | None) -> bool:
        """Tell whether this is what it waits for."""
        return (
            kind is self.kind
            and self.device in (EVERYBODY, device)
            and self.operation in (None, operation)
        )

    def view(self) -> JsonObject:
        """Show as REST gives it."""
        return {
            "id": self.number,
            "kind": str(self.kind),
            "device": self.device,
            "operation": self.operation and str(self.operation),
            "seconds": self.seconds,
            "times": self.times,
            "until": self.until,
        }


_FIELDS: Final = ("kind", "device", "operation", "seconds", "times", "lasts")


class Faults:
    """The faults that lie in wait, in the order in which they came."""

    def __init__(self) -> None:
        """Begin without any."""
        self._waiting: dict[int, Fault] = {}
        self._numbers = count(1)

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self._waiting)

    def add(self, fault: Fault) -> Fault:
        """Lay a fault in wait; gives it with its number."""
        numbered = replace(fault, number=next(self._numbers))
        self._waiting[numbered.number] = numbered
        return numbered

    def waiting(self, now: float) -> list[Fault]:
        """Give those that are not over."""
        for fault in tuple(self._waiting.values()):
            if fault.until is not None and fault.until <= now:
                del self._waiting[fault.number]
        return list(self._waiting.values())

    def lift(self, numbers: Iterable[int]) -> None:
        """End faults; raises ResourceNotFoundError for one that is not there, and ends none."""
        wanted = tuple(numbers)
        if missing := [number for number in wanted if number not in self._waiting]:
            raise ResourceNotFoundError(f"There is no fault {missing[0]}.")
        for number in wanted:
            del self._waiting[number]

    def lift_all(self) -> None:
        """End them all."""
        self._waiting.clear()

    def strike(
        self, kind: FaultKind, device: str, now: float, operation: Operation | None = None
    ) -> Fault | None:
        """Give the oldest fault that strikes here, if one does, and count that it did."""
        for fault in self.waiting(now):
            if fault.strikes(kind, device, operation):
                self._count(fault)
                return fault
        return None

    def _count(self, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times == 1:
            del self._waiting[fault.number]
        else:
            self._waiting[fault.number] = replace(fault, times=fault.times - 1)


def _one_of(field: str, value: JsonValue, words: type[Word]) -> Word:
    try:
        return words(value)
    except ValueError:
        known = ", ".join(words)
        raise BadRequestError(f"{field} is {value!r:.60}; known are {known}.") from None


def _device(value: JsonValue) -> str:
    if not isinstance(value, str) or not value:
        raise BadRequestError("device must be a device's id, or * for all.")
    return value


def _number(body: JsonObject, field: str, most: float) -> float | None:
    value = body.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
        raise BadRequestError(
            f"{field} must be a number of seconds, more than 0, at most {most:.0f}."
        )
    return float(value)


def _times(value: JsonValue) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise BadRequestError("times must be a whole number from 1.")
    return value
