"""Topics and property bags of IoT Hub."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.iothub.protocol.packets import ProtocolViolationError
from simulators.iothub.protocol.properties import parse_properties
from simulators.iothub.protocol.topics import (
    MethodAnswer,
    Reported,
    Telemetry,
    TwinRead,
    method_topic,
    parse_request,
    parse_user_name,
    twin_answer_topic,
)


def test_a_user_name_tells_hub_device_and_version() -> None:
    user = parse_user_name("localhost/shelf-1/?api-version=2019-10-01&DeviceClientType=py%2F2.14")
    assert (user.host, user.device_id, user.module_id) == ("localhost", "shelf-1", None)
    assert user.api_version == "2019-10-01"
    assert user.fields["DeviceClientType"] == "py/2.14"


def test_a_module_is_told_from_a_device() -> None:
    assert parse_user_name("hub/shelf-1/camera/?api-version=1").module_id == "camera"


@pytest.mark.parametrize("text", ["", "host", "host//?x=1", "a/b/c/d/?api-version=1"])
def test_a_user_name_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(ProtocolViolationError):
        parse_user_name(text)


def test_a_property_without_a_value_is_not_an_empty_one() -> None:
    assert parse_properties("a&b=&c=1%202+3&=x") == {"a": None, "b": "", "c": "1 2+3", "": "x"}


@given(st.dictionaries(st.text(), st.text()))
def test_properties_survive_their_encoding(properties: dict[str, str]) -> None:
    bag = "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in properties.items())
    assert parse_properties(bag) == properties


def test_what_a_device_publishes_is_understood() -> None:
    twin = parse_request("$iothub/twin/GET/?$rid=7", b" ", "d")
    assert twin == TwinRead("7")
    patch = parse_request("$iothub/twin/PATCH/properties/reported/?$rid=a-b", b"{}", "d")
    assert patch == Reported("a-b", b"{}")
    answer = parse_request("$iothub/methods/res/-5/?$rid=1f", b"null", "d")
    assert answer == MethodAnswer("1f", -5, b"null")
    message = parse_request("devices/d/messages/events/$.mid=1&x", b"!", "d", retain=True)
    assert message == Telemetry({"$.mid": "1", "x": None, "mqtt-retain": "true"}, b"!")


@pytest.mark.parametrize(
    "topic",
    [
        "devices/other/messages/events/",
        "devices/d/messages/eventsource",
        "$iothub/twin/GET/",
        "$iothub/twin/GET/?$rid=",
        "$iothub/twin/PATCH/properties/desired/?$rid=1",
        "$iothub/methods/res/ok/?$rid=1",
        "$iothub/methods/res/200",
        f"$iothub/twin/GET/?$rid={'x' * 2000}",
        "anything",
    ],
)
def test_a_device_may_publish_nowhere_else(topic: str) -> None:
    with pytest.raises(ProtocolViolationError):
        parse_request(topic, b"", "d")


def test_answers_carry_the_request_id_and_the_version() -> None:
    assert twin_answer_topic(200, "1") == "$iothub/twin/res/200/?$rid=1"
    assert twin_answer_topic(204, "a b", 9) == "$iothub/twin/res/204/?$rid=a%20b&$version=9"
    assert method_topic("set/up", "1") == "$iothub/methods/POST/set%2Fup/?$rid=1"
