"""AMQP's types in Python (part 1 of the standard).

Where Python has one type for several of AMQP's, a subclass says which is meant, so that what was
read is written back as the same. A plain `int` stands for a long, a plain `float` for a double.
"""

import uuid
from dataclasses import dataclass
from typing import Any, TypeAlias

AmqpValue: TypeAlias = Any
"""Whatever AMQP can say; its shape is the business of whoever looks into it."""


class Symbol(str):
    """A name out of a fixed set, in ASCII."""

    __slots__ = ()


class Char(str):
    """One character."""

    __slots__ = ()


class UByte(int):
    """0 to 255."""

    __slots__ = ()


class UShort(int):
    """Two bytes without sign."""

    __slots__ = ()


class UInt(int):
    """Four bytes without sign."""

    __slots__ = ()


class ULong(int):
    """Eight bytes without sign."""

    __slots__ = ()


class Byte(int):
    """-128 to 127."""

    __slots__ = ()


class Short(int):
    """Two bytes with a sign."""

    __slots__ = ()


class Int(int):
    """Four bytes with a sign."""

    __slots__ = ()


class Timestamp(int):
    """Milliseconds since 1970, UTC."""

    __slots__ = ()


class Float(float):
    """Four bytes of a floating point number."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Decimal:
    """A decimal of 4, 8 or 16 bytes, carried as it came: nothing here reckons with it."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class Described:
    """A value with a descriptor that says what it is."""

    descriptor: AmqpValue
    value: AmqpValue


@dataclass(frozen=True, slots=True)
class Array:
    """Values of one type."""

    items: tuple[AmqpValue, ...]


SIMPLE = (bool, UByte, UShort, UInt, ULong, Byte, Short, Int, int, Timestamp, Char, uuid.UUID)
"""What a value of an application property may be, besides text and numbers with a point (3.2.5)."""


def timestamp(at: float) -> Timestamp:
    """Milliseconds of UTC seconds."""
    return Timestamp(round(at * 1000))
