"""Messages that wait for a device: limits, expiry, deliveries, and how they look on both wires."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.iothub.core.errors import (
    BadRequestError,
    DeviceNotFoundError,
    MessageTooLargeError,
    QueueDepthExceededError,
)
from simulators.iothub.core.mailbox import LIFE_SECONDS, MOST_DELIVERIES, MOST_PENDING
from simulators.iothub.core.mailbox import MessageSettled as Settled
from simulators.iothub.protocol.amqp.message import (
    Message,
    MessageProperties,
    read_message,
    write_message,
)
from simulators.iothub.protocol.amqp.values import Timestamp
from simulators.iothub.protocol.cloud_messages import Outgoing, bag, parse_cloud_message
from simulators.iothub.protocol.deliveries import Deliveries
from simulators.iothub.protocol.properties import parse_properties
from tests.unit.iothub.hubs import NOON, ToldHub, a_device

TO = "/devices/shelf-1/messages/devicebound"


def a_hub() -> ToldHub:
    hub = ToldHub()
    a_device(hub)
    return hub


def send(hub: ToldHub, body: bytes = b"21", expires: float | None = None, **more: str) -> None:
    hub.mail.send("shelf-1", more, body, expires, NOON)


def bodies(hub: ToldHub, now: float = NOON) -> list[bytes]:
    return [message.body for message in hub.mail.waiting("shelf-1", now)]


def outcomes(hub: ToldHub) -> list[tuple[bytes, str]]:
    settled = (event for event in hub.told if isinstance(event, Settled))
    return [(event.message.body, event.outcome) for event in settled]


def test_messages_wait_in_order_until_the_device_has_them() -> None:
    hub = a_hub()
    for body in (b"1", b"2", b"3"):
        send(hub, body)
    first, second, _ = hub.mail.waiting("shelf-1", NOON)
    hub.mail.complete("shelf-1", second.number, NOON)
    assert bodies(hub) == [b"1", b"3"]
    hub.mail.complete("shelf-1", second.number, NOON)
    hub.mail.complete("shelf-1", first.number, NOON)
    assert bodies(hub) == [b"3"]
    assert outcomes(hub) == [(b"2", "Success"), (b"1", "Success")]


def test_what_waits_too_long_expires() -> None:
    hub = a_hub()
    send(hub, b"usual")
    send(hub, b"soon", expires=NOON + 5)
    send(hub, b"late", expires=NOON + 2 * LIFE_SECONDS)
    assert bodies(hub, NOON + 5) == [b"usual", b"late"]
    hub.mail.expire_all(NOON + LIFE_SECONDS)
    assert bodies(hub, NOON + LIFE_SECONDS) == [b"late"]
    assert outcomes(hub) == [(b"soon", "Expired"), (b"usual", "Expired")]


def test_a_mailbox_holds_fifty_messages_and_an_expired_one_makes_room() -> None:
    hub = a_hub()
    send(hub, b"first", expires=NOON + 1)
    for _ in range(MOST_PENDING - 1):
        send(hub)
    with pytest.raises(QueueDepthExceededError):
        send(hub)
    hub.mail.send("shelf-1", {}, b"fits", None, NOON + 1)
    assert len(bodies(hub)) == MOST_PENDING


def test_a_message_takes_at_most_64_kilobytes() -> None:
    hub = a_hub()
    send(hub, b"x" * 65_536)
    with pytest.raises(MessageTooLargeError):
        send(hub, b"x" * 65_536, note="y")


def test_a_message_for_nobody_or_with_an_unknown_ack_is_refused() -> None:
    hub = a_hub()
    with pytest.raises(DeviceNotFoundError):
        hub.mail.send("nobody", {}, b"", None, NOON)
    with pytest.raises(BadRequestError, match="iothub-ack"):
        hub.mail.send("shelf-1", {"iothub-ack": "maybe"}, b"", None, NOON)


def test_a_message_that_never_arrives_is_given_up() -> None:
    hub = a_hub()
    send(hub, b"poison")
    (message,) = hub.mail.waiting("shelf-1", NOON)
    for count in range(1, MOST_DELIVERIES + 1):
        sent = hub.mail.sent("shelf-1", message.number, NOON)
        assert sent
        assert sent.deliveries == count
    assert hub.mail.sent("shelf-1", message.number, NOON) is None
    assert outcomes(hub) == [(b"poison", "DeliveryCountExceeded")]


def test_a_mailbox_can_be_emptied_and_goes_with_its_device() -> None:
    hub = a_hub()
    send(hub)
    send(hub)
    assert hub.mail.purge("shelf-1", NOON) == 2
    assert bodies(hub) == []
    send(hub)
    hub.delete("shelf-1", "*")
    hub.mail.expire_all(NOON + LIFE_SECONDS)
    a_device(hub)
    assert bodies(hub) == []


def test_a_message_over_amqp_becomes_a_property_bag() -> None:
    identifier = uuid.UUID(int=7)
    sent = Message(
        b"21",
        properties=MessageProperties(
            message_id=identifier,
            to=TO,
            content_type="text/plain",
            user_id=b"me",
            absolute_expiry_time=Timestamp(NOON * 1000),
        ),
        application_properties={"iothub-ack": "full", "count": 3, "on": True, "none": None},
    )
    assert parse_cloud_message(read_message(write_message(sent))) == Outgoing(
        "shelf-1",
        {
            "$.to": TO,
            "$.mid": str(identifier),
            "$.uid": "me",
            "$.ct": "text/plain",
            "$.exp": "2026-11-23T12:00:00.0000000Z",
            "iothub-ack": "full",
            "count": "3",
            "on": "true",
            "none": None,
        },
        b"21",
        NOON,
    )


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(Message(b""), id="to nobody"),
        pytest.param(Message(b"", properties=MessageProperties(to="/queues/a")), id="to a queue"),
        pytest.param(Message(value=[1], properties=MessageProperties(to=TO)), id="a list"),
        pytest.param(
            Message(properties=MessageProperties(to=TO, absolute_expiry_time=Timestamp(2**62))),
            id="an expiry beyond time",
        ),
    ],
)
def test_a_message_over_amqp_that_makes_no_sense_is_refused(message: Message) -> None:
    with pytest.raises(BadRequestError):
        parse_cloud_message(message)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.dictionaries(texts.filter(bool), st.none() | texts, max_size=6))
def test_a_property_bag_is_read_back(properties: dict[str, str | None]) -> None:
    assert parse_properties(bag(properties)) == properties


def test_an_identifier_stands_for_one_message_at_a_time() -> None:
    deliveries = Deliveries()
    first = deliveries.begin(7)
    assert deliveries.carry(7)
    used = {deliveries.next_id() for _ in range(0xFFFF)}
    assert first not in used
    assert deliveries.end(first) == 7
    assert deliveries.end(first) is None
    assert not deliveries.carry(7)
