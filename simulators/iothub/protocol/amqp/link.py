"""One link: messages in one direction, with credit (part 2.6 of the standard)."""

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final, Protocol

from typing_extensions import override

from simulators.iothub.protocol.amqp.composites import Composite, symbols
from simulators.iothub.protocol.amqp.performatives import (
    AmqpError,
    Attach,
    Detach,
    Disposition,
    Flow,
    Source,
    Target,
    Transfer,
    composite_of,
)
from simulators.iothub.protocol.amqp.values import AmqpValue, Described
from simulators.iothub.protocol.packets import ProtocolViolationError

LARGEST_MESSAGE: Final = 1024 * 1024
CREDIT: Final = 200
"""Messages that a sender may have under way towards the hub."""
UNSETTLED: Final = 0
"""The settle mode of senders that want every delivery confirmed (2.8.2)."""


class LinkState(Enum):
    """How far a link has come."""

    ASKED = auto()
    ATTACHED = auto()
    DETACHED = auto()
    """By this end; the peer has not confirmed yet."""


class Carrier(Protocol):
    """What a link needs of its session."""

    @property
    def frames_allowed(self) -> int:
        """Count the transfer frames that the peer takes now."""

    @property
    def largest_payload(self) -> int:
        """Bytes of a message that fit into a frame."""

    def say(self, performative: Composite) -> None:
        """Send a performative on the session's channel."""

    def transfer(self, transfer: Transfer, payload: bytes, link: "OutgoingLink") -> None:
        """Send a delivery in as many frames as it needs; the session numbers it."""

    def flow(self) -> Flow:
        """Give the session's part of a flow."""


class Link:
    """What links of both directions share."""

    def __init__(self, carrier: Carrier, asked: Attach) -> None:
        """Take what the peer asked for; `accept` or `refuse` follows."""
        self.carrier = carrier
        self._asked = asked
        self.name = asked.name
        self.handle = asked.handle
        self.state = LinkState.ASKED
        self.source = _terminus(asked.source, Source) or Source()
        self.target = _terminus(asked.target, Target) or Target()
        self.properties = {str(key): value for key, value in (asked.properties or {}).items()}
        self.desired = symbols(asked.desired_capabilities)

    def is_open(self) -> bool:
        """Tell whether the link is attached."""
        return self.state is LinkState.ATTACHED

    def accept(self) -> None:
        """Attach this end, on the peer's terms."""
        self.state = LinkState.ATTACHED
        self._answer(self._asked.source, self._asked.target)

    def refuse(self, error: AmqpError) -> None:
        """Attach without a terminus and detach at once, which is how a link is refused (2.6.3)."""
        receives = self._asked.role
        self._answer(
            None if receives else self._asked.source, self._asked.target if receives else None
        )
        self.detach(error)

    def _answer(self, source: Described | None, target: Described | None) -> None:
        asked = self._asked
        answer = Attach(
            name=asked.name,
            handle=asked.handle,
            role=not asked.role,
            snd_settle_mode=asked.snd_settle_mode,
            source=source,
            target=target,
            initial_delivery_count=0 if asked.role else None,
            max_message_size=LARGEST_MESSAGE,
            offered_capabilities=asked.desired_capabilities,
            properties=asked.properties,
        )
        self.carrier.say(answer)

    def detach(self, error: AmqpError | None = None) -> None:
        """End the link from here."""
        self.state = LinkState.DETACHED
        wire = error.wire() if error else None
        self.carrier.say(Detach(handle=self.handle, closed=True, error=wire))


def _terminus(value: AmqpValue, wanted: type[Source] | type[Target]) -> AmqpValue:
    if value is None:
        return None
    terminus = composite_of(value)
    if not isinstance(terminus, wanted):
        raise ProtocolViolationError(f"A link's {wanted.__name__.lower()} is none (3.5).")
    return terminus


@dataclass(frozen=True, slots=True)
class Delivery:
    """A whole message as it came."""

    delivery_id: int
    payload: bytes
    settled: bool


class IncomingLink(Link):
    """The peer sends.

    Credit is given and renewed, and never enforced: azure-eventhub's sender gives itself credit
    when it has none, and what arrives is dealt with at once anyway.
    """

    def __init__(self, carrier: Carrier, asked: Attach) -> None:
        """Wait for the first delivery."""
        super().__init__(carrier, asked)
        self._delivered = 0
        self._granted = 0
        self._first: Transfer | None = None
        self._payload = bytearray()

    @override
    def accept(self) -> None:
        """Attach, and give credit."""
        super().accept()
        self._grant()

    def _grant(self) -> None:
        self._granted = CREDIT
        flow = self.carrier.flow()
        count, handle = self._delivered, self.handle
        self.carrier.say(replace(flow, handle=handle, delivery_count=count, link_credit=CREDIT))

    def take(self, transfer: Transfer, payload: bytes) -> Delivery | None:
        """Take a frame; gives the delivery that it completes."""
        first = self._first = self._first or transfer
        if first.delivery_id is None:
            raise ProtocolViolationError("A delivery has no id (2.7.5).")
        self._payload += payload
        if len(self._payload) > LARGEST_MESSAGE:
            raise ProtocolViolationError(f"A message is larger than {LARGEST_MESSAGE} bytes.")
        if transfer.more and not transfer.aborted:
            return None
        whole = bytes(self._payload)
        self._first = None
        self._payload.clear()
        self._count()
        settled = bool(first.settled or transfer.settled)
        return None if transfer.aborted else Delivery(first.delivery_id, whole, settled)

    def _count(self) -> None:
        self._delivered = (self._delivered + 1) & 0xFFFFFFFF
        self._granted -= 1
        if self._granted <= CREDIT // 2:
            self._grant()

    def settle(self, delivery: Delivery, outcome: Described) -> None:
        """Say what became of a delivery."""
        if not delivery.settled and self.is_open():
            number = delivery.delivery_id
            self.carrier.say(
                Disposition(role=True, first=number, last=number, settled=True, state=outcome)
            )


class OutgoingLink(Link):
    """The peer receives, as much as it gives credit for."""

    def __init__(self, carrier: Carrier, asked: Attach) -> None:
        """Wait for credit."""
        super().__init__(carrier, asked)
        self.credit = 0
        self._sent = 0
        self._drain = False

    @property
    def confirms(self) -> bool:
        """Tell whether the peer wants to confirm every delivery."""
        return self._asked.snd_settle_mode == UNSETTLED

    def take_flow(self, flow: Flow) -> None:
        """Take credit (2.6.7)."""
        counted = flow.delivery_count if flow.delivery_count is not None else 0
        credit = (counted + (flow.link_credit or 0) - self._sent) & 0xFFFFFFFF
        self.credit = credit if credit < 0x80000000 else 0
        self._drain = flow.drain

    def can_send(self, size: int = 0) -> bool:
        """Tell whether a message of so many bytes may go now."""
        frames = max(1, -(-size // self.carrier.largest_payload))
        return self.is_open() and self.credit > 0 and self.carrier.frames_allowed >= frames

    def send(self, payload: bytes, *, settled: bool = True) -> None:
        """Send a message; `can_send` must have said yes."""
        self.credit -= 1
        self._sent = (self._sent + 1) & 0xFFFFFFFF
        transfer = Transfer(
            handle=self.handle,
            delivery_tag=self._sent.to_bytes(4, "big"),
            message_format=0,
            settled=settled,
        )
        self.carrier.transfer(transfer, payload, self)

    def spend(self) -> None:
        """Give back the credit that nothing was there for, if the peer asked for that."""
        if self._drain and self.is_open():
            self._sent = (self._sent + self.credit) & 0xFFFFFFFF
            self.credit = 0
            self._drain = False
            self.tell_flow(drain=True)

    def tell_flow(self, *, drain: bool = False) -> None:
        """Say where this end stands."""
        self.carrier.say(
            replace(
                self.carrier.flow(),
                handle=self.handle,
                delivery_count=self._sent,
                link_credit=self.credit,
                available=0,
                drain=drain,
            )
        )
