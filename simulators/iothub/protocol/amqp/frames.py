"""Cuts AMQP frames out of a stream that arrives in pieces of any size (2.2 and 2.3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from simulators.iothub.protocol.amqp.composites import Composite
from simulators.iothub.protocol.amqp.performatives import composite_of
from simulators.iothub.protocol.amqp.reading import ValueReader
from simulators.iothub.protocol.amqp.writing import write
from simulators.iothub.protocol.packets import ProtocolViolationError

AMQP_HEADER: Final = b"AMQP\x00\x01\x00\x00"
SASL_HEADER: Final = b"AMQP\x03\x01\x00\x00"
LARGEST_FRAME: Final = 64 * 1024
"""What Azure grants a frame; a peer that announces more is cut off at once."""
FRAME_HEAD: Final = 8
HEARTBEAT: Final = b"\x00\x00\x00\x08\x02\x00\x00\x00"

_AMQP, _SASL = 0, 1


@dataclass(frozen=True, slots=True)
class Header:
    """The eight bytes by which a peer says what it speaks from here on."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame; without a performative it only says that the peer lives."""

    channel: int
    performative: Composite | None
    payload: bytes = b""
    sasl: bool = False


Piece: TypeAlias = Header | Frame


class FrameReader:
    """Collects bytes and gives whole frames; keeps only the unfinished rest."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        """Start with nothing."""
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[Piece]:
        """Give what `data` completes; raises ProtocolViolationError.

        Walk it to its end before feeding more.
        """
        self._rest += data
        while (size := self._next_size()) is not None:
            whole = bytes(self._rest[:size])
            del self._rest[:size]
            yield Header(whole) if whole.startswith(b"AMQP") else _frame(whole)

    def _next_size(self) -> int | None:
        """Give the size of what comes next, once it is all here."""
        if len(self._rest) < 4:
            return None
        if self._rest.startswith(b"AMQP"):
            size = len(AMQP_HEADER)
        elif not FRAME_HEAD <= (size := int.from_bytes(self._rest[:4], "big")) <= LARGEST_FRAME:
            raise ProtocolViolationError(f"A frame of {size} bytes is too small or too large.")
        return size if len(self._rest) >= size else None


def _frame(whole: bytes) -> Frame:
    offset, kind, channel = whole[4] * 4, whole[5], int.from_bytes(whole[6:8], "big")
    if not FRAME_HEAD <= offset <= len(whole):
        raise ProtocolViolationError("A frame's body begins outside of it (2.3.1).")
    if kind not in (_AMQP, _SASL):
        raise ProtocolViolationError(f"There are no frames of type {kind} (2.3.1).")
    body = whole[offset:]
    if not body:
        return Frame(channel, None, sasl=kind == _SASL)
    reader = ValueReader(body)
    performative = composite_of(reader.value())
    return Frame(channel, performative, body[reader.position :], sasl=kind == _SASL)


def frame(
    channel: int, performative: Composite, payload: bytes = b"", *, sasl: bool = False
) -> bytes:
    """Write a frame."""
    body = write(performative.wire()) + payload
    size = (FRAME_HEAD + len(body)).to_bytes(4, "big")
    return size + bytes([2, _SASL if sasl else _AMQP]) + channel.to_bytes(2, "big") + body
