"""Events as AMQP messages, with the annotations that Azure's readers look for.

https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-messages-construct
"""

from simulators.iothub.core.event_log import StoredEvent
from simulators.iothub.core.instants import parse_instant
from simulators.iothub.protocol.amqp.message import Message, MessageProperties, write_message
from simulators.iothub.protocol.amqp.values import AmqpValue, Symbol, timestamp


def event_message(stored: StoredEvent, last: StoredEvent | None, now: float) -> bytes:
    """Write an event; `last` is the newest of its partition, for readers that asked for it."""
    event = stored.event
    enqueued = timestamp(event.enqueued)
    annotations: dict[AmqpValue, AmqpValue] = {
        Symbol("x-opt-sequence-number"): stored.sequence,
        Symbol("x-opt-offset"): str(stored.offset),
        Symbol("x-opt-enqueued-time"): enqueued,
        Symbol("iothub-connection-device-id"): event.device_id,
        Symbol("iothub-enqueuedtime"): enqueued,
        Symbol("iothub-message-source"): event.source,
    }
    if event.module_id is not None:
        annotations[Symbol("iothub-connection-module-id")] = event.module_id
    annotations |= {Symbol(name): value for name, value in event.annotations.items()}
    message = Message(
        data=event.body,
        properties=_properties(event.system) if event.system else None,
        application_properties=dict(event.properties),
        annotations=annotations,
        delivery_annotations={} if last is None else _newest(last, now),
    )
    return write_message(message)


def _properties(system: AmqpValue) -> MessageProperties:
    user, expiry = system.get("user-id"), parse_instant(system.get("absolute-expiry-time", ""))
    return MessageProperties(
        message_id=system.get("message-id"),
        user_id=None if user is None else user.encode(),
        to=system.get("to"),
        correlation_id=system.get("correlation-id"),
        content_type=system.get("content-type"),
        content_encoding=system.get("content-encoding"),
        absolute_expiry_time=None if expiry is None else timestamp(expiry),
    )


def _newest(last: StoredEvent, now: float) -> dict[AmqpValue, AmqpValue]:
    return {
        Symbol("last_enqueued_sequence_number"): last.sequence,
        Symbol("last_enqueued_offset"): str(last.offset),
        Symbol("last_enqueued_time_utc"): timestamp(last.event.enqueued),
        Symbol("runtime_info_retrieval_time_utc"): timestamp(now),
    }
