"""One session: numbered transfers in both directions, within windows (part 2.5)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from simulators.iothub.protocol.amqp.composites import Composite
from simulators.iothub.protocol.amqp.link import (
    Delivery,
    IncomingLink,
    Link,
    LinkState,
    OutgoingLink,
)
from simulators.iothub.protocol.amqp.message import Message, read_message
from simulators.iothub.protocol.amqp.performatives import (
    Attach,
    Begin,
    Detach,
    Disposition,
    Flow,
    Transfer,
)
from simulators.iothub.protocol.amqp.values import Described
from simulators.iothub.protocol.packets import ProtocolViolationError

WINDOW: Final = 2048
"""Transfer frames that a peer may have under way."""
MOST_LINKS: Final = 256
TRANSFER_OVERHEAD: Final = 64
"""Bytes of a frame that are not the message: its head and the transfer performative."""


@dataclass(frozen=True, slots=True)
class LinkAsked:
    """The peer wants a link; the owner answers with `accept` or `refuse`."""

    link: IncomingLink | OutgoingLink


@dataclass(frozen=True, slots=True)
class MessageArrived:
    """A message is here; the owner settles its delivery on the link."""

    link: IncomingLink
    delivery: Delivery
    message: Message


@dataclass(frozen=True, slots=True)
class CreditGiven:
    """The peer takes messages on a link."""

    link: OutgoingLink


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The peer says what became of a message; no outcome means that it does not care."""

    link: OutgoingLink
    delivery_id: int
    outcome: Described | None


@dataclass(frozen=True, slots=True)
class LinkEnded:
    """The peer ended a link."""

    link: Link


SessionEvent: TypeAlias = LinkAsked | MessageArrived | CreditGiven | Confirmed | LinkEnded


class Session:
    """The state of one session; `write` sends a performative with a payload on its channel."""

    def __init__(
        self, begin: Begin, write: Callable[[Composite, bytes], None], largest_frame: int
    ) -> None:
        """Take what the peer began."""
        self._write = write
        self.largest_payload = largest_frame - TRANSFER_OVERHEAD
        self._next_in = begin.next_outgoing_id
        self._window = WINDOW
        self._next_out = 0
        self.frames_allowed = begin.incoming_window
        self._links: dict[int, IncomingLink | OutgoingLink] = {}
        self._unsettled: dict[int, OutgoingLink] = {}

    def answer(self, channel: int) -> None:
        """Begin this end."""
        self.say(
            Begin(
                remote_channel=channel,
                next_outgoing_id=self._next_out,
                incoming_window=WINDOW,
                outgoing_window=WINDOW,
                handle_max=MOST_LINKS - 1,
            )
        )

    # -- what links need

    def say(self, performative: Composite) -> None:
        """Send a performative."""
        self._write(performative, b"")

    def flow(self) -> Flow:
        """Give the session's part of a flow."""
        return Flow(
            next_incoming_id=self._next_in,
            incoming_window=self._window,
            next_outgoing_id=self._next_out,
            outgoing_window=WINDOW,
        )

    def transfer(self, transfer: Transfer, payload: bytes, link: OutgoingLink) -> None:
        """Send a delivery in as many frames as it needs."""
        number, size = self._next_out, self.largest_payload
        if not transfer.settled:
            self._unsettled[number] = link
        for start in range(0, max(len(payload), 1), size):
            more = start + size < len(payload)
            part = replace(transfer, delivery_id=number, more=more)
            self._write(part, payload[start : start + size])
            self._next_out = (self._next_out + 1) & 0xFFFFFFFF
            self.frames_allowed -= 1

    # -- what comes in

    def take(self, performative: Composite, payload: bytes) -> Iterator[SessionEvent]:
        """Take what the peer sent on this session."""
        match performative:
            case Attach():
                yield self._attached(performative)
            case Flow():
                yield from self._flowed(performative)
            case Transfer():
                yield from self._transferred(performative, payload)
            case Disposition(role=True):
                yield from self._confirmed(performative)
            case Disposition():
                pass  # what the peer sent is settled by this end, at once
            case Detach():
                yield from self._detached(performative)
            case _:
                raise ProtocolViolationError("A session takes no such performative.")

    def _attached(self, attach: Attach) -> LinkAsked:
        if attach.handle in self._links:
            raise ProtocolViolationError(f"Handle {attach.handle} is in use (2.7.3).")
        if attach.handle >= MOST_LINKS:
            raise ProtocolViolationError(f"A session has at most {MOST_LINKS} links.")
        link = OutgoingLink(self, attach) if attach.role else IncomingLink(self, attach)
        self._links[attach.handle] = link
        return LinkAsked(link)

    def _link(self, handle: int) -> IncomingLink | OutgoingLink:
        try:
            return self._links[handle]
        except KeyError:
            raise ProtocolViolationError(f"There is no link with handle {handle}.") from None

    def _flowed(self, flow: Flow) -> Iterator[SessionEvent]:
        heard = 0 if flow.next_incoming_id is None else flow.next_incoming_id
        under_way = (self._next_out - heard) & 0xFFFFFFFF
        self.frames_allowed = max(0, flow.incoming_window - under_way)
        link = None if flow.handle is None else self._link(flow.handle)
        if isinstance(link, OutgoingLink):
            link.take_flow(flow)
        for each in tuple(self._links.values()):
            if isinstance(each, OutgoingLink) and each.can_send():
                yield CreditGiven(each)
        if isinstance(link, OutgoingLink):
            link.spend()
        if flow.echo:
            self._echo(link)

    def _echo(self, link: IncomingLink | OutgoingLink | None) -> None:
        if isinstance(link, OutgoingLink):
            link.tell_flow()
        else:
            self.say(self.flow())

    def _transferred(self, transfer: Transfer, payload: bytes) -> Iterator[SessionEvent]:
        self._next_in = (self._next_in + 1) & 0xFFFFFFFF
        self._window -= 1
        if self._window < 0:
            raise ProtocolViolationError("More was sent than the window allows (2.5.6).")
        link = self._link(transfer.handle)
        if not isinstance(link, IncomingLink):
            raise ProtocolViolationError("A receiver must not send (2.6.12).")
        delivery = link.take(transfer, payload) if link.is_open() else None
        if delivery is not None:
            yield MessageArrived(link, delivery, read_message(delivery.payload))
        if self._window <= WINDOW // 2:
            self._window = WINDOW
            self.say(self.flow())

    def _confirmed(self, disposition: Disposition) -> Iterator[SessionEvent]:
        last = disposition.first if disposition.last is None else disposition.last
        named = [each for each in self._unsettled if disposition.first <= each <= last]
        for number in named:
            yield Confirmed(self._unsettled.pop(number), number, disposition.state)
        if named and not disposition.settled:
            self.say(
                Disposition(
                    role=False,
                    first=disposition.first,
                    last=last,
                    settled=True,
                    state=disposition.state,
                )
            )

    def _detached(self, detach: Detach) -> Iterator[SessionEvent]:
        link = self._link(detach.handle)
        if link.state is not LinkState.DETACHED:
            self.say(Detach(handle=detach.handle, closed=detach.closed))
        yield from self._gone(link)

    def _gone(self, link: Link) -> Iterator[SessionEvent]:
        """Forget a link; one that this end detached was over before."""
        was_over, link.state = link.state is LinkState.DETACHED, LinkState.DETACHED
        del self._links[link.handle]
        self._unsettled = {
            number: each for number, each in self._unsettled.items() if each is not link
        }
        if not was_over:
            yield LinkEnded(link)

    def end(self) -> Iterator[SessionEvent]:
        """Take note that the peer ended the session."""
        for link in tuple(self._links.values()):
            yield from self._gone(link)
