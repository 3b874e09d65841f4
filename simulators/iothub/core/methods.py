"""Direct methods: what a service may ask, and which answer belongs to which question.

Limits: https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-direct-methods
"""

from dataclasses import dataclass
from typing import Final, Self

from simulators.iothub.core.document import JsonObject, JsonValue, compact
from simulators.iothub.core.errors import BadRequestError

PAYLOAD_BYTES: Final = 128 * 1024
NAME_LENGTH: Final = 100
RESPONSE_SECONDS: Final = range(5, 301)
CONNECT_SECONDS: Final = range(301)


@dataclass(frozen=True, slots=True)
class MethodCall:
    """A call as a service asked for it; times in seconds."""

    name: str
    payload: bytes
    response_seconds: int = 30
    connect_seconds: int = 0

    @classmethod
    def from_body(cls, body: JsonObject) -> Self:
        """Read the body of a method request; raises BadRequestError naming the field."""
        payload = compact(body.get("payload"))
        if len(payload) > PAYLOAD_BYTES:
            raise BadRequestError(f"payload is larger than {PAYLOAD_BYTES} bytes.")
        return cls(
            _name(body.get("methodName")),
            payload,
            _seconds(body, "responseTimeoutInSeconds", RESPONSE_SECONDS, 30),
            _seconds(body, "connectTimeoutInSeconds", CONNECT_SECONDS, 0),
        )


def _name(name: JsonValue) -> str:
    if not isinstance(name, str) or not 0 < len(name) <= NAME_LENGTH or not name.isprintable():
        raise BadRequestError(f"methodName must be 1 to {NAME_LENGTH} printable characters.")
    return name


def _seconds(body: JsonObject, field: str, allowed: range, default: int) -> int:
    value = body.get(field)
    if value is None:
        return default
    if not isinstance(value, int) or value not in allowed:
        raise BadRequestError(f"{field} must be {allowed[0]} to {allowed[-1]} whole seconds.")
    return value


@dataclass(frozen=True, slots=True)
class PendingCall:
    """A question on its way to a device or module."""

    request_id: str
    name: str


class PendingCalls:
    """The questions without an answer. An answer is taken once, and only from the device asked."""

    def __init__(self) -> None:
        """Start with none."""
        self._asked: dict[str, str] = {}
        self._count = 0

    def __len__(self) -> int:
        """Count the open questions."""
        return len(self._asked)

    def open(self, name: str) -> PendingCall:
        """Give a question its request id."""
        self._count += 1
        request_id = f"{self._count:x}"
        self._asked[request_id] = name
        return PendingCall(request_id, name)

    def answered(self, request_id: str, name: str) -> bool:
        """Match an answer; False if it is late, was given before, or comes from another device."""
        if self._asked.get(request_id) != name:
            return False
        del self._asked[request_id]
        return True

    def give_up(self, call: PendingCall) -> None:
        """Close a question whose time is over."""
        self._asked.pop(call.request_id, None)
