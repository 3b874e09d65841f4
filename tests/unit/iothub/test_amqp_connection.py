"""An AMQP connection without a socket: greetings, windows, credit, and peers that misbehave."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.iothub.protocol.amqp.composites import Composite
from simulators.iothub.protocol.amqp.connection import Farewell, PlainLogin, Violation
from simulators.iothub.protocol.amqp.frames import AMQP_HEADER, SASL_HEADER, Frame, Header, frame
from simulators.iothub.protocol.amqp.link import CREDIT, IncomingLink, OutgoingLink
from simulators.iothub.protocol.amqp.message import Message, read_message, write_message
from simulators.iothub.protocol.amqp.performatives import (
    ACCEPTED,
    AmqpError,
    Attach,
    Close,
    Detach,
    Disposition,
    End,
    Flow,
    Open,
    SaslInit,
    SaslMechanisms,
    SaslOutcome,
    Transfer,
    composite_of,
)
from simulators.iothub.protocol.amqp.session import (
    Confirmed,
    CreditGiven,
    LinkAsked,
    LinkEnded,
    MessageArrived,
)
from simulators.iothub.protocol.amqp.values import Array, Symbol
from tests.unit.iothub.amqp_peer import (
    GREETING,
    Peer,
    a_begin,
    a_transfer,
    an_open,
    credit,
    receiving,
    sending,
)

HELLO = write_message(Message(b"hello"))


def outgoing(peer: Peer, **more: Any) -> OutgoingLink:
    (asked,) = peer.say(receiving("events", **more))
    assert isinstance(asked, LinkAsked)
    assert isinstance(asked.link, OutgoingLink)
    asked.link.accept()
    return asked.link


def incoming(peer: Peer) -> IncomingLink:
    (asked,) = peer.say(sending("$cbs"))
    assert isinstance(asked, LinkAsked)
    assert isinstance(asked.link, IncomingLink)
    asked.link.accept()
    return asked.link


def test_a_peer_is_greeted_in_two_layers() -> None:
    peer = Peer()
    assert peer.feed(GREETING + frame(0, an_open())) == []
    first, mechanisms, outcome, second, opened = peer.heard()
    assert (first, second) == (Header(SASL_HEADER), Header(AMQP_HEADER))
    assert isinstance(mechanisms, Frame)
    offered = tuple(map(Symbol, ("MSSBCBS", "PLAIN", "ANONYMOUS")))
    assert mechanisms.performative == SaslMechanisms(sasl_server_mechanisms=Array(offered))
    assert outcome == Frame(0, SaslOutcome(outcome=0), sasl=True)
    assert isinstance(opened, Frame)
    assert isinstance(opened.performative, Open)
    assert opened.performative.idle_time_out == 240_000


def test_a_peer_may_come_without_a_login_as_clients_for_node_do() -> None:
    peer = Peer()
    assert peer.feed(AMQP_HEADER + frame(0, an_open())) == []
    first, opened = peer.heard()
    assert first == Header(AMQP_HEADER)
    assert isinstance(opened, Frame)
    assert isinstance(opened.performative, Open)


def test_a_plain_login_is_the_owners_to_decide() -> None:
    init = SaslInit(mechanism="PLAIN", initial_response=b"\0policy\0key")
    for ok, code in ((True, 0), (False, 1)):
        peer = Peer()
        asked = peer.feed(SASL_HEADER + frame(0, init, sasl=True))
        assert asked == [PlainLogin("policy", "key")]
        peer.hub.admit(ok=ok)
        assert peer.heard_of(SaslOutcome) == [SaslOutcome(outcome=code)]
        assert peer.hub.is_over() is not ok


def test_a_link_is_answered_on_the_peers_terms() -> None:
    peer = Peer().open()
    outgoing(peer, properties={Symbol("com.microsoft:epoch"): 3}, snd_settle_mode=1)
    (answer,) = peer.heard_of(Attach)
    assert (answer.name, answer.role, answer.initial_delivery_count) == ("link-0", False, 0)
    assert answer.snd_settle_mode == 1
    assert answer.source
    assert answer.target


def test_a_link_that_is_refused_says_why() -> None:
    peer = Peer().open()
    (asked,) = peer.say(receiving("nowhere"))
    assert isinstance(asked, LinkAsked)
    asked.link.refuse(AmqpError(condition="amqp:not-found", description="nothing here"))
    attach, detach = peer.heard()
    assert isinstance(attach, Frame)
    assert isinstance(attach.performative, Attach)
    assert attach.performative.source is None
    assert isinstance(detach, Frame)
    assert isinstance(detach.performative, Detach)
    error = composite_of(detach.performative.error)
    assert error == AmqpError(condition="amqp:not-found", description="nothing here")
    assert peer.say(Detach(handle=0, closed=True)) == []
    assert isinstance(peer.say(receiving("again"))[0], LinkAsked)


def test_nothing_is_sent_without_credit_and_no_more_than_it_allows() -> None:
    peer = Peer().open()
    link = outgoing(peer)
    assert not link.can_send()
    assert peer.say(credit(2)) == [CreditGiven(link)]
    peer.heard()
    for _ in range(2):
        assert link.can_send(len(HELLO))
        link.send(HELLO)
    assert not link.can_send()
    assert [each.delivery_id for each in peer.heard_of(Transfer)] == [0, 1]
    peer.say(credit(3, delivery_count=1, heard=1))  # one of the two had not been counted yet
    assert link.credit == 2


def test_the_sessions_window_holds_messages_back() -> None:
    peer = Peer().open(window=1)
    link = outgoing(peer)
    peer.say(credit(10, window=1))
    link.send(HELLO)
    assert not link.can_send()
    window = Flow(next_incoming_id=1, incoming_window=5, next_outgoing_id=0, outgoing_window=0)
    assert peer.say(window) == [CreditGiven(link)]
    assert link.can_send()


def test_a_long_message_takes_several_frames() -> None:
    peer = Peer().open(max_frame_size=1000)
    link = outgoing(peer)
    peer.say(credit(5))
    peer.heard()
    body = bytes(range(256)) * 20
    link.send(write_message(Message(body)))
    frames = [piece for piece in peer.heard() if isinstance(piece, Frame)]
    transfers = [each.performative for each in frames]
    assert all(isinstance(each, Transfer) for each in transfers)
    assert [each.more for each in transfers if isinstance(each, Transfer)] == [True] * 5 + [False]
    assert read_message(b"".join(each.payload for each in frames)) == Message(body)


def test_credit_that_is_drained_is_given_back() -> None:
    peer = Peer().open()
    outgoing(peer)
    peer.heard()
    peer.say(credit(7, drain=True))
    (answer,) = peer.heard_of(Flow)
    assert (answer.link_credit, answer.delivery_count, answer.drain) == (0, 7, True)


def test_who_asks_for_an_echo_gets_one() -> None:
    peer = Peer().open()
    outgoing(peer)
    peer.heard()
    peer.say(credit(7, echo=True))
    (answer,) = peer.heard_of(Flow)
    assert answer.link_credit == 7


def test_messages_in_one_frame_and_in_many_arrive_whole() -> None:
    peer = Peer().open()
    link = incoming(peer)
    (arrived,) = peer.say(a_transfer(0), HELLO)
    assert isinstance(arrived, MessageArrived)
    assert (arrived.link, arrived.message) == (link, Message(b"hello"))
    assert peer.say(a_transfer(1, more=True), HELLO[:3]) == []
    assert peer.say(Transfer(handle=0, more=True), HELLO[3:5]) == []
    (second,) = peer.say(Transfer(handle=0), HELLO[5:])
    assert isinstance(second, MessageArrived)
    assert (second.delivery.delivery_id, second.message) == (1, Message(b"hello"))


def test_an_aborted_message_never_arrives() -> None:
    peer = Peer().open()
    incoming(peer)
    assert peer.say(a_transfer(0, more=True), HELLO[:3]) == []
    assert peer.say(Transfer(handle=0, aborted=True)) == []
    (next_one,) = peer.say(a_transfer(1), HELLO)
    assert isinstance(next_one, MessageArrived)


def test_a_delivery_is_settled_unless_it_was_sent_so() -> None:
    peer = Peer().open()
    link = incoming(peer)
    peer.heard()
    for number, settled in ((0, True), (1, False)):
        (arrived,) = peer.say(a_transfer(number, settled=settled), HELLO)
        assert isinstance(arrived, MessageArrived)
        link.settle(arrived.delivery, ACCEPTED)
    assert peer.heard_of(Disposition) == [
        Disposition(role=True, first=1, last=1, settled=True, state=ACCEPTED)
    ]


def test_a_sender_never_runs_dry() -> None:
    peer = Peer().open()
    incoming(peer)
    granted = CREDIT
    for number in range(3 * CREDIT):
        assert granted > 0
        peer.say(a_transfer(number, settled=True), HELLO)
        granted -= 1
        for flow in peer.heard_of(Flow):
            assert flow.delivery_count is not None
            assert flow.link_credit is not None
            granted = flow.delivery_count + flow.link_credit - number - 1


def test_a_confirmation_reaches_the_link_it_is_for() -> None:
    peer = Peer().open()
    link = outgoing(peer, snd_settle_mode=0)
    assert link.confirms
    peer.say(credit(5))
    link.send(HELLO, settled=False)
    link.send(HELLO, settled=False)
    peer.heard()
    said = peer.say(Disposition(role=True, first=0, last=4_000_000_000, state=ACCEPTED))
    assert said == [Confirmed(link, 0, ACCEPTED), Confirmed(link, 1, ACCEPTED)]
    (answer,) = peer.heard_of(Disposition)
    assert answer.settled
    assert peer.say(Disposition(role=True, first=0, settled=True)) == []


def test_links_end_with_their_session() -> None:
    peer = Peer().open()
    link = outgoing(peer)
    peer.heard()
    assert peer.say(End()) == [LinkEnded(link)]
    assert peer.heard_of(End) == [End()]
    assert not link.can_send()
    assert peer.say(End()) == []
    assert peer.say(a_begin()) == []


def test_a_connection_is_closed_by_both() -> None:
    peer = Peer().open()
    assert peer.say(Close()) == [Farewell()]
    assert peer.heard_of(Close) == [Close()]
    assert peer.say(a_begin()) == []


def test_heartbeats_are_sent_twice_in_the_time_the_peer_waits() -> None:
    peer = Peer().open(idle_time_out=10_000)
    assert peer.hub.heartbeat_seconds == 5
    peer.hub.beat()
    assert peer.heard() == [Frame(0, None)]
    assert peer.feed(b"\0\0\0\x08\x02\0\0\0") == []


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        pytest.param(receiving("a", handle=256), "at most", id="a handle too high"),
        pytest.param(credit(1, handle=7), "no link", id="credit for no link"),
        pytest.param(a_transfer(0, handle=7), "no link", id="a message on no link"),
        pytest.param(Detach(handle=7), "no link", id="detaching no link"),
        pytest.param(a_begin(), "cannot be begun", id="a session twice"),
        pytest.param(an_open(), "no such performative", id="open twice"),
    ],
)
def test_a_peer_that_breaks_the_protocol_is_told_and_cut_off(said: Composite, reason: str) -> None:
    peer = Peer().open()
    (violation,) = peer.say(said)
    assert isinstance(violation, Violation)
    assert reason in violation.reason
    (close,) = peer.heard_of(Close)
    assert close.error
    assert peer.hub.is_over()
    assert peer.say(a_begin()) == []


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", id="http"),
        pytest.param(b"AMQP\x00\x00\x09\x01", id="AMQP 0.9"),
        pytest.param(SASL_HEADER + frame(0, an_open()), id="open before sasl"),
        pytest.param(
            SASL_HEADER + frame(0, SaslInit(mechanism="GSSAPI"), sasl=True), id="unknown mechanism"
        ),
        pytest.param(
            SASL_HEADER + frame(0, SaslInit(mechanism="PLAIN"), sasl=True), id="empty login"
        ),
        pytest.param(GREETING + frame(0, a_begin()), id="begin before open"),
        pytest.param(GREETING + frame(0, an_open(max_frame_size=511)), id="tiny frames"),
    ],
)
def test_a_wrong_beginning_ends_the_connection(data: bytes) -> None:
    peer = Peer()
    (violation,) = peer.feed(data)
    assert isinstance(violation, Violation)
    assert peer.hub.is_over()
    assert peer.hub.take_output().startswith(SASL_HEADER)


wild: st.SearchStrategy[Composite] = st.one_of(
    st.builds(receiving, st.just("a"), st.integers(0, 3)),
    st.builds(sending, st.just("a"), st.integers(0, 3)),
    st.builds(credit, st.integers(0, 5), st.integers(0, 3), st.integers(0, 5), drain=st.booleans()),
    st.builds(a_transfer, st.integers(0, 9), st.integers(0, 3), more=st.booleans()),
    st.builds(Detach, handle=st.integers(0, 3), closed=st.booleans()),
    st.builds(Disposition, role=st.booleans(), first=st.integers(0, 9)),
    st.sampled_from([a_begin(), End(), Close()]),
)


@given(st.lists(wild, max_size=30), st.sampled_from([HELLO, b"", b"\xff"]))
def test_whatever_a_peer_says_in_whatever_order_nothing_breaks(
    said: list[Composite], payload: bytes
) -> None:
    peer = Peer().open()
    for performative in said:
        carried = payload if isinstance(performative, Transfer) else b""
        for event in peer.say(performative, carried):
            if isinstance(event, LinkAsked):
                event.link.accept()
            elif isinstance(event, CreditGiven):
                while event.link.can_send(len(HELLO)):
                    event.link.send(HELLO, settled=False)
    peer.heard()  # and all that was sent is well-formed


@given(st.binary(max_size=300), st.integers(0, 3))
def test_garbage_at_any_moment_never_breaks_the_connection(garbage: bytes, moment: int) -> None:
    stream = [GREETING, frame(0, an_open()), frame(0, a_begin())]
    peer = Peer()
    peer.feed(b"".join(stream[:moment]))
    peer.feed(garbage)
    peer.heard()
