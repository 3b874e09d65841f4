"""Writes AMQP values (part 1.6 of the standard), each in its shortest form."""

import struct
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

from simulators.iothub.protocol.amqp.values import (
    AmqpValue,
    Array,
    Byte,
    Char,
    Decimal,
    Described,
    Float,
    Int,
    Short,
    Symbol,
    Timestamp,
    UByte,
    UInt,
    ULong,
    UShort,
)

_Writer = Callable[[Any], bytes]


def write(value: AmqpValue) -> bytes:
    """Write a value with the byte that says its type; raises TypeError, ValueError or struct.error.

    Lists are Python lists, maps are dicts; tuples are not AMQP.
    """
    try:
        writer = _WRITERS[type(value)]
    except KeyError:
        raise TypeError(f"AMQP has no type for {type(value).__name__}") from None
    return writer(value)


def _fixed(code: int, layout: str) -> _Writer:
    pack, head = struct.Struct(f">{layout}").pack, bytes([code])
    return lambda value: head + pack(value)


def _short(code: int, layout: str, lowest: int, highest: int, longer: _Writer) -> _Writer:
    """Take one byte for numbers that fit into it."""
    pack, head = struct.Struct(f">{layout}").pack, bytes([code])
    return lambda value: head + pack(value) if lowest <= value <= highest else longer(value)


def _bytes(short: int, long: int, value: bytes) -> bytes:
    length = len(value)
    if length < 256:
        return bytes([short, length]) + value
    return bytes([long]) + length.to_bytes(4, "big") + value


def _unsigned(zero: int, short: int, long: _Writer) -> _Writer:
    longer = _short(short, "B", 1, 255, long)
    return lambda value: bytes([zero]) if value == 0 else longer(value)


def _compound(short: int, long: int, count: int, body: bytes) -> bytes:
    if len(body) < 255 and count < 256:
        return bytes([short, len(body) + 1, count]) + body
    head = (len(body) + 4).to_bytes(4, "big") + count.to_bytes(4, "big")
    return bytes([long]) + head + body


def _list(value: list[AmqpValue]) -> bytes:
    if not value:
        return b"\x45"
    return _compound(0xC0, 0xD0, len(value), b"".join(map(write, value)))


def _map(value: Mapping[AmqpValue, AmqpValue]) -> bytes:
    body = b"".join(write(key) + write(each) for key, each in value.items())
    return _compound(0xC1, 0xD1, 2 * len(value), body)


def _described(value: Described) -> bytes:
    return b"\x00" + write(value.descriptor) + write(value.value)


def _decimal(value: Decimal) -> bytes:
    return bytes([_DECIMALS[len(value.raw)]]) + value.raw


def _array(array: Array) -> bytes:
    """The items share one type byte, so all take the form that the longest needs."""
    if not array.items:
        return _compound(0xE0, 0xF0, 0, b"\x40")
    codes = {_item_code(item) for item in array.items}
    if len(codes) != 1:
        raise TypeError("an array needs items of one type")
    code = codes.pop()
    body = bytes([code]) + b"".join(_item(code, item) for item in array.items)
    return _compound(0xE0, 0xF0, len(array.items), body)


def _item_code(item: AmqpValue) -> int:
    if isinstance(item, Decimal):
        return _DECIMALS[len(item.raw)]
    if type(item) not in _ITEM_CODES:
        raise TypeError(f"an array cannot hold a {type(item).__name__}")
    return _ITEM_CODES[type(item)]


def _item(code: int, item: AmqpValue) -> bytes:
    if layout := _ITEM_LAYOUTS.get(code):
        return struct.pack(f">{layout}", item)
    if isinstance(item, Decimal):
        return item.raw
    if isinstance(item, uuid.UUID):
        return item.bytes
    if isinstance(item, Char):
        return item.encode("utf-32-be")
    text = item if isinstance(item, bytes) else item.encode("ascii" if code == 0xB3 else "utf-8")
    return len(text).to_bytes(4, "big") + text


_DECIMALS: Final = {4: 0x74, 8: 0x84, 16: 0x94}

_ITEM_CODES: Final[Mapping[type, int]] = {
    bool: 0x56, UByte: 0x50, UShort: 0x60, UInt: 0x70, ULong: 0x80, Byte: 0x51, Short: 0x61,
    Int: 0x71, int: 0x81, Timestamp: 0x83, Float: 0x72, float: 0x82, uuid.UUID: 0x98, Char: 0x73,
    bytes: 0xB0, str: 0xB1, Symbol: 0xB3,
}  # fmt: skip

_ITEM_LAYOUTS: Final[Mapping[int, str]] = {
    0x56: "?", 0x50: "B", 0x60: "H", 0x70: "I", 0x80: "Q", 0x51: "b", 0x61: "h",
    0x71: "i", 0x81: "q", 0x83: "q", 0x72: "f", 0x82: "d",
}  # fmt: skip

_WRITERS: Final[Mapping[type, _Writer]] = {
    type(None): lambda _: b"\x40",
    bool: lambda value: b"\x41" if value else b"\x42",
    UByte: _fixed(0x50, "B"),
    UShort: _fixed(0x60, "H"),
    UInt: _unsigned(0x43, 0x52, _fixed(0x70, "I")),
    ULong: _unsigned(0x44, 0x53, _fixed(0x80, "Q")),
    Byte: _fixed(0x51, "b"),
    Short: _fixed(0x61, "h"),
    Int: _short(0x54, "b", -128, 127, _fixed(0x71, "i")),
    int: _short(0x55, "b", -128, 127, _fixed(0x81, "q")),
    Timestamp: _fixed(0x83, "q"),
    Float: _fixed(0x72, "f"),
    float: _fixed(0x82, "d"),
    Char: lambda value: b"\x73" + value.encode("utf-32-be"),
    uuid.UUID: lambda value: b"\x98" + value.bytes,
    Decimal: _decimal,
    bytes: lambda value: _bytes(0xA0, 0xB0, value),
    str: lambda value: _bytes(0xA1, 0xB1, value.encode()),
    Symbol: lambda value: _bytes(0xA3, 0xB3, value.encode("ascii")),
    list: _list,
    dict: _map,
    Array: _array,
    Described: _described,
}
