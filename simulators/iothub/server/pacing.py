"""What devices send, through the doors: at once, later, or refused as MQTT can refuse.

A twin request has an answer, so it is told 429. Nothing else has one: there the connection ends.
https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-quotas-throttling
"""

import logging
from collections.abc import Callable
from typing import Protocol

from simulators.iothub.core.document import compact
from simulators.iothub.core.errors import HubError, ThrottledError
from simulators.iothub.core.faults import FaultKind
from simulators.iothub.core.hub import Hub
from simulators.iothub.core.tiers import Operation
from simulators.iothub.protocol.packets import Verdict
from simulators.iothub.protocol.session import Session
from simulators.iothub.protocol.session_events import Arrival, SessionEvent
from simulators.iothub.protocol.topics import MethodAnswer, Reported, Telemetry, TwinRead
from simulators.iothub.server.doors import Doors

logger = logging.getLogger(__name__)


class PacedConnection(Protocol):
    """What is needed of a device's connection."""

    session: Session
    is_late: bool

    def flush(self) -> None:
        """Send what the session has to say, once the journal allows."""

    def cut(self, reason: str) -> None:
        """End the connection at once."""

    def close(self) -> None:
        """End the connection after what was said is sent."""

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        """Do something after a while, and never before what waits already."""

    def hush(self, seconds: float) -> None:
        """Say nothing for a while, however short the next while is."""


class Pacing:
    """Stands between the connections and who serves them."""

    def __init__(self, doors: Doors, hub: Hub) -> None:
        """Ask at these doors."""
        self._doors = doors
        self._hub = hub

    def let_through(
        self, connection: PacedConnection, event: SessionEvent, serve: Callable[[], None]
    ) -> None:
        """Have what a device did served, when and if the doors let it through."""
        match event:
            case Arrival():
                self._arrival(connection, event, serve)
            case TwinRead() | Reported():
                self._twin_request(connection, event, serve)
            case Telemetry():
                self._message(connection, event, serve)
            case MethodAnswer(payload=payload):
                self._doors.charge(len(payload))
                serve()
            case _:
                serve()

    def _arrival(
        self, connection: PacedConnection, arrival: Arrival, serve: Callable[[], None]
    ) -> None:
        name = arrival.user.name
        if self._doors.strikes(FaultKind.REFUSE, name):
            connection.session.refuse(Verdict.UNAVAILABLE)
            connection.close()
            return
        try:
            wait = self._doors.take(Operation.CONNECTION, name)
        except HubError as refusal:
            connection.cut(refusal.message)
        else:
            _serve_after(wait, connection, serve)

    def _twin_request(
        self, connection: PacedConnection, request: TwinRead | Reported, serve: Callable[[], None]
    ) -> None:
        name = connection.session.name
        try:
            if isinstance(request, Reported):
                wait = self._doors.take(Operation.TWIN_UPDATE, name, len(request.patch))
            else:
                size = len(self._hub.device(name).twin.for_device())
                wait = self._doors.take(Operation.TWIN_READ, name, size)
        except ThrottledError as refusal:
            body = compact({"errorCode": refusal.number, "message": refusal.message})
            connection.session.answer_twin(refusal.status, request.request_id, body)
        except HubError as refusal:
            connection.cut(refusal.message)
        else:
            _serve_after(wait, connection, serve)

    def _message(
        self, connection: PacedConnection, message: Telemetry, serve: Callable[[], None]
    ) -> None:
        properties = sum(len(key) + len(text or "") for key, text in message.properties.items())
        size = len(message.body) + properties
        try:
            wait = self._doors.take(Operation.TELEMETRY, connection.session.name, size)
        except HubError as refusal:
            connection.cut(refusal.message)
            return
        # It is kept at once, as its PUBACK will promise; the device waits for that.
        serve()
        if wait:
            connection.hush(wait)


def _serve_after(wait: float, connection: PacedConnection, serve: Callable[[], None]) -> None:
    """Serve in the order in which a device asked: an older report must not undo a newer one."""
    if wait or connection.is_late:
        connection.later(wait, serve)
    else:
        serve()
