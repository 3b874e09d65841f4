"""A client's side of AMQP for tests: says performatives, and reads what the hub answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from simulators.iothub.protocol.amqp.connection import Connection, ConnectionEvent
from simulators.iothub.protocol.amqp.frames import (
    AMQP_HEADER,
    SASL_HEADER,
    Frame,
    FrameReader,
    Piece,
    frame,
)
from simulators.iothub.protocol.amqp.performatives import (
    Attach,
    Begin,
    Flow,
    Open,
    SaslInit,
    Source,
    Target,
    Transfer,
)

if TYPE_CHECKING:
    from simulators.iothub.protocol.amqp.composites import Composite

Wanted = TypeVar("Wanted")

GREETING = SASL_HEADER + frame(0, SaslInit(mechanism="ANONYMOUS"), sasl=True) + AMQP_HEADER


def an_open(**more: Any) -> Open:
    return Open(container_id="client", **more)


def a_begin(window: int = 1000) -> Begin:
    return Begin(next_outgoing_id=0, incoming_window=window, outgoing_window=1000)


def receiving(address: str, handle: int = 0, **more: Any) -> Attach:
    """Ask for a link on which the hub sends."""
    source = Source(address=address).wire()
    target = Target(address="here").wire()
    name = f"link-{handle}"
    return Attach(name=name, handle=handle, role=True, source=source, target=target, **more)


def sending(address: str, handle: int = 0, **more: Any) -> Attach:
    """Ask for a link on which the hub receives."""
    source = Source(address="here").wire()
    target = Target(address=address).wire()
    name = f"link-{handle}"
    return Attach(name=name, handle=handle, role=False, source=source, target=target, **more)


def credit(amount: int, handle: int = 0, window: int = 1000, **more: Any) -> Flow:
    return Flow(
        next_incoming_id=more.pop("heard", 0),
        incoming_window=window,
        next_outgoing_id=0,
        outgoing_window=1000,
        handle=handle,
        link_credit=amount,
        **more,
    )


def a_transfer(number: int, handle: int = 0, **more: Any) -> Transfer:
    tag = number.to_bytes(4, "big")
    return Transfer(handle=handle, delivery_id=number, delivery_tag=tag, **more)


class Peer:
    """Talks to a hub's connection without a socket between them."""

    def __init__(self, connection: Connection | None = None) -> None:
        self.hub = connection or Connection("hub")
        self._reader = FrameReader()

    def feed(self, data: bytes) -> list[ConnectionEvent]:
        return list(self.hub.feed(data))

    def say(self, performative: Composite, payload: bytes = b"") -> list[ConnectionEvent]:
        return self.feed(frame(0, performative, payload))

    def heard(self) -> list[Piece]:
        return list(self._reader.feed(self.hub.take_output()))

    def heard_of(self, kind: type[Wanted]) -> list[Wanted]:
        """Give the performatives of one kind that the hub sent since the last look."""
        found = (piece.performative for piece in self.heard() if isinstance(piece, Frame))
        return [each for each in found if isinstance(each, kind)]

    def open(self, window: int = 1000, **more: Any) -> Peer:
        """Come as far as an open session, and forget what was said so far."""
        self.feed(GREETING + frame(0, an_open(**more)) + frame(0, a_begin(window)))
        self.heard()
        return self
