"""What becomes an event, what it says, and how it looks as an AMQP message."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from simulators.iothub.core.event_log import RoutedEvent, StoredEvent
from simulators.iothub.core.hub import Hub
from simulators.iothub.core.identity import IdentityWish
from simulators.iothub.core.routing import ROUTES, Router
from simulators.iothub.core.twin import TwinPatch
from simulators.iothub.protocol.amqp.message import Message, read_message
from simulators.iothub.protocol.amqp.values import Symbol, Timestamp
from simulators.iothub.protocol.event_messages import event_message
from tests.unit.iothub.hubs import NOON, ToldHub, a_device


def routed(*routes: str, act: Callable[[Hub], Any]) -> list[RoutedEvent]:
    """Give the events that a deed makes on a hub with one device."""
    hub, router = ToldHub(), Router("shop-hub", routes)
    a_device(hub)
    hub.told.clear()
    act(hub)
    return [event for happened in hub.told for event in router.events(happened, NOON + 1)]


def as_message(event: RoutedEvent) -> Message:
    return read_message(event_message(StoredEvent(0, 7, 512, event), None, NOON))


def test_a_report_says_what_was_reported_and_when() -> None:
    (event,) = routed(
        "twinChangeEvents", act=lambda hub: hub.report("shelf-1", {"a": {"b": 1}}, NOON + 1)
    )
    at = "2026-11-23T12:00:01.0000000Z"
    assert json.loads(event.body) == {
        "version": 3,
        "properties": {
            "reported": {
                "a": {"b": 1},
                "$metadata": {
                    "$lastUpdated": at,
                    "a": {"$lastUpdated": at, "b": {"$lastUpdated": at}},
                },
                "$version": 2,
            }
        },
    }
    assert event.properties == {
        "deviceId": "shelf-1",
        "hubName": "shop-hub",
        "operationTimestamp": at,
        "opType": "updateTwin",
        "iothub-message-schema": "twinChangeNotification",
    }


def test_an_update_says_only_what_was_sent() -> None:
    def act(hub: Hub) -> None:
        hub.patch_twin("shelf-1", TwinPatch({"store": "1"}, {"price": 119, "old": None}), "*", NOON)
        hub.patch_twin("shelf-1", TwinPatch(tags={"store": "2"}), "*", NOON)

    both, tags = (json.loads(event.body) for event in routed("twinChangeEvents", act=act))
    assert both["tags"] == {"store": "1"}
    desired = both["properties"]["desired"]
    assert (desired["price"], desired["old"], desired["$version"]) == (119, None, 2)
    assert desired["$metadata"]["price"]["$lastUpdatedVersion"] == 2
    assert tags == {"version": 4, "tags": {"store": "2"}}


def test_a_replacement_says_all_that_is_there_now() -> None:
    def act(hub: Hub) -> None:
        hub.replace_twin("shelf-1", TwinPatch(desired={"price": 1}), "*", NOON)

    (event,) = routed("twinChangeEvents", act=act)
    assert event.properties["opType"] == "replaceTwin"
    assert json.loads(event.body)["properties"]["desired"]["price"] == 1
    assert "tags" not in json.loads(event.body)


def test_devices_that_come_and_go_are_told_with_their_twins() -> None:
    def act(hub: Hub) -> None:
        hub.create(IdentityWish("shelf-2"), NOON, TwinPatch({"store": "1"}, {"price": 1}))
        hub.delete("shelf-2", "*")

    made, gone = routed("deviceLifecycleEvents", act=act)
    assert made.properties["opType"] == "createDeviceIdentity"
    assert gone.properties["opType"] == "deleteDeviceIdentity"
    for event in (made, gone):
        body = json.loads(event.body)
        assert (body["deviceId"], body["tags"]) == ("shelf-2", {"store": "1"})
        assert body["properties"]["desired"]["price"] == 1
        assert event.properties["iothub-message-schema"] == "deviceLifecycleNotification"


def test_connections_are_told_with_sequence_numbers_that_rise() -> None:
    def act(hub: Hub) -> None:
        for _ in range(3):
            hub.connected("shelf-1", NOON, clean=True)
            hub.disconnected("shelf-1", NOON)

    events = routed("deviceConnectionStateEvents", act=act)
    kinds = [event.properties["opType"] for event in events]
    assert kinds == ["deviceConnected", "deviceDisconnected"] * 3
    numbers = [json.loads(event.body)["sequenceNumber"] for event in events]
    assert numbers == sorted(set(numbers))
    assert {len(number) for number in numbers} == {64}


def test_nothing_is_routed_that_nobody_asked_for() -> None:
    def act(hub: Hub) -> None:
        hub.create(IdentityWish("shelf-2"), NOON)
        hub.connected("shelf-1", NOON, clean=True)
        hub.report("shelf-1", {"a": 1}, NOON)

    assert routed(act=act) == []
    assert {event.source for event in routed(*ROUTES, act=act)} == set(ROUTES)
    with pytest.raises(ValueError, match="no source 'prices'"):
        Router("hub", ["prices"])


def test_a_devices_message_carries_its_properties_in_their_places() -> None:
    identity = a_device(ToldHub()).identity
    sent = {"$.mid": "m1", "$.ct": "text/plain", "$.uid": "me", "alert": "yes", "none": None}
    event = Router("hub").telemetry(identity, sent, b"21", NOON)
    message = as_message(event)
    assert message.data == b"21"
    assert message.application_properties == {"alert": "yes", "none": None}
    assert message.properties
    assert message.properties.message_id == "m1"
    assert message.properties.content_type == "text/plain"
    assert message.properties.user_id == b"me"
    assert message.annotations == {
        Symbol("x-opt-sequence-number"): 7,
        Symbol("x-opt-offset"): "512",
        Symbol("x-opt-enqueued-time"): Timestamp(NOON * 1000),
        Symbol("iothub-connection-device-id"): "shelf-1",
        Symbol("iothub-enqueuedtime"): Timestamp(NOON * 1000),
        Symbol("iothub-message-source"): "Telemetry",
        Symbol("iothub-connection-auth-method"): (
            '{"scope":"device","type":"sas","issuer":"iothub","acceptingIpFilterRule":null}'
        ),
        Symbol("iothub-connection-auth-generation-id"): identity.generation,
    }


def test_a_bare_message_has_no_empty_properties() -> None:
    event = Router("hub").telemetry(a_device(ToldHub()).identity, {}, b"21", NOON)
    message = as_message(event)
    assert message.properties is None
    assert message.application_properties == {}


def test_what_the_hub_tells_says_that_it_is_json() -> None:
    (event,) = routed("twinChangeEvents", act=lambda hub: hub.report("shelf-1", {"a": 1}, NOON))
    message = as_message(event)
    assert message.properties
    assert message.properties.content_type == "application/json"
    assert message.properties.content_encoding == "utf-8"


def test_who_asks_for_the_newest_event_is_told_with_each() -> None:
    first, last = (
        StoredEvent(0, number, number * 200, RoutedEvent("Telemetry", "a", NOON + number, b""))
        for number in (1, 9)
    )
    message = read_message(event_message(first, last, NOON + 10))
    assert message.delivery_annotations == {
        Symbol("last_enqueued_sequence_number"): 9,
        Symbol("last_enqueued_offset"): "1800",
        Symbol("last_enqueued_time_utc"): Timestamp((NOON + 9) * 1000),
        Symbol("runtime_info_retrieval_time_utc"): Timestamp((NOON + 10) * 1000),
    }
