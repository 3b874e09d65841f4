"""Reads AMQP values (part 1.6 of the standard): strictly, and never deeper than a bound."""

import struct
import uuid
from collections.abc import Callable, Mapping
from typing import Final, NoReturn, TypeAlias

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
from simulators.iothub.protocol.packets import ProtocolViolationError

DEEPEST: Final = 24
"""Levels of lists, maps and descriptions; nothing that clients of a hub send comes near."""


class ValueReader:
    """Reads values from front to back; raises ProtocolViolationError for what is none."""

    __slots__ = ("_bytes", "_depth", "_end", "position")

    def __init__(self, data: bytes) -> None:
        """Begin at the beginning."""
        self._bytes = data
        self._end = len(data)
        self._depth = 0
        self.position = 0

    @property
    def left(self) -> int:
        """Count the bytes that are not read yet."""
        return self._end - self.position

    def take(self, count: int) -> bytes:
        """Give so many bytes as they are."""
        start, end = self.position, self.position + count
        if end > self._end:
            raise ProtocolViolationError("A value is longer than what holds it.")
        self.position = end
        return self._bytes[start:end]

    def size(self, width: int) -> int:
        """Read a length of one or four bytes."""
        return int.from_bytes(self.take(width), "big")

    def value(self) -> AmqpValue:
        """Read the next value."""
        return self.content(self.take(1)[0])

    def content(self, code: int) -> AmqpValue:
        """Read a value whose type is known already."""
        read = _READERS.get(code)
        if read is None:
            raise ProtocolViolationError(f"There is no type 0x{code:02x} (1.6).")
        if code in _NESTING:
            return self._deeper(read)
        return read(self)

    def _deeper(self, read: "_Reader") -> AmqpValue:
        if self._depth == DEEPEST:
            raise ProtocolViolationError(f"A value is nested deeper than {DEEPEST} levels.")
        self._depth += 1
        value = read(self)
        self._depth -= 1
        return value

    def finish(self) -> None:
        """Refuse what is left over."""
        if self.left:
            raise ProtocolViolationError("There is more than the value that was expected.")


_Reader: TypeAlias = Callable[[ValueReader], AmqpValue]


def read(data: bytes) -> AmqpValue:
    """Read one value and nothing behind it."""
    reader = ValueReader(data)
    value = reader.value()
    reader.finish()
    return value


def _number(kind: type, layout: str) -> _Reader:
    unpack, size = struct.Struct(f">{layout}").unpack, struct.calcsize(f">{layout}")

    def take(reader: ValueReader) -> AmqpValue:
        return kind(unpack(reader.take(size))[0])

    return take


def _boolean(reader: ValueReader) -> bool:
    if (byte := reader.take(1)[0]) > 1:
        raise ProtocolViolationError("A boolean is neither 0 nor 1 (1.6.2).")
    return byte == 1


def _binary(width: int) -> _Reader:
    return lambda reader: reader.take(reader.size(width))


def _text(width: int, kind: type, encoding: str) -> _Reader:
    def take(reader: ValueReader) -> AmqpValue:
        try:
            return kind(reader.take(reader.size(width)).decode(encoding))
        except UnicodeDecodeError as error:
            raise ProtocolViolationError(f"A text is not {encoding} (1.6.20).") from error

    return take


def _char(reader: ValueReader) -> Char:
    try:
        return Char(reader.take(4).decode("utf-32-be"))
    except UnicodeDecodeError as error:
        raise ProtocolViolationError("A character is none of Unicode (1.6.16).") from error


def _decimal(width: int) -> _Reader:
    return lambda reader: Decimal(reader.take(width))


def _enclosed(reader: ValueReader, width: int) -> tuple[ValueReader, int]:
    """Give a reader of a compound's own bytes, and how many items it says it has."""
    inner = ValueReader(reader.take(reader.size(width)))
    inner._depth = reader._depth
    count = inner.size(width)
    if count > inner.left and count > 0:
        _refuse_count(count)
    return inner, count


def _refuse_count(count: int) -> NoReturn:
    raise ProtocolViolationError(f"{count} items do not fit into so few bytes.")


def _list(width: int) -> _Reader:
    def take(reader: ValueReader) -> list[AmqpValue]:
        inner, count = _enclosed(reader, width)
        items = [inner.value() for _ in range(count)]
        inner.finish()
        return items

    return take


def _map(width: int) -> _Reader:
    def take(reader: ValueReader) -> dict[AmqpValue, AmqpValue]:
        inner, count = _enclosed(reader, width)
        if count % 2:
            raise ProtocolViolationError("A map has a key without a value (1.6.23).")
        pairs: dict[AmqpValue, AmqpValue] = {}
        for _ in range(count // 2):
            key = inner.value()
            if isinstance(key, list | dict | Array | Described):
                raise ProtocolViolationError("A map's key must be a plain value.")
            pairs[key] = inner.value()
        inner.finish()
        return pairs

    return take


def _array(width: int) -> _Reader:
    def take(reader: ValueReader) -> Array:
        inner = ValueReader(reader.take(reader.size(width)))
        inner._depth = reader._depth
        count, code = inner.size(width), inner.take(1)[0]
        if code not in _ITEMS:
            if count:
                raise ProtocolViolationError(f"Arrays of type 0x{code:02x} are not read.")
            return Array(())
        if count > inner.left:  # every item takes a byte at least
            _refuse_count(count)
        items = tuple(inner.content(code) for _ in range(count))
        inner.finish()
        return Array(items)

    return take


def _described(reader: ValueReader) -> Described:
    return Described(reader.value(), reader.value())


_NESTING: Final = frozenset({0x00, 0xC0, 0xD0, 0xC1, 0xD1, 0xE0, 0xF0})

_READERS: Final[Mapping[int, _Reader]] = {
    0x00: _described,
    0x40: lambda _: None,
    0x41: lambda _: True,
    0x42: lambda _: False,
    0x43: lambda _: UInt(0),
    0x44: lambda _: ULong(0),
    0x45: lambda _: [],
    0x50: _number(UByte, "B"),
    0x51: _number(Byte, "b"),
    0x52: _number(UInt, "B"),
    0x53: _number(ULong, "B"),
    0x54: _number(Int, "b"),
    0x55: _number(int, "b"),
    0x56: _boolean,
    0x60: _number(UShort, "H"),
    0x61: _number(Short, "h"),
    0x70: _number(UInt, "I"),
    0x71: _number(Int, "i"),
    0x72: _number(Float, "f"),
    0x73: _char,
    0x74: _decimal(4),
    0x80: _number(ULong, "Q"),
    0x81: _number(int, "q"),
    0x82: _number(float, "d"),
    0x83: _number(Timestamp, "q"),
    0x84: _decimal(8),
    0x94: _decimal(16),
    0x98: lambda reader: uuid.UUID(bytes=reader.take(16)),
    0xA0: _binary(1),
    0xA1: _text(1, str, "utf-8"),
    0xA3: _text(1, Symbol, "ascii"),
    0xB0: _binary(4),
    0xB1: _text(4, str, "utf-8"),
    0xB3: _text(4, Symbol, "ascii"),
    0xC0: _list(1),
    0xC1: _map(1),
    0xD0: _list(4),
    0xD1: _map(4),
    0xE0: _array(1),
    0xF0: _array(4),
}

_ITEMS: Final = frozenset(_READERS) - _NESTING - {0x40, 0x41, 0x42, 0x43, 0x44, 0x45}
