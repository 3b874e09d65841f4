"""A simulated hub that runs: its folder, its ports, its beginning and its end."""

import asyncio
import contextlib
import errno
import fcntl
import logging
import secrets
import shlex
import signal
import ssl
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Self

from simulators.iothub.core.identity import new_key
from simulators.iothub.server.certificates import Certificates
from simulators.iothub.server.connections import OpenConnections
from simulators.iothub.server.errors import HubStartError, JournalError
from simulators.iothub.server.files import replace_file
from simulators.iothub.server.http_listener import HttpConnection
from simulators.iothub.server.journal import Journal
from simulators.iothub.server.mqtt_listener import MqttConnection
from simulators.iothub.server.service_api import ServiceApi
from simulators.iothub.server.switchboard import Switchboard

logger = logging.getLogger(__name__)

POLICY: Final = "iothubowner"
MQTT_PORT: Final = 8883
"""The only port the device SDKs can use."""
REST_PORT: Final = 8443
LOCAL: Final = frozenset({"127.0.0.1", "0.0.0.0", "::", "::1"})  # noqa: S104  # names, no binding
BACKLOG: Final = 4096
"""Connections that may wait to be taken: after an outage a whole fleet comes at once."""
CANNOT_START: Final = 2
FAILED: Final = 1


def utc_seconds() -> float:
    """Read the machine's clock: the one place where the hub learns what time it is."""
    return time.time()  # noqa: TID251  # the process edge


class SimulatedHub:
    """An IoT Hub in this process, on the event loop that starts it.

    Everything it keeps lies in `folder`. Port 0 takes any free port; the device SDKs know only
    8883, so several hubs on one machine take addresses of their own, 127.0.0.2 and so on.
    """

    def __init__(
        self,
        folder: Path,
        *,
        host: str = "127.0.0.1",
        mqtt_port: int = MQTT_PORT,
        rest_port: int = REST_PORT,
        clock: Callable[[], float] = utc_seconds,
    ) -> None:
        """Say where it will be; nothing is opened before `start`."""
        self.folder = folder.absolute()
        self.host = host
        self.mqtt_port = mqtt_port
        self.rest_port = rest_port
        self.failure: JournalError | None = None
        self._on_failure: Callable[[], None] = lambda: None
        self._clock = clock
        self._key = ""
        self._board: Switchboard | None = None
        self._closing = contextlib.AsyncExitStack()

    # -- what clients need to know

    @property
    def name(self) -> str:
        """The host name for connection strings; some clients accept no other than localhost."""
        return "localhost" if self.host in LOCAL else self.host

    @property
    def connection_string(self) -> str:
        """What a service needs: the hub's address, its policy and key."""
        address = f"HostName={self.name}:{self.rest_port}"
        return f"{address};SharedAccessKeyName={POLICY};SharedAccessKey={self._key}"

    def device_connection_string(self, device_id: str) -> str:
        """What a device needs; raises DeviceNotFoundError."""
        key = self.board.hub.device(device_id).identity.primary_key
        return f"HostName={self.name};DeviceId={device_id};SharedAccessKey={key}"

    @property
    def ca_file(self) -> Path:
        """The certificate authority that devices check the hub against."""
        return self.folder / "ca.pem"

    @property
    def bundle_file(self) -> Path:
        """The public authorities and the hub's own: for clients that know one bundle only."""
        return self.folder / "trust-bundle.pem"

    @property
    def env_file(self) -> Path:
        """Variables for the shell, to be sourced."""
        return self.folder / "hub.env"

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which clients find the hub and trust it."""
        return {
            "IOTHUB_CONNECTION_STRING": self.connection_string,
            "REQUESTS_CA_BUNDLE": str(self.bundle_file),
            "SSL_CERT_FILE": str(self.bundle_file),
            "NODE_EXTRA_CA_CERTS": str(self.ca_file),
        }

    @property
    def board(self) -> Switchboard:
        """The running hub's inside; raises RuntimeError before `start`."""
        if self._board is None:
            raise RuntimeError("The hub is not running.")
        return self._board

    # -- beginning and end

    async def start(self) -> None:
        """Open the folder and the ports; raises HubStartError, naming what is in the way."""
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise

    async def _start(self) -> None:
        loop = asyncio.get_running_loop()
        self._closing.enter_context(_locked(self.folder))
        tls = self._tls()
        journal = Journal(self.folder / "hub.db", self._journal_failed)
        self._closing.push_async_callback(journal.close)
        self._key = journal.setting("policy-key", lambda: new_key(secrets.token_bytes))
        self._board = board = Switchboard(
            self._names(), {POLICY: (self._key,)}, journal, secrets.token_bytes, self._clock
        )
        connections = OpenConnections()
        self._closing.push_async_callback(connections.cut_all)
        self.mqtt_port = await self._listen(
            lambda: MqttConnection(board, connections), self.mqtt_port, tls
        )
        api = ServiceApi(board)
        self.rest_port = await self._listen(
            lambda: HttpConnection(api.handle, journal, connections), self.rest_port, tls
        )
        sweeping = loop.create_task(board.sweep_forever())
        self._closing.callback(sweeping.cancel)
        self._write_environment()

    async def stop(self) -> None:
        """Close the ports, cut who is connected, write what is left."""
        await self._closing.aclose()
        self._board = None

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    def _names(self) -> set[str]:
        return {"localhost", "127.0.0.1", self.host.lower(), self.name.lower()}

    def _tls(self) -> ssl.SSLContext:
        files = Certificates(self.folder, {self.host}, self._clock())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(files.server_file, files.server_key_file)
        return context

    async def _listen(
        self, protocol: Callable[[], asyncio.Protocol], port: int, tls: ssl.SSLContext
    ) -> int:
        loop = asyncio.get_running_loop()
        try:
            server = await loop.create_server(
                protocol, self.host, port, ssl=tls, backlog=BACKLOG, ssl_shutdown_timeout=2
            )
        except OSError as error:
            raise HubStartError(_obstacle(self.host, port, error)) from error
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


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder for one hub; the lock ends with the process, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "hub.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HubStartError(f"Another hub is already running on {folder}.") from None
        yield


def _obstacle(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is already taken; stop what holds it or choose another."
    if error.errno == errno.EACCES:
        return f"Port {port} on {host} needs more rights than this user has."
    return f"The hub cannot listen on {host}, port {port}: {error.strerror or error}."


def run_hub(folder: Path, host: str, mqtt_port: int, rest_port: int) -> int:
    """Run a hub until SIGINT or SIGTERM; gives the process's exit code."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    hub = SimulatedHub(folder, host=host, mqtt_port=mqtt_port, rest_port=rest_port)
    try:
        return asyncio.run(_run(hub))
    except HubStartError as error:
        print(error, file=sys.stderr)  # noqa: T201  # the command's own words
        return CANNOT_START


async def _run(hub: SimulatedHub) -> int:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with hub:
        print(_greeting(hub), flush=True)  # noqa: T201  # the command's own words
        hub.on_failure(stopped.set)
        await stopped.wait()
        return FAILED if hub.failure else 0


def _greeting(hub: SimulatedHub) -> str:
    return (
        f"The simulated IoT Hub listens on {hub.host}: MQTT {hub.mqtt_port}, REST {hub.rest_port}\n"
        f"For clients: source {shlex.quote(str(hub.env_file))}"
    )
