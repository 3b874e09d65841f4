"""One device's MQTT connection as IoT Hub plays it: every state and every transition is here.

    WAITING --CONNECT--> DECIDING --accept--> OPEN --DISCONNECT, violation, close--> CLOSED
                             `-----refuse--------------------------------------------^

The owner feeds bytes and handles each event before asking for the next; whatever the session has to
say collects in its output. What the events mean for the hub is not known here.
"""

from collections.abc import Iterator
from enum import Enum, auto
from typing import Final

from simulators.iothub.protocol.decoding import PacketReader
from simulators.iothub.protocol.deliveries import Deliveries
from simulators.iothub.protocol.encoding import encode
from simulators.iothub.protocol.packets import (
    PROTOCOL_LEVEL,
    SUBSCRIPTION_REFUSED,
    Connack,
    Connect,
    Disconnect,
    Packet,
    Pingreq,
    Pingresp,
    ProtocolViolationError,
    Puback,
    Publish,
    Suback,
    Subscribe,
    Unsuback,
    Unsubscribe,
    Verdict,
)
from simulators.iothub.protocol.registrations import (
    ANSWERS,
    Registrant,
    answer_topic,
    parse_asked,
    parse_registrant,
)
from simulators.iothub.protocol.session_events import (
    Arrival,
    Asked,
    Confirmed,
    Farewell,
    Filters,
    Listening,
    SessionEvent,
    Violation,
)
from simulators.iothub.protocol.topics import (
    DESIRED_PATCHES,
    METHODS,
    Request,
    Telemetry,
    UserName,
    desired_topic,
    inbox_filter,
    inbox_topic,
    is_allowed,
    method_topic,
    parse_request,
    parse_user_name,
    twin_answer_topic,
)

MOST_SUBSCRIPTIONS: Final = 5
LONGEST_SILENCE: Final = 1767.0
"""Seconds after which IoT Hub drops a silent device whatever keepalive it asked for."""


PATIENCE: Final = 30.0
"""Seconds in which a peer must have sent its CONNECT."""


class State(Enum):
    """How far the connection has come."""

    WAITING = auto()
    DECIDING = auto()
    OPEN = auto()
    CLOSED = auto()


class Session:
    """The state machine of one connection."""

    __slots__ = (
        "_deliveries",
        "_filters",
        "_output",
        "_reader",
        "is_registrant",
        "longest_silence",
        "name",
        "state",
        "will",
    )

    def __init__(self) -> None:
        """Wait for a CONNECT."""
        self.state = State.WAITING
        self.name = ""
        self.is_registrant = False
        self.longest_silence = PATIENCE
        self.will: Telemetry | None = None
        self._filters: dict[str, int] = {}
        self._deliveries = Deliveries()
        self._reader = PacketReader()
        self._output: list[bytes] = []

    def is_over(self) -> bool:
        """Tell whether the connection is over."""
        return self.state is State.CLOSED

    # -- what comes in

    def feed(self, data: bytes) -> Iterator[SessionEvent]:
        """Take bytes in and give what they mean; after a Violation nothing more comes."""
        if self.is_over():
            return
        try:
            for packet in self._reader.feed(data):
                yield from self._take(packet)
                if self.is_over():
                    return
        except ProtocolViolationError as error:
            self.close()
            yield Violation(str(error))

    def _take(self, packet: Packet) -> Iterator[SessionEvent]:
        if self.state is State.WAITING:
            yield from self._connect(packet)
        elif self.state is State.OPEN:
            yield from self._serve(packet)
        else:
            raise ProtocolViolationError("Nothing may be sent before the connection is decided.")

    def _connect(self, packet: Packet) -> Iterator[SessionEvent]:
        if not isinstance(packet, Connect):
            raise ProtocolViolationError("The first packet must be CONNECT (3.1).")
        if packet.level != PROTOCOL_LEVEL:
            self.refuse(Verdict.WRONG_PROTOCOL_LEVEL)
            raise ProtocolViolationError("Only MQTT 3.1.1 is spoken here.")
        user = self._identified(packet)
        self.name, self.is_registrant = user.name, isinstance(user, Registrant)
        self.will = self._read_will(packet)
        self.longest_silence = _longest_silence(packet.keepalive)
        self.state = State.DECIDING
        yield Arrival(user, packet.password, packet.clean)

    def _identified(self, packet: Connect) -> UserName | Registrant:
        """A client's id is its device's, or `device/module`, and its user name says so too."""
        if packet.user_name is None:
            self.refuse(Verdict.BAD_USER_OR_PASSWORD)
            raise ProtocolViolationError("A device must give a user name.")
        user = parse_registrant(packet.user_name) or parse_user_name(packet.user_name)
        if packet.client_id != user.client_id:
            self.refuse(Verdict.BAD_CLIENT_ID)
            raise ProtocolViolationError("The client id and the user name name different devices.")
        return user

    def _read_will(self, packet: Connect) -> Telemetry | None:
        if (will := packet.will) is None:
            return None
        if self.is_registrant:
            raise ProtocolViolationError("The provisioning service takes no wills.")
        if will.qos == 2:
            raise ProtocolViolationError("IoT Hub does not speak QoS 2.")
        message = parse_request(will.topic, will.body, self.name, retain=will.retain)
        if not isinstance(message, Telemetry):
            raise ProtocolViolationError("A will can only be a message to the hub.")
        return Telemetry({**message.properties, "iothub-MessageType": "Will"}, message.body)

    def _serve(self, packet: Packet) -> Iterator[SessionEvent]:
        match packet:
            case Publish():
                yield self._published(packet)
            case Subscribe():
                yield self._subscribed(packet)
            case Unsubscribe():
                yield self._unsubscribed(packet)
            case Pingreq():
                self._say(Pingresp())
            case Disconnect():
                self.will = None
                self.close()
                yield Farewell()
            case Puback(packet_id):
                # Patches go out at QoS 1 too: those are a state and never sent again.
                if (number := self._deliveries.end(packet_id)) is not None:
                    yield Confirmed(number)
            case _:
                raise ProtocolViolationError(f"A device must not send {type(packet).__name__}.")

    def _published(self, packet: Publish) -> Request | Asked:
        if packet.qos == 2:
            raise ProtocolViolationError("IoT Hub does not speak QoS 2.")
        request = self._understood(packet)
        if packet.qos:
            self._say(Puback(packet.packet_id))
        return request

    def _understood(self, packet: Publish) -> Request | Asked:
        if self.is_registrant:
            return parse_asked(packet.topic, packet.body)
        return parse_request(packet.topic, packet.body, self.name, retain=packet.retain)

    def _subscribed(self, packet: Subscribe) -> Listening:
        granted = tuple(self._grant(topic_filter, qos) for topic_filter, qos in packet.filters)
        self._say(Suback(packet.packet_id, granted))
        return Listening(tuple(self._filters.items()))

    def _grant(self, topic_filter: str, qos: int) -> int:
        full = len(self._filters) >= MOST_SUBSCRIPTIONS and topic_filter not in self._filters
        allowed = (
            topic_filter == ANSWERS if self.is_registrant else is_allowed(topic_filter, self.name)
        )
        if full or not allowed:
            return SUBSCRIPTION_REFUSED
        self._filters[topic_filter] = granted = min(qos, 1)
        return granted

    def _unsubscribed(self, packet: Unsubscribe) -> Listening:
        for topic_filter in packet.filters:
            self._filters.pop(topic_filter, None)
        self._say(Unsuback(packet.packet_id))
        return Listening(tuple(self._filters.items()))

    # -- what the owner decides

    def accept(self, filters: Filters, *, session_present: bool) -> None:
        """Let the device in; it goes on listening to what its persistent session kept."""
        self.state = State.OPEN
        self._filters = dict(filters)
        self._say(Connack(Verdict.ACCEPTED, session_present))

    def refuse(self, verdict: Verdict) -> None:
        """Send the device away."""
        self.will = None
        self._say(Connack(verdict))
        self.close()

    def close(self) -> None:
        """Take nothing more in."""
        self.state = State.CLOSED

    # -- what goes out

    @property
    def takes_methods(self) -> bool:
        """Tell whether the device listens for direct methods."""
        return self.state is State.OPEN and METHODS in self._filters

    @property
    def takes_messages(self) -> bool:
        """Tell whether the device listens for messages from the cloud."""
        return self.state is State.OPEN and inbox_filter(self.name) in self._filters

    def carries(self, number: int) -> bool:
        """Tell whether a message is on its way to the device."""
        return self._deliveries.carry(number)

    def send_message(self, number: int, properties: str, body: bytes, *, again: bool) -> bool:
        """Send a message from the cloud; tells whether the device will confirm it."""
        topic = inbox_topic(self.name, properties)
        if qos := self._filters[inbox_filter(self.name)]:
            packet_id = self._deliveries.begin(number)
            self._say(Publish(topic, body, qos, packet_id, duplicate=again))
        else:
            self._publish(topic, body, 0)
        return bool(qos)

    def answer_twin(
        self, status: int, request_id: str, body: bytes = b"", version: int | None = None
    ) -> None:
        """Answer a twin request; `version` is that of reported after a patch."""
        self._publish(twin_answer_topic(status, request_id, version), body, 0)

    def answer_registrant(
        self, status: int, request_id: str, body: bytes, retry_after: int | None = None
    ) -> None:
        """Answer who wants to be provisioned; `retry_after` are the seconds until it asks again."""
        self._publish(answer_topic(status, request_id, retry_after), body, 0)

    def tell_desired(self, version: int, body: bytes) -> None:
        """Tell of a change to the desired properties, if the device listens."""
        if (qos := self._filters.get(DESIRED_PATCHES)) is not None:
            self._publish(desired_topic(version), body, qos)

    def ask_method(self, name: str, request_id: str, payload: bytes) -> None:
        """Ask the device to run a direct method."""
        self._publish(method_topic(name, request_id), payload, 0)

    def take_output(self) -> bytes:
        """Give what is to be sent, once."""
        output, self._output = b"".join(self._output), []
        return output

    def _publish(self, topic: str, body: bytes, qos: int) -> None:
        if self.state is State.OPEN:
            self._say(Publish(topic, body, qos, self._deliveries.next_id() if qos else 0))

    def _say(self, packet: Packet) -> None:
        self._output.append(encode(packet))


def _longest_silence(keepalive: int) -> float:
    return min(1.5 * keepalive, LONGEST_SILENCE) if keepalive else LONGEST_SILENCE
