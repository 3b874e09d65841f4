"""Messages from services as they come over AMQP, and as devices get them over MQTT.

https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-messages-construct
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from simulators.iothub.core.errors import BadRequestError
from simulators.iothub.core.instants import instant_text
from simulators.iothub.protocol.addresses import parse_recipient
from simulators.iothub.protocol.amqp.message import Message
from simulators.iothub.protocol.amqp.values import AmqpValue

LATEST: Final = 253_402_300_799.0
"""The end of the year 9999: what comes later is no instant."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a service sends to a device; without `expires` the hub decides."""

    device_id: str
    properties: Mapping[str, str | None]
    body: bytes
    expires: float | None


def parse_cloud_message(message: Message) -> Outgoing:
    """Understand a message to a device; raises BadRequestError."""
    own = message.properties
    device_id = parse_recipient(own.to if own else None)
    if own is None or device_id is None:
        raise BadRequestError("The property `to` must be /devices/{id}/messages/devicebound.")
    expires = _instant(own.absolute_expiry_time)
    system = {
        "$.to": own.to,
        "$.mid": _text(own.message_id),
        "$.cid": _text(own.correlation_id),
        "$.uid": _text(own.user_id),
        "$.ct": own.content_type,
        "$.ce": own.content_encoding,
        "$.exp": None if expires is None else instant_text(expires),
    }
    given = {key: value for key, value in system.items() if value is not None}
    others = {str(key): _text(value) for key, value in message.application_properties.items()}
    return Outgoing(device_id, {**given, **others}, _body(message), expires)


def _instant(milliseconds: int | None) -> float | None:
    if milliseconds is None:
        return None
    if not 0 <= milliseconds / 1000 <= LATEST:
        raise BadRequestError("absolute-expiry-time is no instant.")
    return milliseconds / 1000


def _text(value: AmqpValue) -> str | None:
    """Write a property as devices get them: everything is text there."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _body(message: Message) -> bytes:
    if message.data is not None:
        return message.data
    if isinstance(message.value, str | bytes):
        return message.value.encode() if isinstance(message.value, str) else message.value
    raise BadRequestError("The body of a message to a device must be bytes or a text.")


def bag(properties: Mapping[str, str | None]) -> str:
    """Write properties for a topic: `key=value`, `key=` where it is empty, `key` for none."""
    return "&".join(
        quote(key, safe="") + ("" if value is None else f"={quote(value, safe='')}")
        for key, value in properties.items()
    )
