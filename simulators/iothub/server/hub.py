"""A simulated hub that runs: its folder, its ports, its beginning and its end."""

import asyncio
import contextlib
import logging
import secrets
import shlex
import time
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Final, Self

from OpenSSL import SSL
from typing_extensions import override

from simulators.iothub.core.allowance import Allowance, MeterReading
from simulators.iothub.core.event_log import USUAL, EventSettings
from simulators.iothub.core.events import HubEvent
from simulators.iothub.core.faults import Faults
from simulators.iothub.core.hub import Hub
from simulators.iothub.core.provisioning.records import Records
from simulators.iothub.core.tiers import Plan
from simulators.iothub.server.amqp_listener import AmqpService
from simulators.iothub.server.certificates import Certificates
from simulators.iothub.server.clues import Clues
from simulators.iothub.server.connections import OpenConnections
from simulators.iothub.server.device_certificates import DeviceAuthorities
from simulators.iothub.server.doors import Doors
from simulators.iothub.server.errors import HubStartError, JournalError, obstacle
from simulators.iothub.server.event_flow import EventFlow
from simulators.iothub.server.files import locked, replace_file
from simulators.iothub.server.http_listener import HttpConnection
from simulators.iothub.server.journal import Journal
from simulators.iothub.server.keyring import Keyring
from simulators.iothub.server.linked_hubs import OtherHub, OwnHub
from simulators.iothub.server.mqtt_listener import MqttConnection
from simulators.iothub.server.provisioning import Provisioning
from simulators.iothub.server.rest.api import ServiceApi
from simulators.iothub.server.rest.enrollments import Enrollments
from simulators.iothub.server.rest.entra import Entra
from simulators.iothub.server.rows import METER, meter_of
from simulators.iothub.server.switchboard import Switchboard
from simulators.iothub.server.tls import server_context, tls_protocol

logger = logging.getLogger(__name__)

MQTT_PORT: Final = 8883
"""The only port the device SDKs can use."""
REST_PORT: Final = 8443
RESTART_SECONDS: Final = 0.1
"""How long a restart on demand waits, so that who asked for it gets an answer."""
BACKLOG: Final = 4096
"""Connections that may wait to be taken: after an outage a whole fleet comes at once."""


def utc_seconds() -> float:
    """Read the machine's clock: the one place where the hub learns what time it is."""
    return time.time()  # noqa: TID251  # the process edge


class SimulatedHub(Clues):
    """An IoT Hub in this process, on the event loop that starts it.

    Everything it keeps lies in `folder`. Port 0 takes any free port; the device SDKs know only
    8883, so several hubs on one machine take addresses of their own, 127.0.0.2 and so on.
    `device_authorities` are files in PEM: the authorities that may sign devices' certificates.
    `linked_hubs` are connection strings: those to which devices are provisioned besides this one.
    A `plan` brings a tier's throttles, quotas and meter; without one there are none.
    """

    def __init__(  # noqa: PLR0913  # each is an option of the command
        self,
        folder: Path,
        *,
        host: str = "127.0.0.1",
        mqtt_port: int = MQTT_PORT,
        rest_port: int = REST_PORT,
        amqps_port: int | None = None,
        amqp_port: int | None = None,
        events: EventSettings = USUAL,
        plan: Plan | None = None,
        linked_hubs: Sequence[str] = (),
        device_authorities: Sequence[Path] = (),
        clock: Callable[[], float] = utc_seconds,
    ) -> None:
        """Say where it will be; nothing is opened before `start`.

        Without a port for AMQP, over TLS or plain, it is not spoken so.
        """
        self.folder = folder.absolute()
        self.host = host
        self.mqtt_port = mqtt_port
        self.rest_port = rest_port
        self.amqps_port = amqps_port
        self.amqp_port = amqp_port
        self._events = events
        self._plan = plan
        self._linked_hubs = linked_hubs
        self.faults = Faults()
        self._device_authorities = device_authorities
        self.failure: JournalError | None = None
        self._on_failure: Callable[[], None] = lambda: None
        self._clock = clock
        self._restarting: asyncio.Task[None] | None = None
        self._keyring: Keyring | None = None
        self._board: Switchboard | None = None
        self._amqp: AmqpService | None = None
        self._closing = contextlib.AsyncExitStack()

    @property
    @override
    def keyring(self) -> Keyring:
        """The hub's own secrets; raises RuntimeError before `start`."""
        if self._keyring is None:
            raise RuntimeError("The hub is not running.")
        return self._keyring

    # -- inside

    @property
    @override
    def board(self) -> Switchboard:
        """The running hub's inside; raises RuntimeError before `start`."""
        if self._board is None:
            raise RuntimeError("The hub is not running.")
        return self._board

    @property
    def amqp(self) -> AmqpService:
        """The running hub's AMQP side; raises RuntimeError before `start`."""
        if self._amqp is None:
            raise RuntimeError("The hub is not running.")
        return self._amqp

    @property
    def meter(self) -> MeterReading | None:
        """How many messages the day has had; None without a plan."""
        allowance = self.board.doors.allowance
        return None if allowance is None else allowance.meter.reading(self._clock())

    # -- beginning and end

    async def start(self) -> None:
        """Open the folder and the ports; raises HubStartError, naming what is in the way."""
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise

    async def _start(self) -> None:
        self._closing.enter_context(locked(self.folder))
        tls = self._tls()
        authorities = DeviceAuthorities(self._device_authorities, self._clock)
        journal = Journal(self.folder / "hub.db", self._journal_failed)
        self._closing.push_async_callback(journal.close)
        self._keyring = keyring = Keyring(journal)
        doors = Doors(self._allowance(journal), self.faults, self._clock)
        events = EventFlow(self._events, self.name, journal, doors, self._clock)
        self._board = board = Switchboard(self._make_hub, journal, events)
        self._closing.callback(board.rest)
        connections = OpenConnections()
        self._closing.push_async_callback(connections.cut_all)

        def mqtt() -> MqttConnection:
            return MqttConnection(board, authorities)

        self.mqtt_port = await self._listen(tls_protocol(tls, mqtt, connections), self.mqtt_port)
        board.provisioning = provisioning = self._provisioning(journal, board)
        self._closing.push_async_callback(provisioning.rest)
        entra = Entra(keyring.issuer, keyring.applications, self._clock)
        enrollments = Enrollments(provisioning.records, self._clock)
        api = ServiceApi(board, entra, enrollments, self.restart_soon)
        self.rest_port = await self._listen(
            tls_protocol(tls, lambda: HttpConnection(api.handle, journal, mqtt), connections),
            self.rest_port,
        )
        await self._listen_for_amqp(journal, connections, tls)
        self._sweep(board.sweep_forever())
        self._write_environment()

    def _provisioning(self, journal: Journal, board: Switchboard) -> Provisioning:
        records = Records(self.keyring.id_scope, secrets.token_bytes, journal.keep)
        records.restore(journal.enrollments(), journal.registrations())
        own = OwnHub(self.name, board.hub, self._clock)
        try:
            others = [OtherHub(text, self.bundle_file, self._clock) for text in self._linked_hubs]
        except ValueError as error:
            raise HubStartError(str(error)) from error
        return Provisioning(records, [own, *others], self._clock)

    def _make_hub(self, tell: Callable[[HubEvent], None]) -> Hub:
        keyring = self.keyring
        hub = Hub(self._names(), keyring.policies, secrets.token_bytes, tell, keyring.issuer)
        if self._plan is not None:
            hub.most_devices = self._plan.tier.most_devices
        return hub

    def _allowance(self, journal: Journal) -> Allowance | None:
        if self._plan is None:
            return None
        reading = meter_of(journal.setting(METER, lambda: "0 0"))
        return Allowance(self._plan, self._clock(), reading)

    async def _listen_for_amqp(
        self, journal: Journal, connections: OpenConnections, tls: SSL.Context
    ) -> None:
        created = float(journal.setting("created", lambda: str(self._clock())))
        groups = self._events.consumer_groups
        service = self._amqp = AmqpService(self.board, groups, created)
        if self.amqps_port is not None:
            secure = tls_protocol(tls, service.connection, connections)
            self.amqps_port = await self._listen(secure, self.amqps_port)
        if self.amqp_port is not None:
            self.amqp_port = await self._listen(
                lambda: service.connection(connections), self.amqp_port
            )
        self._sweep(service.sweep_forever())

    def _sweep(self, sweeping: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(sweeping)
        self._closing.callback(task.cancel)

    async def stop(self) -> None:
        """Close the ports, cut who is connected, write what is left."""
        await self._closing.aclose()
        self._board = self._amqp = None

    async def restart(self) -> None:
        """Cut everybody off, close the ports, and come back with what was kept.

        The faults that wait go on waiting. Raises HubStartError where it cannot come back.
        """
        await self.stop()
        await self.start()

    def restart_soon(self) -> None:
        """Restart when what is being said is sent; a hub that cannot come back has failed."""
        loop = asyncio.get_running_loop()
        loop.call_later(RESTART_SECONDS, lambda: self._begin_again(loop))

    def _begin_again(self, loop: asyncio.AbstractEventLoop) -> None:
        self._restarting = loop.create_task(self.restart())
        self._restarting.add_done_callback(self._begun_again)

    def _begun_again(self, restarting: asyncio.Task[None]) -> None:
        if not restarting.cancelled() and (error := restarting.exception()):
            logger.critical("The hub cannot come back: %s", error)
            self._on_failure()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    def _names(self) -> set[str]:
        return {"localhost", "127.0.0.1", self.host.lower(), self.name.lower()}

    def _tls(self) -> SSL.Context:
        files = Certificates(self.folder, {self.host}, self._clock())
        return server_context(files.server_file, files.server_key_file)

    async def _listen(self, protocol: Callable[[], asyncio.Protocol], port: int) -> int:
        loop = asyncio.get_running_loop()
        try:
            server = await loop.create_server(protocol, self.host, port, backlog=BACKLOG)
        except OSError as error:
            raise HubStartError(obstacle(self.host, port, error)) from error
        self._closing.callback(server.close)
        return int(server.sockets[0].getsockname()[1])

    def _journal_failed(self, error: JournalError) -> None:
        logger.critical("%s", error)
        self.failure = error
        self.board.cut_all()
        self._on_failure()

    def on_failure(self, stop: Callable[[], None]) -> None:
        """Have `stop` called if the hub can no longer keep what it is told."""
        self._on_failure = stop

    def _write_environment(self) -> None:
        lines = (f"export {name}={shlex.quote(text)}\n" for name, text in self.environment.items())
        replace_file(self.env_file, "".join(lines).encode(), 0o600)
