"""Joins devices, services, the pure hub and the journal.

All of it runs on one event loop, so a request is decided at once and in order; only what it says to
the outside waits for the journal.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from cryptography import x509

from simulators.iothub.core.certificate import ClientCertificate
from simulators.iothub.core.document import JsonValue, compact, parse_object
from simulators.iothub.core.errors import (
    BadRequestError,
    DeviceNotOnlineError,
    HubError,
    UnauthorizedError,
)
from simulators.iothub.core.events import AccessWithdrawn, HubEvent, TwinChanged
from simulators.iothub.core.faults import FaultKind
from simulators.iothub.core.hub import Hub
from simulators.iothub.core.mailbox import MessageQueued
from simulators.iothub.core.twin import Twin
from simulators.iothub.protocol.packets import Verdict
from simulators.iothub.protocol.registrations import (
    Registrant,
    RegistrationAsked,
    StatusAsked,
)
from simulators.iothub.protocol.session import Session
from simulators.iothub.protocol.session_events import (
    Arrival,
    Confirmed,
    Farewell,
    Listening,
    SessionEvent,
    Violation,
)
from simulators.iothub.protocol.topics import MethodAnswer, Reported, Request, Telemetry, TwinRead
from simulators.iothub.server.event_flow import EventFlow
from simulators.iothub.server.journal import Journal
from simulators.iothub.server.mail_delivery import deliver
from simulators.iothub.server.method_calls import MethodCalls
from simulators.iothub.server.pacing import Pacing
from simulators.iothub.server.thief import Thief

if TYPE_CHECKING:
    from simulators.iothub.core.allowance import MeterReading
    from simulators.iothub.server.provisioning import Provisioning

logger = logging.getLogger(__name__)

SWEEP_SECONDS: Final = 1.0
"""How often connections are looked at for silence and for tokens that ran out."""


class Connection(Protocol):
    """What the switchboard needs of a device's connection."""

    session: Session
    is_late: bool
    certificate: ClientCertificate | None
    clean: bool
    expires: float

    def certificates(self) -> tuple[x509.Certificate, ...]:
        """Give what the device showed, its own certificate first."""

    def flush(self) -> None:
        """Send what the session has to say, once the journal allows."""

    def silence(self) -> float:
        """Seconds since the device was last heard."""

    def cut(self, reason: str) -> None:
        """End the connection at once."""

    def close(self) -> None:
        """End the connection after what was said is sent."""

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        """Do something after a while, and never before what waits already."""

    def hush(self, seconds: float) -> None:
        """Say nothing for a while, however short the next while is."""


class Switchboard:
    """Who is connected, and what happens to what they send."""

    def __init__(
        self,
        make: Callable[[Callable[[HubEvent], None]], Hub],
        journal: Journal,
        events: EventFlow,
    ) -> None:
        """Start with what the journal kept; `make` gives a hub that tells the switchboard."""
        self.hub = make(self._on_event)
        self.events = events
        self.doors = events.doors
        self._pacing = Pacing(self.doors, self.hub)
        self._meter_kept: MeterReading | None = None
        self.clock = events.clock
        self.journal = journal
        self.provisioning: Provisioning | None = None
        self._connections: dict[str, Connection] = {}
        self._all: set[Connection] = set()
        self.methods = MethodCalls(self._takes_methods)
        for device in journal.devices():
            self.hub.restore(device)

    def _on_event(self, event: HubEvent) -> None:
        self.journal.keep(event)
        self.events.change(event)
        match event:
            case TwinChanged(device_id=name, twin=twin, desired=patch) if patch is not None:
                self._tell_desired(name, twin, patch)
            case AccessWithdrawn(name, reason):
                if connection := self._connections.get(name):
                    connection.cut(reason)
            case MessageQueued(name):
                if connection := self._connections.get(name):
                    deliver(self.hub, connection.session, self.clock())
                    connection.flush()

    def _tell_desired(self, name: str, twin: Twin, patch: JsonValue) -> None:
        if connection := self._connections.get(name):
            if self.doors.is_watched and self.doors.strikes(FaultKind.LOSE_PATCH, name):
                return
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
        if session.is_registrant and self.provisioning:
            self.provisioning.left(session)
        if self._connections.get(session.name) is connection:
            del self._connections[session.name]
            self.hub.disconnected(session.name, self.clock())
            if session.will:
                self._keep_message(session.name, session.will)

    def sweep(self) -> None:
        """Cut who is silent for too long and whose token ran out."""
        now = self.clock()
        for connection in tuple(self._all):
            if connection.silence() > connection.session.longest_silence:
                connection.cut("nothing was heard of it for too long")
            elif connection.expires <= now:
                connection.cut("its token expired")
        self.events.sweep(now)
        self.hub.mail.expire_all(now)
        self._keep_meter(now)

    def _keep_meter(self, now: float) -> None:
        """Keep the day's count now and then: a crash takes back at most a second of it."""
        if self.doors.allowance is None:
            return
        reading = self.doors.allowance.meter.reading(now)
        if reading != self._meter_kept:
            self._meter_kept = reading
            self.journal.keep(reading)

    def rest(self) -> None:
        """Keep what only this run knows: the hub stops."""
        self.events.rest()
        self._keep_meter(self.clock())

    async def sweep_forever(self) -> None:
        """Sweep until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.sweep()

    def cut_all(self) -> None:
        """End every connection: the hub stops."""
        for connection in tuple(self._all):
            connection.cut("the hub stops")

    def drop(self, name: str, reason: str) -> None:
        """Cut a device off; raises DeviceNotOnlineError where it is not connected."""
        self.hub.device(name)
        connection = self._connections.get(name)
        if connection is None:
            raise DeviceNotOnlineError(f"{name} is not connected.")
        connection.cut(reason)

    def steal(self, name: str) -> None:
        """Have another client come under a device's name and drop its connection."""
        self.hub.device(name)
        self._make_way(name)
        self._connections[name] = Thief(name, self.lost)
        self.hub.connected(name, self.clock(), clean=False)

    def _make_way(self, name: str) -> None:
        """A device has one connection: a new one drops the old one."""
        if older := self._connections.get(name):
            older.cut("the device connected again")
            self.lost(older)

    def _takes_methods(self, name: str) -> Connection | None:
        """Give the connection of a device that listens for direct methods now."""
        self.hub.device(name)
        connection = self._connections.get(name)
        return connection if connection and connection.session.takes_methods else None

    # -- what devices send

    def handle(self, connection: Connection, event: SessionEvent) -> None:
        """Follow a device's connection, and do what it asks, as far as the doors let it."""
        if self.doors.is_watched or connection.is_late:
            self._pacing.let_through(connection, event, lambda: self._act(connection, event))
        else:
            self._act(connection, event)

    def _act(self, connection: Connection, event: SessionEvent) -> None:
        match event:
            case Arrival(user=Registrant() as registrant, password=password):
                self._welcome(connection, registrant, password)
            case Arrival():
                self._arrive(connection, event)
            case RegistrationAsked() | StatusAsked():
                self._provision(connection, event)
            case Listening(filters):
                self._listen(connection, filters)
            case Confirmed(number):
                self.hub.mail.complete(connection.session.name, number, self.clock())
            case Farewell():
                connection.close()
            case Violation(reason):
                connection.cut(reason)
            case _:
                self._serve(connection, event)

    def _serve(self, connection: Connection, request: Request) -> None:
        name, session = connection.session.name, connection.session
        match request:
            case TwinRead(request_id):
                session.answer_twin(200, request_id, self.hub.device(name).twin.for_device())
            case Reported():
                self._report(connection, request)
            case MethodAnswer():
                self.methods.answered(name, request)
            case Telemetry():
                self._keep_message(name, request)

    def _welcome(self, connection: Connection, user: Registrant, password: str | None) -> None:
        if self.provisioning is None:
            connection.cut("there is no provisioning service here")
        else:
            self.provisioning.arrive(connection, user, password)

    def _provision(self, connection: Connection, asked: RegistrationAsked | StatusAsked) -> None:
        if self.provisioning is not None:
            self.provisioning.serve(connection, asked)

    def _arrive(self, connection: Connection, arrival: Arrival) -> None:
        name = arrival.user.name
        try:
            connection.expires = self._admit(connection, arrival)
        except HubError as error:
            logger.warning("%s was refused: %s", name, error)
            connection.session.refuse(Verdict.NOT_AUTHORIZED)
            connection.close()
            return
        self._take_over(connection, arrival)

    def _admit(self, connection: Connection, arrival: Arrival) -> float:
        user = arrival.user
        if isinstance(user, Registrant):
            raise UnauthorizedError("It comes to be provisioned, not to the hub.")
        if not self.hub.admission.is_named(user.host):
            raise UnauthorizedError(f"its user name is for another hub, {user.host}")
        return self.hub.admission.device(
            user.name, arrival.password, connection.certificate, self.clock()
        )

    def _take_over(self, connection: Connection, arrival: Arrival) -> None:
        name = arrival.user.name
        self._make_way(name)
        connection.clean = arrival.clean
        self._connections[name] = connection
        present = self.hub.connected(name, self.clock(), clean=arrival.clean)
        kept = () if arrival.clean else self.hub.device(name).filters
        connection.session.accept(kept, session_present=present)
        deliver(self.hub, connection.session, self.clock())
        self.methods.is_listening(name)

    def _listen(self, connection: Connection, filters: tuple[tuple[str, int], ...]) -> None:
        name = connection.session.name
        if connection.session.is_registrant:
            return
        if not connection.clean:
            self.hub.subscribe(name, filters)
        deliver(self.hub, connection.session, self.clock())
        self.methods.is_listening(name)

    def _report(self, connection: Connection, event: Reported) -> None:
        session = connection.session
        try:
            patch = parse_object(event.patch)
            version = self.hub.report(session.name, patch, self.clock())
        except BadRequestError as error:
            body = compact({"errorCode": error.number, "message": error.message})
            session.answer_twin(error.status, event.request_id, body)
        else:
            session.answer_twin(204, event.request_id, version=version)

    def _keep_message(self, name: str, message: Telemetry) -> None:
        if identity := self.hub.find_identity(name):  # it may have been deleted meanwhile
            self.events.message(identity, message)
