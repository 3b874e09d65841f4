"""One AMQP connection without a socket, seen from the hub: bytes in, events out.

Everything that moves the connection's state lives here; what its events mean for the hub is not
known here. A peer says SASL first, then AMQP (5.3.2); it proves who it is by a token on `$cbs`, by
SASL PLAIN, or not at all, which the owner decides link by link.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, TypeAlias

from simulators.iothub.protocol.amqp.composites import Composite
from simulators.iothub.protocol.amqp.frames import (
    AMQP_HEADER,
    HEARTBEAT,
    LARGEST_FRAME,
    SASL_HEADER,
    Frame,
    FrameReader,
    Header,
    Piece,
    frame,
)
from simulators.iothub.protocol.amqp.performatives import (
    AmqpError,
    Begin,
    Close,
    End,
    Open,
    SaslInit,
    SaslMechanisms,
    SaslOutcome,
)
from simulators.iothub.protocol.amqp.session import Session, SessionEvent
from simulators.iothub.protocol.amqp.values import Array, Symbol
from simulators.iothub.protocol.packets import ProtocolViolationError

MECHANISMS: Final = ("MSSBCBS", "PLAIN", "ANONYMOUS")
MOST_CHANNELS: Final = 256
LEAST_FRAME: Final = 512
PATIENCE: Final = 30.0
"""Seconds in which a peer must have opened its connection."""
IDLE_SECONDS: Final = 240.0
"""After so long without a frame Azure takes a peer for dead."""


@dataclass(frozen=True, slots=True)
class PlainLogin:
    """The peer names a policy and its key; the owner answers with `admit`."""

    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Farewell:
    """The peer closed the connection."""


@dataclass(frozen=True, slots=True)
class Violation:
    """The peer broke the protocol and must be cut off."""

    reason: str


ConnectionEvent: TypeAlias = PlainLogin | SessionEvent | Farewell | Violation


class Phase(Enum):
    """What the peer must say next."""

    SASL_HEADER = auto()
    SASL_INIT = auto()
    DECIDING = auto()
    AMQP_HEADER = auto()
    OPEN = auto()
    OPENED = auto()
    CLOSED = auto()


class Connection:
    """The state machine of one connection."""

    def __init__(self, container_id: str, idle_seconds: float = IDLE_SECONDS) -> None:
        """Wait for the peer's first header."""
        self.phase = Phase.SASL_HEADER
        self.peer = ""
        self.longest_silence = PATIENCE
        self.heartbeat_seconds: float | None = None
        self._container_id = container_id
        self._idle_seconds = idle_seconds
        self._largest_frame = LEAST_FRAME
        self._reader = FrameReader()
        self._sessions: dict[int, Session] = {}
        self._output: list[bytes] = []

    def is_over(self) -> bool:
        """Tell whether the connection is over."""
        return self.phase is Phase.CLOSED

    # -- what comes in

    def feed(self, data: bytes) -> Iterator[ConnectionEvent]:
        """Take bytes in and give what they mean; after a Violation nothing more comes."""
        if self.is_over():
            return
        try:
            for piece in self._reader.feed(data):
                yield from self._take(piece)
                if self.is_over():
                    return
        except ProtocolViolationError as error:
            yield self._broken(str(error))

    def _broken(self, reason: str) -> Violation:
        if self.phase is Phase.SASL_HEADER:
            self._output.append(SASL_HEADER)  # what is spoken here (2.2)
        self.close(AmqpError(condition="amqp:connection:framing-error", description=reason))
        return Violation(reason)

    def _take(self, piece: Piece) -> Iterator[ConnectionEvent]:
        if isinstance(piece, Header):
            self._greeted(piece)
        elif piece.sasl:
            yield from self._sasl(piece)
        elif self.phase is Phase.OPEN:
            self._opened(piece)
        elif self.phase is Phase.OPENED:
            yield from self._serve(piece)
        else:
            raise ProtocolViolationError("A frame came before it was its turn.")

    def _greeted(self, header: Header) -> None:
        if self.phase is Phase.SASL_HEADER and header.raw == AMQP_HEADER:
            # Microsoft's clients for Node come so: who they are is said by tokens put to $cbs.
            self._output.append(AMQP_HEADER)
            self.phase = Phase.OPEN
            return
        expected = {Phase.SASL_HEADER: SASL_HEADER, Phase.AMQP_HEADER: AMQP_HEADER}.get(self.phase)
        if header.raw != expected:
            raise ProtocolViolationError("The protocol header is not the one expected (2.2, 5.3).")
        self._output.append(expected)
        if self.phase is Phase.AMQP_HEADER:
            self.phase = Phase.OPEN
            return
        self.phase = Phase.SASL_INIT
        offered = Array(tuple(map(Symbol, MECHANISMS)))
        self._say(0, SaslMechanisms(sasl_server_mechanisms=offered), sasl=True)

    def _sasl(self, piece: Frame) -> Iterator[ConnectionEvent]:
        init = piece.performative
        if self.phase is not Phase.SASL_INIT or not isinstance(init, SaslInit):
            raise ProtocolViolationError("A SASL frame came before it was its turn (5.3.2).")
        if init.mechanism not in MECHANISMS:
            raise ProtocolViolationError(f"SASL {init.mechanism:.40} is not offered.")
        self.phase = Phase.DECIDING
        if init.mechanism == "PLAIN":
            yield _plain_login(init.initial_response or b"")
        else:
            self.admit(ok=True)

    def _opened(self, piece: Frame) -> None:
        if not isinstance(piece.performative, Open) or piece.channel:
            raise ProtocolViolationError("The first frame must be open, on channel 0 (2.4.1).")
        peer = piece.performative
        if peer.max_frame_size < LEAST_FRAME:
            raise ProtocolViolationError(f"Frames must hold {LEAST_FRAME} bytes (2.7.1).")
        self.peer = peer.container_id
        self._largest_frame = min(peer.max_frame_size, LARGEST_FRAME)
        if peer.idle_time_out:
            self.heartbeat_seconds = peer.idle_time_out / 2000
        self.longest_silence = self._idle_seconds * 1.25
        self.phase = Phase.OPENED
        self._say(0, self._own_open())

    def _own_open(self) -> Open:
        return Open(
            container_id=self._container_id,
            max_frame_size=LARGEST_FRAME,
            channel_max=MOST_CHANNELS - 1,
            idle_time_out=round(self._idle_seconds * 1000),
        )

    def _serve(self, piece: Frame) -> Iterator[ConnectionEvent]:
        channel, performative = piece.channel, piece.performative
        match performative:
            case None:
                pass  # a heartbeat
            case Begin():
                self._begin(channel, performative)
            case End():
                yield from self._ended(channel)
            case Close():
                self.close()
                yield Farewell()
            case _:
                yield from self._session(channel).take(performative, piece.payload)

    def _begin(self, channel: int, begin: Begin) -> None:
        if channel in self._sessions or channel >= MOST_CHANNELS:
            raise ProtocolViolationError(f"Channel {channel} cannot be begun (2.7.2).")

        def say(performative: Composite, payload: bytes) -> None:
            self._say(channel, performative, payload)

        session = self._sessions[channel] = Session(begin, say, self._largest_frame)
        session.answer(channel)

    def _ended(self, channel: int) -> Iterator[ConnectionEvent]:
        """End a session; azure-eventhub's client says so twice, and nobody minds."""
        if session := self._sessions.get(channel):
            yield from session.end()
            del self._sessions[channel]
            self._say(channel, End())

    def _session(self, channel: int) -> Session:
        try:
            return self._sessions[channel]
        except KeyError:
            raise ProtocolViolationError(f"There is no session on channel {channel}.") from None

    # -- what the owner decides

    def admit(self, *, ok: bool) -> None:
        """Let the peer in after SASL, or send it away."""
        self._say(0, SaslOutcome(outcome=0 if ok else 1), sasl=True)
        self.phase = Phase.AMQP_HEADER if ok else Phase.CLOSED

    def close(self, error: AmqpError | None = None) -> None:
        """End the connection, saying why if it was opened."""
        if self.phase is Phase.OPENED:
            self._say(0, Close(error=error.wire() if error else None))
        self.phase = Phase.CLOSED

    # -- what goes out

    def beat(self) -> None:
        """Say that this end lives."""
        if self.phase is Phase.OPENED:
            self._output.append(HEARTBEAT)

    def take_output(self) -> bytes:
        """Give what is to be sent, once."""
        output, self._output = b"".join(self._output), []
        return output

    def _say(
        self, channel: int, performative: Composite, payload: bytes = b"", *, sasl: bool = False
    ) -> None:
        if self.phase is not Phase.CLOSED:
            self._output.append(frame(channel, performative, payload, sasl=sasl))


def _plain_login(response: bytes) -> PlainLogin:
    """Read `[authorization] NUL user NUL password` (RFC 4616)."""
    try:
        _, user, password = response.decode().split("\0")
    except ValueError as error:  # UnicodeDecodeError is one
        raise ProtocolViolationError("The SASL PLAIN response is malformed.") from error
    return PlainLogin(user, password)
