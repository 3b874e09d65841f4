"""Where a reader of events wants to begin: the selector filter of its link.

https://learn.microsoft.com/azure/event-hubs/event-hubs-dotnet-standard-getstarted-send names the
positions; the filter is what the SDKs send.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal

from simulators.iothub.core.event_log import EARLIEST, LATEST, Position
from simulators.iothub.protocol.amqp.values import AmqpValue, Described

FILTER: Final = "apache.org:selector-filter:string"

_SELECTOR = re.compile(
    r"\s*amqp\.annotation\.(x-opt-[a-z-]+)\s*(>=?)\s*'?(-?\d+|@latest)'?\s*", re.IGNORECASE
)
_UNITS: Final[Mapping[str, Literal["offset", "sequence", "enqueued"]]] = {
    "x-opt-offset": "offset",
    "x-opt-sequence-number": "sequence",
    "x-opt-enqueued-time": "enqueued",
    "x-opt-enqueuedtimeutc": "enqueued",
}


def parse_filters(filters: Mapping[AmqpValue, AmqpValue] | None) -> Position:
    """Read a link's filters; without any it begins with the oldest event. Raises ValueError."""
    found = (filters or {}).get(FILTER)
    if found is None:
        return EARLIEST
    text = found.value if isinstance(found, Described) else found
    if isinstance(text, bytes):
        text = text.decode()
    selector = _SELECTOR.fullmatch(text) if isinstance(text, str) else None
    if selector is None or (unit := _UNITS.get(selector[1].lower())) is None:
        raise ValueError(f"The filter {text!r:.200} cannot be understood.")
    if selector[3] == "@latest":
        return LATEST
    return Position(unit, int(selector[3]), selector[2] == ">=")
