"""Reads MQTT packets out of a stream that arrives in pieces of any size."""

from collections.abc import Callable, Iterator
from typing import Final

from simulators.iothub.protocol.packets import (
    PROTOCOL_LEVEL,
    SUBSCRIPTION_REFUSED,
    Connack,
    Connect,
    Disconnect,
    Kind,
    Packet,
    Pingreq,
    Pingresp,
    ProtocolViolationError,
    Puback,
    Publish,
    Suback,
    Subscribe,
    Unsuback,
    Unsubscribe,
    Verdict,
    Will,
)

LARGEST_PACKET: Final = 256 * 1024 + 64 * 1024
"""A message of 256 KB with the longest topic; a peer that announces more is cut off at once."""


class PacketReader:
    """Collects bytes and gives whole packets; keeps only the unfinished rest."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        """Start with nothing."""
        self._rest: bytearray | None = None

    def feed(self, data: bytes) -> Iterator[Packet]:
        """Give the packets that `data` completes; raises ProtocolViolationError.

        Walk it to its end before feeding more.
        """
        buffer = self._joined(data)
        start = 0
        while (found := _frame(buffer, start)) is not None:
            body_start, end = found
            first, start = buffer[start], end
            yield _decode(first, bytes(buffer[body_start:end]))
        self._keep(buffer, start)

    def _joined(self, data: bytes) -> bytes | bytearray:
        if self._rest is None:
            return data
        self._rest += data
        return self._rest

    def _keep(self, buffer: bytes | bytearray, start: int) -> None:
        if start or self._rest is None:
            self._rest = bytearray(buffer[start:]) if start < len(buffer) else None


def _frame(data: bytes | bytearray, start: int) -> tuple[int, int] | None:
    """Find where the body of the packet at `start` begins and ends; None if it is not all here."""
    if start < len(data):
        _check_first(data[start])
    length = shift = 0
    for position in range(start + 1, min(start + 5, len(data))):
        byte = data[position]
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return _whole(data, position + 1, length)
    if len(data) >= start + 5:
        raise ProtocolViolationError("The packet's length takes more than four bytes.")
    return None


def _check_first(first: int) -> None:
    """Refuse a first byte that begins no packet, before waiting for the rest of it."""
    kind, flags = first >> 4, first & 0x0F
    if kind == Kind.PUBLISH:
        return
    if kind not in _READERS:
        raise ProtocolViolationError(f"Packets of type {kind} are not expected here.")
    if flags != _FLAGS.get(kind, 0):
        raise ProtocolViolationError(f"Packets of type {kind} must not have flags {flags} (2.2.2).")


def _whole(data: bytes | bytearray, body_start: int, length: int) -> tuple[int, int] | None:
    if length > LARGEST_PACKET:
        raise ProtocolViolationError(f"A packet of {length} bytes is too large.")
    end = body_start + length
    return (body_start, end) if end <= len(data) else None


class _Body:
    """The body of a packet, read from front to back."""

    __slots__ = ("_bytes", "_position")

    def __init__(self, body: bytes) -> None:
        self._bytes = body
        self._position = 0

    @property
    def left(self) -> int:
        return len(self._bytes) - self._position

    def take(self, count: int) -> bytes:
        if count > self.left:
            raise ProtocolViolationError("The packet is shorter than its fields.")
        start, self._position = self._position, self._position + count
        return self._bytes[start : self._position]

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        return int.from_bytes(self.take(2), "big")

    def packet_id(self) -> int:
        if (packet_id := self.number()) == 0:
            raise ProtocolViolationError("A packet identifier must not be 0 (2.3.1).")
        return packet_id

    def text(self) -> str:
        try:
            text = self.take(self.number()).decode()
        except UnicodeDecodeError as error:
            raise ProtocolViolationError("A text is not UTF-8 (1.5.3).") from error
        if "\0" in text:
            raise ProtocolViolationError("A text holds the null character (1.5.3).")
        return text

    def rest(self) -> bytes:
        return self.take(self.left)

    def end(self) -> None:
        if self.left:
            raise ProtocolViolationError("The packet is longer than its fields.")


def _decode(first: int, body: bytes) -> Packet:
    fields = _Body(body)
    if (kind := first >> 4) == Kind.PUBLISH:
        return _publish(first & 0x0F, fields)
    packet = _READERS[kind](fields)
    fields.end()
    return packet


def _publish(flags: int, body: _Body) -> Publish:
    qos = flags >> 1 & 3
    if qos == 3:
        raise ProtocolViolationError("There is no QoS 3 (3.3.1.2).")
    topic = body.text()
    if not topic or "#" in topic or "+" in topic:
        raise ProtocolViolationError("A message needs a topic without wildcards (3.3.2.1).")
    packet_id = body.packet_id() if qos else 0
    return Publish(topic, body.rest(), qos, packet_id, bool(flags & 1), bool(flags & 8))


def _connect(body: _Body) -> Connect:
    if body.text() != "MQTT":
        raise ProtocolViolationError("The protocol name is not MQTT (3.1.2.1).")
    level, flags, keepalive = body.byte(), body.byte(), body.number()
    if level != PROTOCOL_LEVEL:
        body.rest()
        return Connect("", True, keepalive, level=level)
    _check_connect_flags(flags)
    client_id = body.text()
    will = _will(flags, body) if flags & 0x04 else None
    user_name = body.text() if flags & 0x80 else None
    password = body.text() if flags & 0x40 else None
    return Connect(client_id, bool(flags & 0x02), keepalive, user_name, password, will)


def _check_connect_flags(flags: int) -> None:
    if flags & 0x01:
        raise ProtocolViolationError("The reserved connect flag is set (3.1.2.3).")
    if flags & 0x18 == 0x18 or (not flags & 0x04 and flags & 0x38):
        raise ProtocolViolationError("The will's flags contradict each other (3.1.2.6).")
    if flags & 0x40 and not flags & 0x80:
        raise ProtocolViolationError("There is a password without a user name (3.1.2.9).")


def _will(flags: int, body: _Body) -> Will:
    topic = body.text()
    return Will(topic, body.take(body.number()), flags >> 3 & 3, bool(flags & 0x20))


def _connack(body: _Body) -> Connack:
    flags, code = body.byte(), body.byte()
    if flags > 1 or code > Verdict.NOT_AUTHORIZED:
        raise ProtocolViolationError("The CONNACK has a code that does not exist (3.2.2).")
    return Connack(Verdict(code), bool(flags))


def _subscribe(body: _Body) -> Subscribe:
    packet_id = body.packet_id()
    filters: list[tuple[str, int]] = []
    while body.left or not filters:
        filters.append((_filter(body), _asked_qos(body)))
    return Subscribe(packet_id, tuple(filters))


def _filter(body: _Body) -> str:
    if not (text := body.text()):
        raise ProtocolViolationError("A topic filter is empty (4.7.3).")
    return text


def _asked_qos(body: _Body) -> int:
    if (qos := body.byte()) > 2:
        raise ProtocolViolationError("There is no such QoS (3.8.3).")
    return qos


def _suback(body: _Body) -> Suback:
    packet_id, granted = body.packet_id(), tuple(body.rest())
    if not granted or any(code > 2 and code != SUBSCRIPTION_REFUSED for code in granted):
        raise ProtocolViolationError("The SUBACK has a code that does not exist (3.9.3).")
    return Suback(packet_id, granted)


def _unsubscribe(body: _Body) -> Unsubscribe:
    packet_id = body.packet_id()
    filters: list[str] = []
    while body.left or not filters:
        filters.append(_filter(body))
    return Unsubscribe(packet_id, tuple(filters))


_FLAGS: Final[dict[int, int]] = {Kind.SUBSCRIBE: 2, Kind.UNSUBSCRIBE: 2}

_READERS: Final[dict[int, Callable[[_Body], Packet]]] = {
    Kind.CONNECT: _connect,
    Kind.CONNACK: _connack,
    Kind.PUBACK: lambda body: Puback(body.packet_id()),
    Kind.SUBSCRIBE: _subscribe,
    Kind.SUBACK: _suback,
    Kind.UNSUBSCRIBE: _unsubscribe,
    Kind.UNSUBACK: lambda body: Unsuback(body.packet_id()),
    Kind.PINGREQ: lambda _: Pingreq(),
    Kind.PINGRESP: lambda _: Pingresp(),
    Kind.DISCONNECT: lambda _: Disconnect(),
}
