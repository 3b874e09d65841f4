"""Websockets on the REST port: a transport between the TLS below and a byte protocol above."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import h11
from typing_extensions import override

from simulators.iothub.protocol.packets import ProtocolViolationError
from simulators.iothub.protocol.websocket import PATH, Websocket

logger = logging.getLogger(__name__)


def wants_websocket(request: h11.Request) -> bool:
    """Tell whether an HTTP request asks for the hub's websocket."""
    path = request.target.decode("ascii").partition("?")[0]
    upgrades = (value for name, value in request.headers if name == b"upgrade")
    return path == PATH and b"websocket" in (value.lower() for value in upgrades)


class WebsocketTransport(asyncio.Transport, asyncio.Protocol):
    """One websocket: to the connection below a protocol, to the protocol above it a transport."""

    __slots__ = ("_above", "_below", "_closing", "_opened", "_websocket")

    def __init__(self, below: asyncio.Transport, make: Callable[[], asyncio.Protocol]) -> None:
        """Take over a connection from the HTTP protocol."""
        super().__init__()
        self._websocket = Websocket()
        self._below = below
        self._above = make()
        self._closing = self._opened = False

    def begin(self, request: h11.Request, rest: bytes) -> None:
        """Answer the request, and go on with what the client sent right behind it."""
        self._below.set_protocol(self)
        try:
            self._websocket.accept(request.headers.raw_items(), request.target)
        except ProtocolViolationError as error:
            self._give_up(error)
            return
        self._flush()
        self._opened = True
        self._above.connection_made(self)
        if rest:
            self.data_received(rest)

    # -- the side below

    @override
    def data_received(self, data: bytes) -> None:
        """Hand on what the frames carry."""
        try:
            for piece in self._websocket.feed(data):
                if self._closing:
                    break
                self._above.data_received(piece)
        except ProtocolViolationError as error:
            self._give_up(error)
            return
        self._flush()
        if self._websocket.is_over():
            self._end()

    def _give_up(self, error: ProtocolViolationError) -> None:
        logger.info("A websocket was cut off: %s", error)
        self._end()

    def _end(self) -> None:
        self._closing = True
        self._flush()
        self._below.close()

    @override
    def connection_lost(self, error: Exception | None) -> None:
        """The connection is gone."""
        self._closing = True
        if self._opened:
            self._above.connection_lost(error)

    @override
    def eof_received(self) -> bool | None:
        """The client sends no more."""
        return self._above.eof_received() if self._opened else None

    @override
    def pause_writing(self) -> None:
        """The client reads too slowly."""
        self._above.pause_writing()

    @override
    def resume_writing(self) -> None:
        """The client has caught up."""
        self._above.resume_writing()

    def _flush(self) -> None:
        if output := self._websocket.take_output():
            self._below.write(output)

    # -- the side above

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send a piece of the stream as one message."""
        if data and not self.is_closing():
            self._websocket.send(bytes(data))
            self._flush()

    @override
    def close(self) -> None:
        """Say goodbye after what was written."""
        if not self.is_closing():
            self._websocket.close()
            self._end()

    @override
    def abort(self) -> None:
        """End the connection at once."""
        self._closing = True
        self._below.abort()

    @override
    def is_closing(self) -> bool:
        """Tell whether nothing more can be written."""
        return self._closing or self._below.is_closing()

    @override
    def get_write_buffer_size(self) -> int:
        """Bytes that the client has not taken yet."""
        return self._below.get_write_buffer_size()

    @override
    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Give what is known of the client."""
        return self._below.get_extra_info(name, default)
