"""How AMQP's composite types are read and written (part 1.4 of the standard).

A composite is a described list. Those of the hub are always written with all their fields:
azure-eventhub's client looks for fields by their place, and a shorter list, which the standard
allows, ends it with an IndexError.
"""

import uuid
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar, Final, Self

from simulators.iothub.protocol.amqp.values import (
    AmqpValue,
    Array,
    Described,
    Symbol,
    Timestamp,
    UByte,
    UInt,
    ULong,
    UShort,
)
from simulators.iothub.protocol.packets import ProtocolViolationError


@dataclass(frozen=True, slots=True)
class Kind:
    """What a field may hold: the types that are read, and what makes one of them to be written."""

    accepts: tuple[type, ...]
    made: Callable[[Any], AmqpValue]


class Composite:
    """A described list; subclasses are dataclasses that name `code` and the `kinds` of fields."""

    code: ClassVar[int]
    kinds: ClassVar[tuple[Kind, ...]]

    def wire(self) -> Described:
        """Put it into AMQP's values, all fields, those that are not given as null."""
        values = (getattr(self, name) for name, _ in _layout(type(self)))
        return Described(
            ULong(self.code),
            [
                None if value is None else kind.made(value)
                for kind, value in zip(self.kinds, values, strict=True)
            ],
        )

    @classmethod
    def from_list(cls, values: AmqpValue) -> Self:
        """Read the list; raises ProtocolViolationError naming the field that is wrong."""
        layout = _layout(cls)
        if not isinstance(values, list) or len(values) > len(layout):
            raise ProtocolViolationError(f"{cls.__name__} has fields that do not exist.")
        given: dict[str, Any] = {}
        for (name, mandatory), kind, value in zip(layout, cls.kinds, values, strict=False):
            if value is not None:
                given[name] = _read(cls, name, kind, value)
            elif mandatory:
                raise ProtocolViolationError(f"{cls.__name__} lacks {name}.")
        for name, mandatory in layout[len(values) :]:
            if mandatory:
                raise ProtocolViolationError(f"{cls.__name__} lacks {name}.")
        return cls(**given)


_layouts: dict[type, tuple[tuple[str, bool], ...]] = {}


def _layout(composite: type[Composite]) -> tuple[tuple[str, bool], ...]:
    """Give the names of the fields, and whether each must be there; looked up once."""
    if composite not in _layouts:
        _layouts[composite] = tuple(
            (field.name, field.default is MISSING)
            for field in fields(composite)  # type: ignore[arg-type]  # subclasses are dataclasses
        )
    return _layouts[composite]


def _read(composite: type[Composite], name: str, kind: Kind, value: AmqpValue) -> Any:
    if type(value) not in kind.accepts:
        found = type(value).__name__
        raise ProtocolViolationError(f"{composite.__name__}'s {name} must not be a {found}.")
    return value


def symbols(value: AmqpValue) -> tuple[str, ...]:
    """Read a field of one or many symbols."""
    if value is None:
        return ()
    return tuple(value.items) if isinstance(value, Array) else (value,)


def _array(names: Array | Symbol) -> Array | Symbol:
    return names


STRING: Final = Kind((str,), str)
SYMBOL: Final = Kind((Symbol,), Symbol)
LOOSE_SYMBOL: Final = Kind((Symbol, str), Symbol)
"""Some clients send a string here."""
SYMBOLS: Final = Kind((Symbol, Array), _array)
BINARY: Final = Kind((bytes,), bytes)
BOOLEAN: Final = Kind((bool,), bool)
UBYTE: Final = Kind((UByte,), UByte)
USHORT: Final = Kind((UShort,), UShort)
UINT: Final = Kind((UInt,), UInt)
ULONG: Final = Kind((ULong,), ULong)
TIMESTAMP: Final = Kind((Timestamp,), Timestamp)
MESSAGE_ID: Final = Kind((ULong, uuid.UUID, bytes, str), lambda value: value)
MAP: Final = Kind((dict,), dict)
ANY_COMPOSITE: Final = Kind((Described,), lambda value: value)
