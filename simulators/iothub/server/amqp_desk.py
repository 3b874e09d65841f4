"""What one AMQP connection asks of the hub: tokens, facts about events, events, and messages.

Everything but a token needs a token first.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from simulators.iothub.core.errors import HubError
from simulators.iothub.core.policies import Permission
from simulators.iothub.core.tiers import Operation
from simulators.iothub.protocol.addresses import (
    EVENT_HUB,
    Address,
    Node,
    PartitionNode,
    parse_address,
)
from simulators.iothub.protocol.amqp.link import IncomingLink, Link, OutgoingLink
from simulators.iothub.protocol.amqp.message import Message, write_message
from simulators.iothub.protocol.amqp.performatives import ACCEPTED, AmqpError, rejected
from simulators.iothub.protocol.amqp.session import (
    Confirmed,
    CreditGiven,
    LinkAsked,
    LinkEnded,
    MessageArrived,
    SessionEvent,
)
from simulators.iothub.protocol.amqp.values import AmqpValue, Described
from simulators.iothub.protocol.cloud_messages import Outgoing, parse_cloud_message
from simulators.iothub.protocol.requests import (
    answer,
    partition_number,
    read_facts,
    reply_address,
    token_of,
)
from simulators.iothub.protocol.selectors import parse_filters
from simulators.iothub.server.event_readers import EventReaders, LinkRefusedError, Reader
from simulators.iothub.server.switchboard import Switchboard

EPOCH: Final = "com.microsoft:epoch"
RUNTIME_METRIC: Final = "com.microsoft:enable-receiver-runtime-metric"
UNAUTHORIZED: Final = "amqp:unauthorized-access"
NOT_FOUND: Final = "amqp:not-found"
_CONDITIONS: Final = {
    404: NOT_FOUND,
    403: "amqp:resource-limit-exceeded",
    413: "amqp:link:message-size-exceeded",
    429: "com.microsoft:device-container-throttled",
}


def _refused(error: HubError) -> Described:
    condition = _CONDITIONS.get(error.status, "amqp:not-allowed")
    return rejected(AmqpError(condition=condition, description=str(error)))


@dataclass(frozen=True, slots=True)
class Office:
    """What all desks share."""

    board: Switchboard
    readers: EventReaders
    consumer_groups: frozenset[str]
    created: float


@dataclass(slots=True)
class _Answers:
    """A link on which answers go out, and those that wait for credit."""

    node: Node
    waiting: deque[bytes] = field(default_factory=deque)


class Desk:
    """Serves one connection; `flush` sends, `is_blocked` tells that it does not take more now."""

    def __init__(
        self, office: Office, flush: Callable[[], None], is_blocked: Callable[[], bool]
    ) -> None:
        """Know nobody yet."""
        self.expires: float | None = None
        self._office = office
        self._flush = flush
        self._is_blocked = is_blocked
        self._requests: dict[Link, Node] = {}
        self._answers: dict[Link, _Answers] = {}
        self._readers: dict[Link, Reader] = {}

    def handle(self, event: SessionEvent) -> None:
        """Deal with what the peer asks."""
        match event:
            case LinkAsked(link):
                self._asked(link)
            case MessageArrived():
                self._arrived(event)
            case CreditGiven(link):
                self._credit(link)
            case LinkEnded(link):
                self._ended(link)
            case Confirmed():
                pass  # events stay where they are, and answers are not asked for twice

    def login(self, user: str, password: str) -> bool:
        """Let in who knows a policy's key."""
        granted = self._office.board.hub.admission.holds(user, password)
        if ok := Permission.SERVICE_CONNECT in granted:
            self.expires = math.inf
        return ok

    def go_on(self) -> None:
        """The connection takes more again."""
        for reader in tuple(self._readers.values()):
            self._office.readers.serve(reader)

    def leave(self) -> None:
        """The connection is gone."""
        for link in (*self._readers, *self._answers, *self._requests):
            self._ended(link)

    # -- links

    def _asked(self, link: IncomingLink | OutgoingLink) -> None:
        try:
            if isinstance(link, OutgoingLink):
                self._open_outgoing(link, self._permitted(link.source.address))
            else:
                self._open_incoming(link, self._permitted(link.target.address))
        except LinkRefusedError as refusal:
            link.refuse(refusal.error)

    def _permitted(self, text: str | None) -> Address:
        address = parse_address(text)
        if address is None:
            raise LinkRefusedError(NOT_FOUND, f"There is nothing at the address {text!r:.200}.")
        known = self.expires is not None and self.expires > self._office.board.clock()
        if address is not Node.TOKENS and not known:
            raise LinkRefusedError(UNAUTHORIZED, f"{text:.200} needs a token, put to $cbs first.")
        return address

    def _open_incoming(self, link: IncomingLink, address: Address) -> None:
        if address not in (Node.TOKENS, Node.MANAGEMENT, Node.DEVICE_BOUND):
            raise LinkRefusedError("amqp:not-allowed", "Nothing can be sent to this address.")
        self._requests[link] = address
        link.accept()

    def _open_outgoing(self, link: OutgoingLink, address: Address) -> None:
        match address:
            case Node.TOKENS | Node.MANAGEMENT:
                self._answers[link] = _Answers(address)
                link.accept()
            case PartitionNode():
                self._open_reader(link, address)
            case _:
                raise LinkRefusedError("amqp:not-allowed", "Nothing is sent from this address.")

    def _open_reader(self, link: OutgoingLink, node: PartitionNode) -> None:
        reader = self._reader(link, node)
        self._office.readers.admit(reader)
        self._readers[link] = reader
        link.accept()

    def _reader(self, link: OutgoingLink, node: PartitionNode) -> Reader:
        if node.group not in self._office.consumer_groups:
            raise LinkRefusedError(NOT_FOUND, f"There is no consumer group {node.group:.100}.")
        log, epoch = self._office.board.events.log, link.properties.get(EPOCH)
        try:
            number = partition_number(node.partition, len(log.partitions))
            position = parse_filters(link.source.filters)
        except HubError as error:
            raise LinkRefusedError(NOT_FOUND, error.message) from error
        except ValueError as error:
            raise LinkRefusedError("com.microsoft:argument-error", str(error)) from error
        return Reader(
            link,
            node.group,
            number,
            log.partitions[number].start(position),
            int(epoch) if isinstance(epoch, int) else None,
            RUNTIME_METRIC in link.desired,
            self._flush,
            self._is_blocked,
        )

    def _credit(self, link: OutgoingLink) -> None:
        if reader := self._readers.get(link):
            self._office.readers.serve(reader)
        elif answers := self._answers.get(link):
            self._send_answers(link, answers)

    def _ended(self, link: Link) -> None:
        self._requests.pop(link, None)
        self._answers.pop(link, None)
        if reader := self._readers.pop(link, None):
            self._office.readers.drop(reader)

    # -- messages

    def _arrived(self, arrived: MessageArrived) -> None:
        link, message = arrived.link, arrived.message
        node = self._requests[link]
        if node is Node.DEVICE_BOUND:
            self._take_message(arrived)
            return
        self._reply(link, node, message)
        link.settle(arrived.delivery, ACCEPTED)

    def _take_message(self, arrived: MessageArrived) -> None:
        """Put a message into its device's mailbox, when the doors let it through."""
        try:
            sent = parse_cloud_message(arrived.message)
            wait = self._wait(sent)
        except HubError as error:
            arrived.link.settle(arrived.delivery, _refused(error))
            return
        if wait:
            asyncio.get_running_loop().call_later(wait, self._take_late, arrived, sent)
        else:
            arrived.link.settle(arrived.delivery, self._send_to_device(sent))

    def _wait(self, sent: Outgoing) -> float:
        doors = self._office.board.doors
        if not doors.is_watched:
            return 0.0
        return doors.take(Operation.CLOUD_MESSAGE, sent.device_id, len(sent.body))

    def _take_late(self, arrived: MessageArrived, sent: Outgoing) -> None:
        if arrived.link in self._requests:
            arrived.link.settle(arrived.delivery, self._send_to_device(sent))
            self._flush()

    def _send_to_device(self, sent: Outgoing) -> Described:
        board = self._office.board
        try:
            board.hub.mail.send(
                sent.device_id, sent.properties, sent.body, sent.expires, board.clock()
            )
        except HubError as error:
            return _refused(error)
        return ACCEPTED

    def _reply(self, link: IncomingLink, node: Node, request: Message) -> None:
        """Answer on the link of the same session that is for answers of this kind."""
        reply = write_message(
            answer(request, self._put_token if node is Node.TOKENS else self._read_facts)
        )
        address = reply_address(request)
        links = [
            (outgoing, answers)
            for outgoing, answers in reversed(self._answers.items())
            if answers.node is node and outgoing.carrier is link.carrier
        ]
        # Clients for Node name an address that none of their links has, and mean the only one.
        named = (each for each in links if address in (None, each[0].target.address))
        if (found := next(named, next(iter(links), None))) is not None:
            outgoing, answers = found
            answers.waiting.append(reply)
            if isinstance(outgoing, OutgoingLink):
                self._send_answers(outgoing, answers)

    def _send_answers(self, link: OutgoingLink, answers: _Answers) -> None:
        while answers.waiting and link.can_send(len(answers.waiting[0])):
            link.send(answers.waiting.popleft(), settled=not link.confirms)

    def _put_token(self, request: Message) -> AmqpValue:
        board = self._office.board
        self.expires = board.hub.admission.visitor(token_of(request), board.clock())

    def _read_facts(self, request: Message) -> AmqpValue:
        partitions = self._office.board.events.log.partitions
        return read_facts(request, EVENT_HUB, partitions, self._office.created)
