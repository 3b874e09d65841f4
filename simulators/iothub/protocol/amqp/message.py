"""Messages: sections of a header, annotations, properties and a body (part 3.2)."""

from dataclasses import dataclass, field
from typing import ClassVar, Final

from simulators.iothub.protocol.amqp import composites as kind
from simulators.iothub.protocol.amqp.composites import Composite, Kind
from simulators.iothub.protocol.amqp.reading import ValueReader
from simulators.iothub.protocol.amqp.values import AmqpValue, Described, Symbol, ULong
from simulators.iothub.protocol.amqp.writing import write
from simulators.iothub.protocol.packets import ProtocolViolationError


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageProperties(Composite):
    """What every message may say of itself (3.2.4)."""

    code: ClassVar[int] = 0x73
    kinds: ClassVar[tuple[Kind, ...]] = (
        kind.MESSAGE_ID, kind.BINARY, kind.STRING, kind.STRING, kind.STRING, kind.MESSAGE_ID,
        kind.LOOSE_SYMBOL, kind.LOOSE_SYMBOL,
        kind.TIMESTAMP, kind.TIMESTAMP, kind.STRING, kind.UINT, kind.STRING,
    )  # fmt: skip
    message_id: AmqpValue = None
    user_id: bytes | None = None
    to: str | None = None
    subject: str | None = None
    reply_to: str | None = None
    correlation_id: AmqpValue = None
    content_type: str | None = None
    content_encoding: str | None = None
    absolute_expiry_time: int | None = None
    creation_time: int | None = None
    group_id: str | None = None
    group_sequence: int | None = None
    reply_to_group_id: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message; the body is bytes (`data`), or any value when `data` is None."""

    data: bytes | None = None
    value: AmqpValue = None
    properties: MessageProperties | None = None
    application_properties: dict[AmqpValue, AmqpValue] = field(default_factory=dict)
    annotations: dict[AmqpValue, AmqpValue] = field(default_factory=dict)
    delivery_annotations: dict[AmqpValue, AmqpValue] = field(default_factory=dict)


def write_message(message: Message) -> bytes:
    """Write a message; sections that say nothing are left out."""
    sections = [
        (_DELIVERY_ANNOTATIONS, message.delivery_annotations),
        (_ANNOTATIONS, message.annotations),
    ]
    written = [_section(code, value) for code, value in sections if value]
    if message.properties is not None:
        written.append(write(message.properties.wire()))
    if message.application_properties:
        written.append(_section(_APPLICATION, message.application_properties))
    body = (_VALUE, message.value) if message.data is None else (_DATA, message.data)
    return b"".join(written) + _section(*body)


def _section(code: int, value: AmqpValue) -> bytes:
    return write(Described(ULong(code), value))


def read_message(payload: bytes) -> Message:
    """Read a message; raises ProtocolViolationError."""
    reader = ValueReader(payload)
    sections: dict[int, AmqpValue] = {}
    data: list[bytes] = []
    while reader.left:
        code, value = _read_section(reader)
        if code == _DATA:
            data.append(_checked(value, bytes))
        elif code in sections:
            raise ProtocolViolationError("A message has a section twice (3.2).")
        else:
            sections[code] = value
    return Message(
        b"".join(data) if data else None,
        sections.get(_VALUE, sections.get(_SEQUENCE)),
        _properties(sections.get(MessageProperties.code)),
        _checked(sections.get(_APPLICATION, {}), dict),
        _checked(sections.get(_ANNOTATIONS, {}), dict),
        _checked(sections.get(_DELIVERY_ANNOTATIONS, {}), dict),
    )


def _read_section(reader: ValueReader) -> tuple[int, AmqpValue]:
    section = reader.value()
    if not isinstance(section, Described):
        raise ProtocolViolationError("A message is made of described sections (3.2).")
    descriptor = section.descriptor
    code = _NAMES.get(descriptor) if isinstance(descriptor, Symbol) else descriptor
    if not isinstance(code, int) or not _HEADER <= code <= _FOOTER:
        raise ProtocolViolationError("A message has a section that does not exist (3.2).")
    return int(code), section.value


def _properties(value: AmqpValue) -> MessageProperties | None:
    return None if value is None else MessageProperties.from_list(value)


def _checked(value: AmqpValue, wanted: type) -> AmqpValue:
    if not isinstance(value, wanted):
        raise ProtocolViolationError("A section of a message holds what it must not (3.2).")
    return value


_HEADER: Final = 0x70
_DELIVERY_ANNOTATIONS: Final = 0x71
_ANNOTATIONS: Final = 0x72
_APPLICATION: Final = 0x74
_DATA: Final = 0x75
_SEQUENCE: Final = 0x76
_VALUE: Final = 0x77
_FOOTER: Final = 0x78

_NAMES: Final = {
    "amqp:header:list": _HEADER,
    "amqp:delivery-annotations:map": _DELIVERY_ANNOTATIONS,
    "amqp:message-annotations:map": _ANNOTATIONS,
    "amqp:properties:list": MessageProperties.code,
    "amqp:application-properties:map": _APPLICATION,
    "amqp:data:binary": _DATA,
    "amqp:amqp-sequence:list": _SEQUENCE,
    "amqp:amqp-value:*": _VALUE,
    "amqp:footer:map": _FOOTER,
}
