"""AMQP over TLS or plain TCP: one protocol object a connection."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Final, cast

from typing_extensions import override

from simulators.iothub.protocol.amqp.connection import (
    Connection,
    Farewell,
    PlainLogin,
    Violation,
)
from simulators.iothub.protocol.amqp.performatives import AmqpError
from simulators.iothub.server.amqp_desk import UNAUTHORIZED, Desk, Office
from simulators.iothub.server.connections import OpenConnections
from simulators.iothub.server.event_readers import EventReaders
from simulators.iothub.server.switchboard import SWEEP_SECONDS, Switchboard

logger = logging.getLogger(__name__)

CONTAINER: Final = "simulated-iot-hub"
LEAST_HEARTBEAT: Final = 0.1
"""Seconds; who asks for more lets himself be woken for nothing."""


class AmqpService:
    """The hub's AMQP side: makes connections, and looks after them."""

    def __init__(
        self,
        board: Switchboard,
        consumer_groups: Iterable[str],
        created: float,
    ) -> None:
        """Serve this hub, created at an instant in UTC seconds."""
        readers = EventReaders(board.events.log, board.clock)
        board.events.on_stored(readers.arrived)
        groups = frozenset(group.lower() for group in consumer_groups)
        self._office = Office(board, readers, groups, created)
        self._open: set[AmqpConnection] = set()

    def connection(self, beside: OpenConnections | None = None) -> "AmqpConnection":
        """Make the protocol object of a new connection.

        `beside` are the open connections of a listener without TLS, which keeps them itself.
        """
        return AmqpConnection(self._office, self._open, beside)

    def sweep(self) -> None:
        """End who is silent for too long and whose token ran out."""
        for connection in tuple(self._open):
            connection.check(self._office.board.clock())

    async def sweep_forever(self) -> None:
        """Sweep until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.sweep()


class AmqpConnection(asyncio.Protocol):
    """Carries bytes between a socket and a connection's state."""

    def __init__(
        self, office: Office, open_ones: "set[AmqpConnection]", beside: OpenConnections | None
    ) -> None:
        """Wait for the transport."""
        self._open = open_ones
        self._beside = beside
        self._after = office.board.journal.after
        self._state = Connection(CONTAINER)
        self._desk = Desk(office, self.flush, lambda: self._paused)
        self._loop = asyncio.get_running_loop()
        self._heard = self._loop.time()
        self._paused = False
        self._transport: asyncio.Transport | None = None
        self._heart: asyncio.TimerHandle | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket, and TLS where it is used, is ready."""
        self._transport = cast("asyncio.Transport", transport)
        self._open.add(self)
        if self._beside:
            self._beside.add(self)

    @override
    def connection_lost(self, error: Exception | None) -> None:
        """The socket is gone."""
        del error  # how it went makes no difference
        self._transport = None
        self._state.close()
        self._desk.leave()
        if self._heart:
            self._heart.cancel()
        self._open.discard(self)
        if self._beside:
            self._beside.discard(self)

    @override
    def data_received(self, data: bytes) -> None:
        """Hand what it means to the desk, one event after another."""
        self._heard = self._loop.time()
        for event in self._state.feed(data):
            match event:
                case PlainLogin(user, password):
                    self._state.admit(ok=self._desk.login(user, password))
                case Farewell():
                    logger.debug("%s closed its connection", self._state.peer)
                case Violation(reason):
                    logger.info("%s was cut off: %s", self._state.peer or "A peer", reason)
                case _:
                    self._desk.handle(event)
        self._live_on()

    def _live_on(self) -> None:
        """Send what there is to say; end if it is over, or begin to beat."""
        self.flush()
        if self._state.is_over():
            self._after(self._end)
        elif self._heart is None and self._state.heartbeat_seconds:
            self._beat()

    def _beat(self) -> None:
        self._state.beat()
        self.flush()
        pause = max(self._state.heartbeat_seconds or 0, LEAST_HEARTBEAT)
        self._heart = self._loop.call_later(pause, self._beat)

    @override
    def pause_writing(self) -> None:
        """The peer reads slower than it is sent."""
        self._paused = True

    @override
    def resume_writing(self) -> None:
        """The peer caught up."""
        self._paused = False
        self._desk.go_on()

    def check(self, now: float) -> None:
        """End the connection if its peer is silent for too long or its token ran out."""
        if self._loop.time() - self._heard > self._state.longest_silence:
            self.cut("nothing was heard of it for too long")
        elif self._desk.expires is not None and self._desk.expires <= now:
            self._state.close(AmqpError(condition=UNAUTHORIZED, description="The token expired."))
            self._live_on()

    def flush(self) -> None:
        """Send what there is to say, once the journal allows."""
        if data := self._state.take_output():
            self._after(lambda: self._write(data))

    def _write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def cut(self, reason: str) -> None:
        """End the connection at once."""
        logger.info("%s was cut off: %s", self._state.peer or "An AMQP peer", reason)
        self._state.close()
        if self._transport is not None:
            self._transport.abort()

    def _end(self) -> None:
        if self._transport is not None:
            self._transport.close()
