"""What a request to the service API costs: which throttle counts it, how often and how large."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from simulators.iothub.core.document import JsonValue, compact, parse_json
from simulators.iothub.core.errors import HubError
from simulators.iothub.core.hub import Hub
from simulators.iothub.core.identity import joined_name
from simulators.iothub.core.tiers import Operation
from simulators.iothub.server.http_listener import Request

_TWIN_METHODS: Final[Mapping[str, Operation]] = {
    "GET": Operation.TWIN_READ,
    "PATCH": Operation.TWIN_UPDATE,
    "PUT": Operation.TWIN_UPDATE,
}


@dataclass(frozen=True, slots=True)
class Load:
    """Operations of a kind, each of so many bytes, on a device or on none."""

    operation: Operation
    device: str
    sizes: tuple[int, ...] = (0,)


def load_of(request: Request, hub: Hub) -> Load | None:
    """Tell what a request costs; None where nothing counts it.

    Each device of a bulk request counts: no page says so, and a bulk of a hundred would otherwise
    pass where a hundred single ones do not.
    """
    match request.segments:
        case ("devices", "query"):
            return Load(Operation.QUERY, "")
        case ("devices",) if request.method == "POST":
            return _bulk(request)
        case ("devices", *rest):
            return Load(Operation.REGISTRY, _named(rest))
        case ("twins", *rest) if rest and rest[-1] == "methods":
            return Load(Operation.METHOD, _named(rest), (len(request.body),))
        case ("twins", *rest) if request.method in _TWIN_METHODS:
            name, operation = _named(rest), _TWIN_METHODS[request.method]
            read = operation is Operation.TWIN_READ
            return Load(operation, name, (_twin_size(hub, name) if read else len(request.body),))
    return None


def _named(path: Sequence[str]) -> str:
    """Give the device's or module's name out of `{id}[/modules/{id}]`."""
    if not path:
        return ""
    return joined_name(path[0], path[2] if path[1:2] == ["modules"] and path[2:] else None)


def _twin_size(hub: Hub, name: str) -> int:
    try:
        return len(hub.device(name).twin.for_device())
    except HubError:  # the answer will say so
        return 0


def _bulk(request: Request) -> Load:
    try:
        entries = parse_json(request.body)
    except HubError:  # the answer will say so
        entries = []
    listed = entries if isinstance(entries, list) else []
    if listed and all(_mode(entry).startswith("updatetwin") for entry in listed):
        return Load(Operation.TWIN_UPDATE, "", tuple(map(_size, listed)))
    return Load(Operation.REGISTRY, "", (0,) * max(1, len(listed)))


def _size(entry: JsonValue) -> int:
    try:
        return len(compact(entry))
    except HubError:  # the answer will say so
        return 0


def _mode(entry: JsonValue) -> str:
    return str(entry.get("importMode", "")).lower() if isinstance(entry, dict) else ""
