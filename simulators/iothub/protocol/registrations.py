"""The provisioning service's MQTT: who registers, what it asks, where it is answered.

https://learn.microsoft.com/azure/iot/iot-mqtt-connect-to-iot-dps
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from simulators.iothub.protocol.packets import ProtocolViolationError
from simulators.iothub.protocol.properties import Properties, parse_properties, request_id

ANSWERS: Final = "$dps/registrations/res/#"
_PUT: Final = "$dps/registrations/PUT/iotdps-register/"
_GET: Final = "$dps/registrations/GET/iotdps-get-operationstatus/"


@dataclass(frozen=True, slots=True)
class Registrant:
    """What a device says of itself that wants to be provisioned."""

    scope: str
    registration_id: str
    fields: Properties

    @property
    def name(self) -> str:
        """A name that no device of the hub can have."""
        return f"$dps/registrations/{self.registration_id}"

    @property
    def client_id(self) -> str:
        """The client id it must have."""
        return self.registration_id


@dataclass(frozen=True, slots=True)
class RegistrationAsked:
    """A device asks to be assigned; the body may say more."""

    request_id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class StatusAsked:
    """A device asks what became of its registration."""

    request_id: str
    operation_id: str


def parse_registrant(text: str) -> Registrant | None:
    """Read `{scope}/registrations/{id}/api-version=...`; None for a device of a hub."""
    parts = text.split("/", 3)
    if len(parts) < 3 or parts[1] != "registrations":
        return None
    scope, _, registration_id, *rest = parts
    if not scope or not registration_id:
        raise ProtocolViolationError("The user name is not {scope}/registrations/{id}/api-version=")
    return Registrant(scope, registration_id, parse_properties(rest[0] if rest else ""))


def parse_asked(topic: str, body: bytes) -> RegistrationAsked | StatusAsked:
    """Understand what a registrant published; raises ProtocolViolationError."""
    if topic.startswith(_PUT):
        return RegistrationAsked(request_id(topic, _PUT), body)
    if topic.startswith(_GET):
        number = request_id(topic, _GET)
        operation = parse_properties(topic[len(_GET) + 1 :]).get("operationId")
        return StatusAsked(number, operation or "")
    raise ProtocolViolationError(f"A registrant must not publish on {topic[:200]}")


def answer_topic(status: int, request_id: str, retry_after: int | None = None) -> str:
    """Where a registrant is answered."""
    topic = f"$dps/registrations/res/{status}/?$rid={quote(request_id, safe='')}"
    return topic if retry_after is None else f"{topic}&retry-after={retry_after}"
