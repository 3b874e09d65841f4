"""Writes MQTT packets."""

from functools import singledispatch

from simulators.iothub.protocol.packets import (
    Connack,
    Connect,
    Disconnect,
    Kind,
    Packet,
    Pingreq,
    Pingresp,
    Puback,
    Publish,
    Suback,
    Subscribe,
    Unsuback,
    Unsubscribe,
)


def encode(packet: Packet) -> bytes:
    """Write a packet. Raises ValueError if a text is longer than MQTT can say."""
    return _encode(packet)


@singledispatch
def _encode(packet: object) -> bytes:
    raise TypeError(f"{type(packet).__name__} is no MQTT packet")


@_encode.register
def _(packet: Publish) -> bytes:
    flags = packet.duplicate << 3 | packet.qos << 1 | packet.retain
    identifier = packet.packet_id.to_bytes(2, "big") if packet.qos else b""
    return _framed(Kind.PUBLISH, _text(packet.topic) + identifier + packet.body, flags)


@_encode.register
def _(packet: Connect) -> bytes:
    flags, fields = packet.clean << 1, [_text(packet.client_id)]
    if will := packet.will:
        flags |= 0x04 | will.qos << 3 | will.retain << 5
        fields += [_text(will.topic), len(will.body).to_bytes(2, "big") + will.body]
    if packet.user_name is not None:
        flags |= 0x80
        fields.append(_text(packet.user_name))
    if packet.password is not None:
        flags |= 0x40
        fields.append(_text(packet.password))
    head = _text("MQTT") + bytes([packet.level, flags]) + packet.keepalive.to_bytes(2, "big")
    return _framed(Kind.CONNECT, head + b"".join(fields))


@_encode.register
def _(packet: Connack) -> bytes:
    return _framed(Kind.CONNACK, bytes([packet.session_present, packet.verdict]))


@_encode.register
def _(packet: Puback) -> bytes:
    return _framed(Kind.PUBACK, packet.packet_id.to_bytes(2, "big"))


@_encode.register
def _(packet: Subscribe) -> bytes:
    filters = b"".join(_text(text) + bytes([qos]) for text, qos in packet.filters)
    return _framed(Kind.SUBSCRIBE, packet.packet_id.to_bytes(2, "big") + filters, 2)


@_encode.register
def _(packet: Suback) -> bytes:
    return _framed(Kind.SUBACK, packet.packet_id.to_bytes(2, "big") + bytes(packet.granted))


@_encode.register
def _(packet: Unsubscribe) -> bytes:
    filters = b"".join(_text(text) for text in packet.filters)
    return _framed(Kind.UNSUBSCRIBE, packet.packet_id.to_bytes(2, "big") + filters, 2)


@_encode.register
def _(packet: Unsuback) -> bytes:
    return _framed(Kind.UNSUBACK, packet.packet_id.to_bytes(2, "big"))


@_encode.register(Pingreq)
def _(_packet: Pingreq) -> bytes:
    return _framed(Kind.PINGREQ, b"")


@_encode.register(Pingresp)
def _(_packet: Pingresp) -> bytes:
    return _framed(Kind.PINGRESP, b"")


@_encode.register(Disconnect)
def _(_packet: Disconnect) -> bytes:
    return _framed(Kind.DISCONNECT, b"")


def _text(text: str) -> bytes:
    encoded = text.encode()
    if len(encoded) > 0xFFFF:
        raise ValueError("MQTT texts take at most 65,535 bytes")
    return len(encoded).to_bytes(2, "big") + encoded


def _framed(kind: Kind, body: bytes, flags: int = 0) -> bytes:
    return bytes([kind << 4 | flags]) + _length(len(body)) + body


def _length(length: int) -> bytes:
    """Seven bits a byte, the lowest first (2.2.3)."""
    written = bytearray()
    while length > 0x7F:
        written.append(length & 0x7F | 0x80)
        length >>= 7
    written.append(length)
    return bytes(written)
