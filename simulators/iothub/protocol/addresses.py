"""What the addresses of AMQP links mean at an IoT Hub and its Event Hubs compatible endpoint."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, TypeAlias
from urllib.parse import unquote

EVENT_HUB: Final = "events"
"""The Event Hubs compatible name of the built-in endpoint."""

_ORIGIN = re.compile(r"^[a-z]+://[^/]*", re.IGNORECASE)
_PARTITION = re.compile(
    rf"({EVENT_HUB}|messages/events)/consumergroups/([^/]+)/partitions/([^/]+)", re.IGNORECASE
)


class Node(Enum):
    """Addresses that stand for one thing."""

    TOKENS = auto()
    MANAGEMENT = auto()
    DEVICE_BOUND = auto()
    FEEDBACK = auto()
    EVENT_HUB = auto()


@dataclass(frozen=True, slots=True)
class PartitionNode:
    """The events of one partition, for one consumer group."""

    group: str
    partition: str


Address: TypeAlias = Node | PartitionNode | None

_NODES: Final = {
    "$cbs": Node.TOKENS,
    "$management": Node.MANAGEMENT,
    f"{EVENT_HUB}/$management": Node.MANAGEMENT,
    "messages/devicebound": Node.DEVICE_BOUND,
    "messages/servicebound/feedback": Node.FEEDBACK,
    EVENT_HUB: Node.EVENT_HUB,
}


def parse_address(text: str | None) -> Address:
    """Understand an address, with or without a scheme and a host; None if nothing is there."""
    path = _ORIGIN.sub("", text or "").strip("/")
    if found := _PARTITION.fullmatch(path):
        return PartitionNode(found[2].lower(), found[3])
    return _NODES.get(path.lower())


def parse_recipient(text: str | None) -> str | None:
    """Read the device out of `/devices/{id}/messages/devicebound`."""
    found = re.fullmatch(r"/?devices/([^/]+)/messages/devicebound/?", text or "", re.IGNORECASE)
    return unquote(found[1]) if found else None
