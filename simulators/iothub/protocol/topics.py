"""IoT Hub's MQTT topics: what a device or module may publish, and where the hub answers.

https://learn.microsoft.com/azure/iot/iot-mqtt-connect-to-iot-hub
"""

from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import quote

from simulators.iothub.protocol.packets import ProtocolViolationError
from simulators.iothub.protocol.properties import Properties, parse_properties, request_id

TWIN_ANSWERS: Final = "$iothub/twin/res/#"
DESIRED_PATCHES: Final = "$iothub/twin/PATCH/properties/desired/#"
METHODS: Final = "$iothub/methods/POST/#"

_TWIN_GET: Final = "$iothub/twin/GET/"
_REPORTED: Final = "$iothub/twin/PATCH/properties/reported/"
_METHOD_ANSWER: Final = "$iothub/methods/res/"


@dataclass(frozen=True, slots=True)
class UserName:
    """What a device says of itself when it connects."""

    host: str
    device_id: str
    module_id: str | None
    fields: Properties

    @property
    def name(self) -> str:
        """The device's id, or `device/module`: the client id it must have."""
        return f"{self.device_id}/{self.module_id}" if self.module_id else self.device_id

    @property
    def client_id(self) -> str:
        """The client id it must have."""
        return self.name

    @property
    def api_version(self) -> str | None:
        """The api-version it speaks."""
        return self.fields.get("api-version")


@dataclass(frozen=True, slots=True)
class TwinRead:
    """A device asks for its twin."""

    request_id: str


@dataclass(frozen=True, slots=True)
class Reported:
    """A device reports."""

    request_id: str
    patch: bytes


@dataclass(frozen=True, slots=True)
class MethodAnswer:
    """A device answers a direct method."""

    request_id: str
    status: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Telemetry:
    """A device sends a message; system properties stand among the others, as `$.mid` and so on."""

    properties: Properties
    body: bytes


Request: TypeAlias = TwinRead | Reported | MethodAnswer | Telemetry


def parse_user_name(text: str) -> UserName:
    """Read `{host}/{device}[/{module}]/?api-version=...`."""
    path, _, query = text.partition("?")
    parts = path.rstrip("/").split("/")
    if len(parts) not in (2, 3) or not all(parts):
        raise ProtocolViolationError("The user name is not {host}/{device}/?api-version=...")
    module_id = parts[2] if len(parts) == 3 else None
    return UserName(parts[0], parts[1], module_id, parse_properties(query))


def topic_base(name: str) -> str:
    """Where the topics of a device (`shelf-1`) or a module (`shelf-1/camera`) begin."""
    device_id, _, module_id = name.partition("/")
    return f"devices/{device_id}/modules/{module_id}" if module_id else f"devices/{device_id}"


def parse_request(topic: str, body: bytes, name: str, *, retain: bool = False) -> Request:
    """Understand what a device or module published.

    Raises ProtocolViolationError for a topic that is not its own.
    """
    if topic.startswith(_TWIN_GET):
        return TwinRead(request_id(topic, _TWIN_GET))
    if topic.startswith(_REPORTED):
        return Reported(request_id(topic, _REPORTED), body)
    if topic.startswith(_METHOD_ANSWER):
        return _method_answer(topic, body)
    return _telemetry(topic, body, name, retain=retain)


def _method_answer(topic: str, body: bytes) -> MethodAnswer:
    status, slash, _ = topic[len(_METHOD_ANSWER) :].partition("/")
    if not slash or not status.lstrip("-").isdecimal() or len(status) > 10:
        raise ProtocolViolationError("A method's answer needs a status that is a number.")
    return MethodAnswer(request_id(topic, f"{_METHOD_ANSWER}{status}/"), int(status), body)


def _telemetry(topic: str, body: bytes, name: str, *, retain: bool) -> Telemetry:
    base = f"{topic_base(name)}/messages/events"
    bag = topic[len(base) + 1 :]
    if topic not in (base, f"{base}/{bag}"):
        raise ProtocolViolationError(f"{name} must not publish on {topic[:200]}")
    properties = dict(parse_properties(bag.rstrip("/")))
    if retain:
        properties["mqtt-retain"] = "true"
    return Telemetry(properties, body)


def is_allowed(topic_filter: str, name: str) -> bool:
    """Tell whether a device or module may subscribe to this."""
    inbox = f"{topic_base(name)}/inputs/#" if "/" in name else inbox_filter(name)
    return topic_filter in (TWIN_ANSWERS, DESIRED_PATCHES, METHODS, inbox)


def inbox_filter(device_id: str) -> str:
    """What a device listens to for messages from the cloud."""
    return f"devices/{device_id}/messages/devicebound/#"


def inbox_topic(device_id: str, properties: str) -> str:
    """Where a device gets a message from the cloud, with its property bag."""
    return f"devices/{device_id}/messages/devicebound/{properties}"


def twin_answer_topic(status: int, request_id: str, version: int | None = None) -> str:
    """Where a twin request is answered."""
    topic = f"$iothub/twin/res/{status}/?$rid={quote(request_id, safe='')}"
    return topic if version is None else f"{topic}&$version={version}"


def desired_topic(version: int) -> str:
    """Where a device hears of changes to its desired properties."""
    return f"$iothub/twin/PATCH/properties/desired/?$version={version}"


def method_topic(name: str, request_id: str) -> str:
    """Where a device is asked to run a direct method."""
    return f"$iothub/methods/POST/{quote(name, safe='')}/?$rid={request_id}"
