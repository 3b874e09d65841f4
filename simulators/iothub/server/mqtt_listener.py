"""MQTT over TLS: one protocol object a device."""

import asyncio
import logging
import math
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, cast

from cryptography import x509
from typing_extensions import override

from simulators.iothub.protocol.session import Session
from simulators.iothub.server.device_certificates import DeviceAuthorities
from simulators.iothub.server.switchboard import Switchboard
from simulators.iothub.server.tls import PEER_CERTIFICATES

if TYPE_CHECKING:
    from simulators.iothub.core.certificate import ClientCertificate

logger = logging.getLogger(__name__)

LARGEST_BACKLOG: Final = 1024 * 1024
"""Bytes that may wait for a device that does not read; then it is cut off."""


class MqttConnection(asyncio.Protocol):
    """Carries bytes between a socket and a session."""

    def __init__(self, switchboard: Switchboard, authorities: DeviceAuthorities) -> None:
        """Wait for the transport; `authorities` are those of devices' certificates."""
        self._authorities = authorities
        self.session = Session()
        self.certificate: ClientCertificate | None = None
        self.clean = True
        self.expires = math.inf
        self.is_late = False
        self._late: deque[Callable[[], None]] = deque()
        self._due = self._quiet_until = 0.0
        self._switchboard = switchboard
        self._loop = asyncio.get_running_loop()
        self._heard = self._loop.time()
        self._transport: asyncio.Transport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The TLS handshake is done."""
        self._transport = cast("asyncio.Transport", transport)
        shown = transport.get_extra_info(PEER_CERTIFICATES, ())
        self.certificate = self._authorities.described(shown)
        self._switchboard.opened(self)

    def certificates(self) -> tuple[x509.Certificate, ...]:
        """Give what the device showed, its own certificate first."""
        shown = self._transport.get_extra_info(PEER_CERTIFICATES, ()) if self._transport else ()
        return tuple(shown)

    @override
    def connection_lost(self, error: Exception | None) -> None:
        """The socket is gone."""
        del error  # how it went makes no difference
        self.session.close()
        self._transport = None
        self._switchboard.lost(self)

    @override
    def data_received(self, data: bytes) -> None:
        """Hand the events to the switchboard, one after another."""
        self._heard = self._loop.time()
        for event in self.session.feed(data):
            self._switchboard.handle(self, event)
        self.flush()

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        """Do something after a while, and never before what waits already."""
        self._late.append(work)
        self.is_late = True
        self._due = max(self._due, self._loop.time() + seconds)
        self._loop.call_at(self._due, self._do_next)

    def _do_next(self) -> None:
        work = self._late.popleft()
        self.is_late = bool(self._late)
        if not self.session.is_over():
            work()
            self.flush()

    def hush(self, seconds: float) -> None:
        """Say nothing for a while, however short the next while is."""
        self._quiet_until = max(self._quiet_until, self._loop.time() + seconds)
        self._loop.call_at(self._quiet_until, self.flush)

    def silence(self) -> float:
        """Seconds since the device was last heard."""
        return self._loop.time() - self._heard

    def flush(self) -> None:
        """Send what the session has to say, once the journal allows."""
        if self._quiet_until > self._loop.time():
            return
        if data := self.session.take_output():
            self._switchboard.journal.after(lambda: self._write(data))

    def _write(self, data: bytes) -> None:
        if self._transport is None:
            return
        self._transport.write(data)
        if self._transport.get_write_buffer_size() > LARGEST_BACKLOG:
            self.cut("it does not read what it is sent")

    def cut(self, reason: str) -> None:
        """End the connection at once."""
        logger.info("%s was cut off: %s", self.session.name or "A peer", reason)
        self.session.close()
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        """End the connection after what was said is sent."""
        self.flush()
        self._switchboard.journal.after(self._end)

    def _end(self) -> None:
        if self._transport is not None:
            self._transport.close()
