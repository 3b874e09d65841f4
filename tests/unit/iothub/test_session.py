"""One MQTT connection, without a socket."""

from hypothesis import given
from hypothesis import strategies as st

from simulators.iothub.protocol.decoding import PacketReader
from simulators.iothub.protocol.encoding import encode
from simulators.iothub.protocol.packets import (
    SUBSCRIPTION_REFUSED,
    Connack,
    Connect,
    Disconnect,
    Packet,
    Pingreq,
    Pingresp,
    Puback,
    Publish,
    Suback,
    Subscribe,
    Unsuback,
    Unsubscribe,
    Verdict,
    Will,
)
from simulators.iothub.protocol.session import LONGEST_SILENCE, Session, State
from simulators.iothub.protocol.session_events import (
    Arrival,
    Farewell,
    Listening,
    SessionEvent,
    Violation,
)
from simulators.iothub.protocol.topics import (
    DESIRED_PATCHES,
    METHODS,
    TWIN_ANSWERS,
    Telemetry,
    TwinRead,
)

USER = "localhost/shelf-1/?api-version=2019-10-01"


def hello(keepalive: int = 60, will: Will | None = None) -> Connect:
    return Connect("shelf-1", False, keepalive, USER, "token", will)


def said(session: Session) -> list[Packet]:
    return list(PacketReader().feed(session.take_output()))


def opened(filters: tuple[tuple[str, int], ...] = ()) -> Session:
    session = Session()
    for event in session.feed(encode(hello())):
        assert isinstance(event, Arrival)
        session.accept(filters, session_present=bool(filters))
    assert said(session) == [Connack(Verdict.ACCEPTED, bool(filters))]
    return session


def events(session: Session, *packets: Packet) -> list[SessionEvent]:
    return list(session.feed(b"".join(map(encode, packets))))


def test_a_device_says_who_it_is_and_is_let_in() -> None:
    session = Session()
    arrivals = list(session.feed(encode(hello())))
    assert [event.user.name for event in arrivals if isinstance(event, Arrival)] == ["shelf-1"]
    session.accept((), session_present=False)
    assert session.state is State.OPEN


def test_a_refused_device_is_told_so_and_nothing_more_is_heard_of_it() -> None:
    session = Session()
    heard = []
    for event in session.feed(encode(hello()) + encode(Pingreq())):
        heard.append(event)
        session.refuse(Verdict.NOT_AUTHORIZED)
    assert len(heard) == 1
    assert said(session) == [Connack(Verdict.NOT_AUTHORIZED)]
    assert events(session, Pingreq()) == []


def test_the_first_packet_must_be_a_connect() -> None:
    session = Session()
    assert isinstance(events(session, Pingreq())[0], Violation)
    assert session.state is State.CLOSED


def test_nobody_connects_twice() -> None:
    assert isinstance(events(opened(), hello())[0], Violation)


def test_another_mqtt_version_is_answered_as_the_standard_says() -> None:
    session = Session()
    heard = events(session, Connect("", True, 0, level=5))
    assert isinstance(heard[0], Violation)
    assert said(session) == [Connack(Verdict.WRONG_PROTOCOL_LEVEL)]


def test_a_client_id_must_be_the_device_id() -> None:
    session = Session()
    heard = events(session, Connect("other", False, 60, USER, "token"))
    assert isinstance(heard[0], Violation)
    assert said(session) == [Connack(Verdict.BAD_CLIENT_ID)]


def test_a_publish_at_qos_1_is_acknowledged() -> None:
    session = opened()
    heard = events(session, Publish("$iothub/twin/GET/?$rid=1", b"", 1, 77))
    assert heard == [TwinRead("1")]
    assert said(session) == [Puback(77)]


def test_a_publish_at_qos_2_closes_the_connection() -> None:
    session = opened()
    assert isinstance(
        events(session, Publish("devices/shelf-1/messages/events/", b"", 2, 1))[0], Violation
    )


def test_subscriptions_are_granted_at_most_qos_1() -> None:
    session = opened()
    heard = events(session, Subscribe(9, ((TWIN_ANSWERS, 0), (DESIRED_PATCHES, 2), ("#", 1))))
    assert heard == [Listening(((TWIN_ANSWERS, 0), (DESIRED_PATCHES, 1)))]
    assert said(session) == [Suback(9, (0, 1, SUBSCRIPTION_REFUSED))]


def test_a_device_may_not_listen_to_another() -> None:
    session = opened()
    events(session, Subscribe(1, (("devices/shelf-2/messages/devicebound/#", 1),)))
    assert said(session) == [Suback(1, (SUBSCRIPTION_REFUSED,))]


def test_who_stops_listening_hears_no_more() -> None:
    session = opened(((DESIRED_PATCHES, 1),))
    session.tell_desired(2, b"{}")
    assert said(session) == [
        Publish("$iothub/twin/PATCH/properties/desired/?$version=2", b"{}", 1, 1)
    ]
    assert events(session, Unsubscribe(3, (DESIRED_PATCHES,))) == [Listening(())]
    assert said(session) == [Unsuback(3)]
    session.tell_desired(3, b"{}")
    assert said(session) == []


def test_methods_are_taken_only_by_who_listens() -> None:
    assert not opened().takes_methods
    session = opened(((METHODS, 1),))
    assert session.takes_methods
    session.ask_method("identify", "1", b"null")
    assert said(session) == [Publish("$iothub/methods/POST/identify/?$rid=1", b"null")]


def test_a_ping_is_answered() -> None:
    session = opened()
    events(session, Pingreq())
    assert said(session) == [Pingresp()]


def test_a_goodbye_voids_the_will() -> None:
    session = Session()
    will = Will("devices/shelf-1/messages/events/", b"gone", 1, False)
    for _ in session.feed(encode(hello(will=will))):
        session.accept((), session_present=False)
    assert session.will == Telemetry({"iothub-MessageType": "Will"}, b"gone")
    assert events(session, Disconnect()) == [Farewell()]
    assert session.will is None


def test_a_will_can_only_be_a_message_of_the_device() -> None:
    session = Session()
    will = Will("$iothub/twin/GET/?$rid=1", b"", 0, False)
    assert isinstance(events(session, hello(will=will))[0], Violation)


def test_silence_is_borne_for_one_and_a_half_keepalives() -> None:
    for keepalive, expected in ((60, 90.0), (0, LONGEST_SILENCE), (60000, LONGEST_SILENCE)):
        session = Session()
        events(session, hello(keepalive))
        assert session.longest_silence == expected


def test_packet_identifiers_start_over_without_zero() -> None:
    session = opened(((DESIRED_PATCHES, 1),))
    for version in range(65536):
        session.tell_desired(version, b"")
    identifiers = [packet.packet_id for packet in said(session) if isinstance(packet, Publish)]
    assert identifiers == [*range(1, 65536), 1]


@given(st.lists(st.binary(max_size=80), max_size=10))
def test_garbage_after_the_handshake_ends_the_session_or_is_understood(pieces: list[bytes]) -> None:
    session = opened()
    for piece in pieces:
        heard = list(session.feed(piece))
        assert (session.state is State.CLOSED) >= any(
            isinstance(event, Violation) for event in heard
        )
        if session.state is State.CLOSED:
            assert list(session.feed(piece)) == []
