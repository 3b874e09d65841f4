"""A websocket that carries a byte stream: the handshake and frames of RFC 6455, by wsproto.

What is inside the frames is a stream; where one message ends and the next begins means nothing
(MQTT 3.1.1, section 6). Only binary messages may carry it.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from simulators.iothub.protocol.packets import ProtocolViolationError

PATH: Final = "/$iothub/websocket"
MQTT: Final = "mqtt"


class Websocket:
    """One connection, from the client's request on."""

    def __init__(self) -> None:
        """Wait for the request."""
        self._wire = WSConnection(ConnectionType.SERVER)
        self._output: list[bytes] = []

    def accept(self, headers: Sequence[tuple[bytes, bytes]], target: bytes) -> None:
        """Answer the client's request.

        Raises ProtocolViolationError for one that is no good; the answer then says so.
        """
        try:
            self._wire.initiate_upgrade_connection(list(headers), target)
            for event in self._wire.events():
                self._take_request(event)
        except RemoteProtocolError as error:
            self._reject(error.event_hint)
            raise ProtocolViolationError(f"It is no websocket request: {error}") from error

    def _take_request(self, event: Event) -> None:
        if not isinstance(event, Request) or MQTT not in event.subprotocols:
            self._reject(None)
            raise ProtocolViolationError(f"Only the websocket subprotocol {MQTT} is spoken here.")
        self._say(AcceptConnection(subprotocol=MQTT))

    def _reject(self, hint: Event | None) -> None:
        reject = hint if isinstance(hint, RejectConnection) else RejectConnection(status_code=400)
        self._say(reject)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Give the pieces of the stream that arrived; raises ProtocolViolationError.

        The peer's goodbye ends the pieces; `is_over` tells.
        """
        try:
            self._wire.receive_data(data)
            for event in self._wire.events():
                if piece := self._take(event):
                    yield piece
        except LocalProtocolError as error:  # bytes that came after its goodbye
            raise ProtocolViolationError(f"The websocket is over: {error}") from error

    def _take(self, event: Event) -> bytes:
        match event:
            case BytesMessage():
                return bytes(event.data)
            case CloseConnection() if self._wire.state is ConnectionState.OPEN:
                # Not the peer's goodbye: wsproto's, over a frame that is no good.
                self._say(CloseConnection(event.code, event.reason))
                raise ProtocolViolationError(f"The websocket is broken: {event.reason}")
            case CloseConnection() | Ping():
                self._say(event.response())
            case TextMessage():
                self._say(CloseConnection(CloseReason.UNSUPPORTED_DATA))
                raise ProtocolViolationError("Text is not for a websocket that carries bytes.")
        return b""

    def is_over(self) -> bool:
        """Tell whether both sides have said goodbye."""
        return self._wire.state is ConnectionState.CLOSED

    def send(self, data: bytes) -> None:
        """Send a piece of the stream."""
        self._say(BytesMessage(data=data))

    def close(self) -> None:
        """Say goodbye, unless that is done."""
        if self._wire.state is ConnectionState.OPEN:
            self._say(CloseConnection(CloseReason.NORMAL_CLOSURE))

    def _say(self, event: Event) -> None:
        self._output.append(self._wire.send(event))

    def take_output(self) -> bytes:
        """Give what is to be sent, once."""
        output, self._output = b"".join(self._output), []
        return output
