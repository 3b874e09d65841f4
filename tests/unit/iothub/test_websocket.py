"""Websockets, without a socket: a wsproto client on the other side."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    Pong,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.frame_protocol import CloseReason

from simulators.iothub.protocol.packets import ProtocolViolationError
from simulators.iothub.protocol.session import Session, State
from simulators.iothub.protocol.session_events import Violation
from simulators.iothub.protocol.websocket import PATH, Websocket

KEY = (b"Sec-WebSocket-Key", b"dGhlIHNhbXBsZSBub25jZQ==")
HEADERS = (
    (b"Host", b"localhost"),
    (b"Upgrade", b"websocket"),
    (b"Connection", b"Upgrade"),
    (b"Sec-WebSocket-Version", b"13"),
    (b"Sec-WebSocket-Protocol", b"mqtt"),
    KEY,
)


def opened() -> tuple[Websocket, WSConnection]:
    """Join a client and the hub's side."""
    client, server = WSConnection(ConnectionType.CLIENT), Websocket()
    asked = client.send(Request(host="localhost", target=PATH, subprotocols=["mqtt"]))
    head = asked.decode().split("\r\n")[1:-2]
    pairs = [tuple(part.encode() for part in line.split(": ", 1)) for line in head]
    server.accept([(name, value) for name, value in pairs], PATH.encode())
    client.receive_data(server.take_output())
    (accepted,) = client.events()
    assert isinstance(accepted, AcceptConnection)
    assert accepted.subprotocol == "mqtt"
    return server, client


def heard(client: WSConnection, data: bytes) -> list[Event]:
    client.receive_data(data)
    return list(client.events())


def split(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[start:end] for start, end in pairwise(places)]


@given(st.lists(st.binary(min_size=1, max_size=300)), st.lists(st.integers(0, 10_000)))
def test_the_stream_is_the_same_however_the_bytes_arrive(
    messages: list[bytes], cuts: list[int]
) -> None:
    server, client = opened()
    sent = b"".join(client.send(BytesMessage(data=message)) for message in messages)
    received = b"".join(piece for part in split(sent, cuts) for piece in server.feed(part))
    assert received == b"".join(messages)
    assert server.take_output() == b""


@given(st.lists(st.binary(max_size=80), max_size=10))
def test_garbage_ends_the_websocket_or_is_understood(pieces: list[bytes]) -> None:
    server, _ = opened()
    try:
        for piece in pieces:
            list(server.feed(piece))
    except ProtocolViolationError:
        assert b"\x88" in server.take_output()  # a close frame


@given(st.lists(st.binary(min_size=1, max_size=60), max_size=8), st.lists(st.integers(0, 999)))
def test_garbage_inside_the_frames_ends_the_session_like_garbage_without(
    pieces: list[bytes], cuts: list[int]
) -> None:
    server, client = opened()
    sent = b"".join(client.send(BytesMessage(data=piece)) for piece in pieces)
    framed, bare = Session(), Session()
    events = [
        event
        for part in split(sent, cuts)
        for piece in server.feed(part)
        for event in framed.feed(piece)
    ]
    plain = [event for piece in pieces for event in bare.feed(piece)]
    assert framed.state is bare.state
    assert [type(event) for event in events] == [type(event) for event in plain]
    assert (framed.state is State.CLOSED) == any(isinstance(each, Violation) for each in events)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([name for name, _ in HEADERS]),
            st.from_regex(rb"[!-~]{0,20}", fullmatch=True),
        )
    )
)
def test_a_request_is_accepted_or_answered_with_a_reason(
    changes: list[tuple[bytes, bytes]],
) -> None:
    server, headers = Websocket(), {**dict(HEADERS), **dict(changes)}
    try:
        server.accept(list(headers.items()), PATH.encode())
    except ProtocolViolationError:
        assert server.take_output().startswith(b"HTTP/1.1 4")
    else:
        assert server.take_output().startswith(b"HTTP/1.1 101 ")


@pytest.mark.parametrize("protocols", [b"amqp", b"", None])
def test_only_mqtt_is_spoken(protocols: bytes | None) -> None:
    headers = [pair for pair in HEADERS if pair[0] != b"Sec-WebSocket-Protocol"]
    if protocols is not None:
        headers.append((b"Sec-WebSocket-Protocol", protocols))
    server = Websocket()
    with pytest.raises(ProtocolViolationError):
        server.accept(headers, PATH.encode())
    assert server.take_output().startswith(b"HTTP/1.1 400 ")


def test_another_version_of_websockets_is_told_which_one_is_spoken() -> None:
    headers = {**dict(HEADERS), b"Sec-WebSocket-Version": b"8"}
    server = Websocket()
    with pytest.raises(ProtocolViolationError):
        server.accept(list(headers.items()), PATH.encode())
    answer = server.take_output().lower()
    assert answer.startswith(b"http/1.1 426 ")
    assert b"sec-websocket-version: 13" in answer


def test_what_is_sent_arrives_as_bytes_and_pings_are_answered() -> None:
    server, client = opened()
    server.send(b"hello")
    assert list(server.feed(client.send(Ping(b"?")))) == []
    assert [type(event) for event in heard(client, server.take_output())] == [BytesMessage, Pong]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(b"\x82\x05hello", id="not masked"),
        pytest.param(b"\xf2\x80\0\0\0\0", id="reserved bits"),
        pytest.param(b"\x80\x80\0\0\0\0", id="nothing to continue"),
        pytest.param(b"\x89\xff\0\x80" + b"\0" * 132, id="a long ping"),
    ],
)
def test_a_broken_frame_is_the_end(broken: bytes) -> None:
    server, client = opened()
    with pytest.raises(ProtocolViolationError):
        list(server.feed(broken))
    (goodbye,) = heard(client, server.take_output())
    assert isinstance(goodbye, CloseConnection)
    assert goodbye.code is CloseReason.PROTOCOL_ERROR


def test_text_is_refused() -> None:
    server, client = opened()
    with pytest.raises(ProtocolViolationError):
        list(server.feed(client.send(TextMessage(data="hello"))))
    (goodbye,) = heard(client, server.take_output())
    assert isinstance(goodbye, CloseConnection)
    assert goodbye.code is CloseReason.UNSUPPORTED_DATA


def test_a_goodbye_is_answered_and_is_the_end() -> None:
    server, client = opened()
    assert list(server.feed(client.send(CloseConnection(CloseReason.NORMAL_CLOSURE)))) == []
    assert server.is_over()
    assert [type(event) for event in heard(client, server.take_output())] == [CloseConnection]
    with pytest.raises(ProtocolViolationError):
        list(server.feed(b"more"))


def test_the_hub_says_goodbye_once() -> None:
    server, client = opened()
    server.close()
    server.close()
    assert [type(event) for event in heard(client, server.take_output())] == [CloseConnection]
    assert not server.is_over()


def test_a_rejection_names_itself_to_a_client() -> None:
    client, server = WSConnection(ConnectionType.CLIENT), Websocket()
    asked = client.send(Request(host="localhost", target=PATH, subprotocols=["amqp"]))
    lines = asked.decode().split("\r\n")[1:-2]
    pairs = [line.encode().split(b": ", 1) for line in lines]
    with pytest.raises(ProtocolViolationError):
        server.accept([(pair[0], pair[1]) for pair in pairs], PATH.encode())
    assert isinstance(heard(client, server.take_output())[0], RejectConnection)
