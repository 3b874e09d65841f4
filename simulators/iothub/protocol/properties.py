"""Property bags and request ids, as they stand in MQTT topics and user names."""

from collections.abc import Mapping
from typing import Final, TypeAlias
from urllib.parse import unquote

from simulators.iothub.protocol.packets import ProtocolViolationError

LONGEST_REQUEST_ID: Final = 1024
"""It is sent back percent-encoded, and a topic takes at most 65,535 bytes."""

Properties: TypeAlias = Mapping[str, str | None]


def parse_properties(bag: str) -> Properties:
    """Read `key=value&key=&key`: a value, an empty value, and none. A plus sign is a plus sign."""
    properties: dict[str, str | None] = {}
    for entry in filter(None, bag.split("&")):
        key, equals, value = entry.partition("=")
        properties[unquote(key)] = unquote(value) if equals else None
    return properties


def request_id(topic: str, prefix: str) -> str:
    """Read the request id behind a prefix; raises ProtocolViolationError where there is none."""
    rest = topic[len(prefix) :]
    found = parse_properties(rest[1:]).get("$rid") if rest.startswith("?") else None
    if not found or len(found) > LONGEST_REQUEST_ID:
        raise ProtocolViolationError(f"{prefix}?$rid= needs a request id of a sane length.")
    return found
