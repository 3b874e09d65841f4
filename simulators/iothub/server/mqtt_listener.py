"""MQTT over TLS: one protocol object a device."""

import asyncio
import asyncio.sslproto
import logging
import math
from typing import Final, cast

from typing_extensions import override

from simulators.iothub.protocol.session import Session
from simulators.iothub.server.connections import OpenConnections
from simulators.iothub.server.switchboard import Switchboard

logger = logging.getLogger(__name__)

LARGEST_BACKLOG: Final = 1024 * 1024
"""Bytes that may wait for a device that does not read; then it is cut off."""

# Each TLS connection keeps a buffer of this size. The default of 256 KB costs ten thousand devices
# 2.5 GB; a TLS record holds no more than 16 KB anyway.
asyncio.sslproto.SSLProtocol.max_size = 16 * 1024


class MqttConnection(asyncio.Protocol):
    """Carries bytes between a socket and a session."""

    def __init__(self, switchboard: Switchboard, beside: OpenConnections) -> None:
        """Wait for the transport; `beside` are the listener's open connections."""
        self._beside = beside
        self.session = Session()
        self.clean = True
        self.expires = math.inf
        self._switchboard = switchboard
        self._loop = asyncio.get_running_loop()
        self._heard = self._loop.time()
        self._transport: asyncio.Transport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The TLS handshake is done."""
        self._transport = cast("asyncio.Transport", transport)
        self._beside.add(self)
        self._switchboard.opened(self)

    @override
    def connection_lost(self, error: Exception | None) -> None:
        """The socket is gone."""
        del error  # how it went makes no difference
        self.session.close()
        self._transport = None
        self._switchboard.lost(self)
        self._beside.discard(self)

    @override
    def data_received(self, data: bytes) -> None:
        """Hand the events to the switchboard, one after another."""
        self._heard = self._loop.time()
        for event in self.session.feed(data):
            self._switchboard.handle(self, event)
        self.flush()

    def silence(self) -> float:
        """Seconds since the device was last heard."""
        return self._loop.time() - self._heard

    def flush(self) -> None:
        """Send what the session has to say, once the journal allows."""
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
        logger.info("%s was cut off: %s", self.session.device_id or "A peer", reason)
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
