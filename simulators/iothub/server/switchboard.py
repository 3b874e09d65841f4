"""Joins devices, services, the pure hub and the journal.

All of it runs on one event loop, so a request is decided at once and in order; only what it says to
the outside waits for the journal.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from simulators.iothub.core.document import JsonValue, compact, parse_json, parse_object
from simulators.iothub.core.errors import (
    BadDeviceAnswerError,
    BadRequestError,
    DeviceNotOnlineError,
    HubError,
    MethodTimedOutError,
    UnauthorizedError,
)
from simulators.iothub.core.events import AccessWithdrawn, HubEvent, TwinChanged
from simulators.iothub.core.hub import Hub
from simulators.iothub.core.identity import Entropy
from simulators.iothub.core.methods import MethodCall, PendingCalls
from simulators.iothub.core.telemetry import DeviceMessage, MessageRing
from simulators.iothub.core.twin import Twin
from simulators.iothub.protocol.packets import Verdict
from simulators.iothub.protocol.session import (
    Arrival,
    Farewell,
    Listening,
    Session,
    SessionEvent,
    Violation,
)
from simulators.iothub.protocol.topics import MethodAnswer, Reported, Request, Telemetry, TwinRead
from simulators.iothub.server.journal import Journal

logger = logging.getLogger(__name__)

SWEEP_SECONDS: Final = 1.0
"""How often connections are looked at for silence and for tokens that ran out."""


class Connection(Protocol):
    """What the switchboard needs of a device's connection."""

    session: Session
    clean: bool
    expires: float

    def flush(self) -> None:
        """Send what the session has to say, once the journal allows."""

    def silence(self) -> float:
        """Seconds since the device was last heard."""

    def cut(self, reason: str) -> None:
        """End the connection at once."""

    def close(self) -> None:
        """End the connection after what was said is sent."""


@dataclass(frozen=True, slots=True)
class MethodResult:
    """What a device answered to a direct method."""

    status: int
    payload: JsonValue


class Switchboard:
    """Who is connected, and what happens to what they send."""

    def __init__(
        self,
        names: Iterable[str],
        policies: dict[str, tuple[str, ...]],
        journal: Journal,
        entropy: Entropy,
        clock: Callable[[], float],
    ) -> None:
        """Start with what the journal kept; `clock` gives UTC seconds."""
        self.hub = Hub(names, policies, entropy, self._on_event)
        self.messages = MessageRing()
        self.clock = clock
        self.journal = journal
        self._connections: dict[str, Connection] = {}
        self._all: set[Connection] = set()
        self._calls = PendingCalls()
        self._answers: dict[str, asyncio.Future[MethodAnswer]] = {}
        self._awaited: dict[str, asyncio.Event] = {}
        for device in journal.devices():
            self.hub.restore(device)

    def _on_event(self, event: HubEvent) -> None:
        self.journal.keep(event)
        match event:
            case TwinChanged(device_id=device_id, twin=twin, desired=patch) if patch is not None:
                self._tell_desired(device_id, twin, patch)
            case AccessWithdrawn(device_id, reason):
                if connection := self._connections.get(device_id):
                    connection.cut(reason)

    def _tell_desired(self, device_id: str, twin: Twin, patch: JsonValue) -> None:
        if connection := self._connections.get(device_id):
            version = twin.desired.version
            connection.session.tell_desired(version, compact({**patch, "$version": version}))
            connection.flush()

    # -- connections

    @property
    def connected_count(self) -> int:
        """Count the devices that are connected."""
        return len(self._connections)

    def opened(self, connection: Connection) -> None:
        """Take note of a peer that has not said yet who it is."""
        self._all.add(connection)

    def lost(self, connection: Connection) -> None:
        """A connection ended: publish its will, unless it said goodbye."""
        self._all.discard(connection)
        session = connection.session
        if self._connections.get(session.device_id) is connection:
            del self._connections[session.device_id]
            self.hub.disconnected(session.device_id, self.clock())
            if session.will:
                self._keep_message(session.device_id, session.will)

    def sweep(self) -> None:
        """Cut who is silent for too long and whose token ran out."""
        now = self.clock()
        for connection in tuple(self._all):
            if connection.silence() > connection.session.longest_silence:
                connection.cut("nothing was heard of it for too long")
            elif connection.expires <= now:
                connection.cut("its token expired")

    async def sweep_forever(self) -> None:
        """Sweep until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.sweep()

    def cut_all(self) -> None:
        """End every connection: the hub stops."""
        for connection in tuple(self._all):
            connection.cut("the hub stops")

    # -- what devices send

    def handle(self, connection: Connection, event: SessionEvent) -> None:
        """Follow a device's connection, and do what it asks."""
        match event:
            case Arrival():
                self._arrive(connection, event)
            case Listening(filters):
                self._listen(connection, filters)
            case Farewell():
                connection.close()
            case Violation(reason):
                connection.cut(reason)
            case _:
                self._serve(connection, event)

    def _serve(self, connection: Connection, request: Request) -> None:
        device_id, session = connection.session.device_id, connection.session
        match request:
            case TwinRead(request_id):
                session.answer_twin(200, request_id, self.hub.device(device_id).twin.for_device())
            case Reported():
                self._report(connection, request)
            case MethodAnswer():
                self._answered(device_id, request)
            case Telemetry():
                self._keep_message(device_id, request)

    def _arrive(self, connection: Connection, arrival: Arrival) -> None:
        device_id = arrival.user.device_id
        try:
            connection.expires = self._admit(arrival)
        except HubError as error:
            logger.warning("%s was refused: %s", device_id, error)
            connection.session.refuse(Verdict.NOT_AUTHORIZED)
            connection.close()
            return
        self._take_over(connection, arrival)

    def _admit(self, arrival: Arrival) -> float:
        user = arrival.user
        if not self.hub.is_named(user.host):
            raise UnauthorizedError(f"its user name is for another hub, {user.host}")
        if user.module_id:
            raise UnauthorizedError("module identities are not simulated yet")
        return self.hub.admit_device(user.device_id, arrival.password or "", self.clock())

    def _take_over(self, connection: Connection, arrival: Arrival) -> None:
        """A device has one connection: the new one drops the old one."""
        device_id = arrival.user.device_id
        if older := self._connections.get(device_id):
            older.cut("the device connected again")
            self.lost(older)
        connection.clean = arrival.clean
        self._connections[device_id] = connection
        present = self.hub.connected(device_id, self.clock(), clean=arrival.clean)
        kept = () if arrival.clean else self.hub.device(device_id).filters
        connection.session.accept(kept, session_present=present)
        self._is_listening(device_id)

    def _listen(self, connection: Connection, filters: tuple[tuple[str, int], ...]) -> None:
        device_id = connection.session.device_id
        if not connection.clean:
            self.hub.subscribe(device_id, filters)
        self._is_listening(device_id)

    def _report(self, connection: Connection, event: Reported) -> None:
        session = connection.session
        try:
            patch = parse_object(event.patch)
            version = self.hub.report(session.device_id, patch, self.clock())
        except BadRequestError as error:
            body = compact({"errorCode": error.number, "message": error.message})
            session.answer_twin(error.status, event.request_id, body)
        else:
            session.answer_twin(204, event.request_id, version=version)

    def _keep_message(self, device_id: str, message: Telemetry) -> None:
        self.messages.append(
            DeviceMessage(device_id, message.properties, message.body, self.clock())
        )

    # -- direct methods

    async def call_method(self, device_id: str, call: MethodCall) -> MethodResult:
        """Ask a device and wait for its answer, as long as the call allows."""
        connection = await self._listener(device_id, call.connect_seconds)
        pending = self._calls.open(device_id)
        answer = asyncio.get_running_loop().create_future()
        self._answers[pending.request_id] = answer
        connection.session.ask_method(call.name, pending.request_id, call.payload)
        connection.flush()
        try:
            async with asyncio.timeout(call.response_seconds):
                return _result(await answer)
        except TimeoutError:
            raise MethodTimedOutError(
                f"Timed out waiting for the response from device {device_id}."
            ) from None
        finally:
            self._calls.give_up(pending)
            del self._answers[pending.request_id]

    async def _listener(self, device_id: str, patience: int) -> Connection:
        """Wait until the device is connected and listens for methods."""
        try:
            async with asyncio.timeout(patience):
                while (found := self._method_connection(device_id)) is None:
                    await self._awaited.setdefault(device_id, asyncio.Event()).wait()
        except TimeoutError:
            raise DeviceNotOnlineError(
                f"Timed out waiting for device {device_id} to connect."
            ) from None
        return found

    def _method_connection(self, device_id: str) -> Connection | None:
        self.hub.device(device_id)
        connection = self._connections.get(device_id)
        return connection if connection and connection.session.takes_methods else None

    def _is_listening(self, device_id: str) -> None:
        if event := self._awaited.pop(device_id, None):
            event.set()

    def _answered(self, device_id: str, answer: MethodAnswer) -> None:
        if self._calls.answered(answer.request_id, device_id):
            self._answers[answer.request_id].set_result(answer)


def _result(answer: MethodAnswer) -> MethodResult:
    try:
        payload = parse_json(answer.payload) if answer.payload else None
    except BadRequestError as error:
        raise BadDeviceAnswerError(f"The device's answer is not JSON: {error}") from error
    return MethodResult(answer.status, payload)
