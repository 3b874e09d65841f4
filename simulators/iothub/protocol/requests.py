"""Questions that come as AMQP messages and are answered by one: tokens, and facts about events.

Claims based security: https://docs.oasis-open.org/amqp/amqp-cbs/v1.0/amqp-cbs-v1.0.html; the
operations on `$management`: https://learn.microsoft.com/azure/event-hubs/event-hubs-amqp-troubleshoot
and what the SDKs send.
"""

from collections.abc import Callable, Sequence

from simulators.iothub.core.errors import BadRequestError, HubError, ResourceNotFoundError
from simulators.iothub.core.event_log import Partition
from simulators.iothub.core.instants import NEVER
from simulators.iothub.protocol.amqp.message import Message, MessageProperties
from simulators.iothub.protocol.amqp.values import AmqpValue, Array, Int, timestamp


def answer(request: Message, deal: Callable[[Message], AmqpValue]) -> Message:
    """Deal with a request, and answer it with what came of it or why it was refused.

    The status of success must be 200: Node's client takes no other, not even 202.
    """
    try:
        value, status, description = deal(request), 200, "OK"
    except HubError as error:
        value, status, description = None, int(error.status), error.message
    return Message(
        value=value,
        properties=MessageProperties(correlation_id=_correlation(request)),
        application_properties={"status-code": Int(status), "status-description": description},
    )


def _correlation(request: Message) -> AmqpValue:
    asked = request.properties
    return None if asked is None else asked.correlation_id or asked.message_id


def reply_address(request: Message) -> str | None:
    """Where the answer is wanted; None for the link that is there for answers."""
    return request.properties.reply_to if request.properties else None


def token_of(request: Message) -> str:
    """Read the token of a put-token request; raises BadRequestError."""
    if request.application_properties.get("operation") != "put-token":
        raise BadRequestError("The only operation here is put-token.")
    token = request.value if request.data is None else request.data.decode(errors="replace")
    if not isinstance(token, str):
        raise BadRequestError("A token is a text.")
    return token


def read_facts(
    request: Message, name: str, partitions: Sequence[Partition], created: float
) -> AmqpValue:
    """Answer READ of an event hub or of one of its partitions; raises HubError."""
    asked = request.application_properties
    if asked.get("operation") != "READ":
        raise BadRequestError("The only operation here is READ.")
    if str(asked.get("name", name)).lower() != name:
        raise ResourceNotFoundError(f"There is no event hub {asked.get('name')!r:.100}.")
    match asked.get("type"):
        case "com.microsoft:eventhub":
            return _event_hub(name, len(partitions), created)
        case "com.microsoft:partition":
            number = partition_number(str(asked.get("partition")), len(partitions))
            return _partition(name, number, partitions[number])
    raise BadRequestError("Only com.microsoft:eventhub and com.microsoft:partition can be read.")


def partition_number(text: str, count: int) -> int:
    """Understand a partition's name; raises ResourceNotFoundError."""
    if not text.isdecimal() or len(text) > 4 or int(text) >= count:
        raise ResourceNotFoundError(
            f"There is no partition {text[:20]}; there are {count}, from 0."
        )
    return int(text)


def _event_hub(name: str, count: int, created: float) -> AmqpValue:
    return {
        "name": name,
        "type": "com.microsoft:eventhub",
        "created_at": timestamp(created),
        "partition_count": Int(count),
        "partition_ids": Array(tuple(map(str, range(count)))),
    }


def _partition(name: str, number: int, partition: Partition) -> AmqpValue:
    last = partition.last
    return {
        "name": name,
        "type": "com.microsoft:partition",
        "partition": str(number),
        "begin_sequence_number": partition.first,
        "last_enqueued_sequence_number": partition.next - 1,
        "last_enqueued_offset": str(last.offset) if last else "-1",
        "last_enqueued_time_utc": timestamp(last.event.enqueued if last else NEVER),
        "is_partition_empty": last is None,
    }
