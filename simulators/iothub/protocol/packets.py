"""MQTT 3.1.1 control packets: bytes to values and back.

Section numbers are those of the standard,
https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html. Reading is strict: whatever the
standard calls a protocol violation raises ProtocolViolationError.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias


class ProtocolViolationError(Exception):
    """The peer broke the protocol; the standard demands that it is cut off."""


class Kind(IntEnum):
    """Control packet types, section 2.2.1."""

    CONNECT = 1
    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    PUBREC = 5
    PUBREL = 6
    PUBCOMP = 7
    SUBSCRIBE = 8
    SUBACK = 9
    UNSUBSCRIBE = 10
    UNSUBACK = 11
    PINGREQ = 12
    PINGRESP = 13
    DISCONNECT = 14


class Verdict(IntEnum):
    """CONNACK return codes, section 3.2.2.3."""

    ACCEPTED = 0
    WRONG_PROTOCOL_LEVEL = 1
    BAD_CLIENT_ID = 2
    UNAVAILABLE = 3
    BAD_USER_OR_PASSWORD = 4
    NOT_AUTHORIZED = 5


PROTOCOL_LEVEL: Final = 4
SUBSCRIPTION_REFUSED: Final = 0x80


@dataclass(frozen=True, slots=True)
class Will:
    """What the hub publishes in the client's place if the connection breaks."""

    topic: str
    body: bytes
    qos: int
    retain: bool


@dataclass(frozen=True, slots=True)
class Connect:
    """Section 3.1. `keepalive` is in seconds, 0 for none."""

    client_id: str
    clean: bool
    keepalive: int
    user_name: str | None = None
    password: str | None = None
    will: Will | None = None
    level: int = PROTOCOL_LEVEL


@dataclass(frozen=True, slots=True)
class Connack:
    """Section 3.2."""

    verdict: Verdict
    session_present: bool = False


@dataclass(frozen=True, slots=True)
class Publish:
    """Section 3.3. `packet_id` is 0 with QoS 0."""

    topic: str
    body: bytes
    qos: int = 0
    packet_id: int = 0
    retain: bool = False
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Puback:
    """Section 3.4."""

    packet_id: int


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Section 3.8: filters with the quality of service asked for."""

    packet_id: int
    filters: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Suback:
    """Section 3.9: what was granted to each filter, or SUBSCRIPTION_REFUSED."""

    packet_id: int
    granted: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Section 3.10."""

    packet_id: int
    filters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unsuback:
    """Section 3.11."""

    packet_id: int


@dataclass(frozen=True, slots=True)
class Pingreq:
    """Section 3.12."""


@dataclass(frozen=True, slots=True)
class Pingresp:
    """Section 3.13."""


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Section 3.14."""


Packet: TypeAlias = (
    Connect
    | Connack
    | Publish
    | Puback
    | Subscribe
    | Suback
    | Unsubscribe
    | Unsuback
    | Pingreq
    | Pingresp
    | Disconnect
)
