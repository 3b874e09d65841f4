"""MQTT packets: written and read back, split anywhere, and garbage."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simulators.iothub.protocol.decoding import LARGEST_PACKET, PacketReader
from simulators.iothub.protocol.encoding import encode
from simulators.iothub.protocol.packets import (
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
    Will,
)

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
names = texts.filter(bool)
topics = names.filter(lambda text: "#" not in text and "+" not in text)
packet_ids = st.integers(1, 0xFFFF)
bodies = st.binary(max_size=400)


@st.composite
def publishes(draw: st.DrawFn) -> Publish:
    qos = draw(st.integers(0, 2))
    return Publish(
        draw(topics),
        draw(bodies),
        qos,
        draw(packet_ids) if qos else 0,
        draw(st.booleans()),
        draw(st.booleans()),
    )


@st.composite
def connects(draw: st.DrawFn) -> Connect:
    user = draw(st.none() | texts)
    password = draw(st.none() | texts) if user is not None else None
    wills = st.builds(Will, texts, bodies, st.integers(0, 2), st.booleans())
    keepalive = draw(st.integers(0, 0xFFFF))
    return Connect(
        draw(texts), draw(st.booleans()), keepalive, user, password, draw(st.none() | wills)
    )


packets: st.SearchStrategy[Packet] = st.one_of(
    publishes(),
    connects(),
    st.builds(Connack, st.sampled_from(Verdict), st.booleans()),
    st.builds(Puback, packet_ids),
    st.builds(
        Subscribe,
        packet_ids,
        st.lists(st.tuples(names, st.integers(0, 2)), min_size=1, max_size=6).map(tuple),
    ),
    st.builds(
        Suback,
        packet_ids,
        st.lists(st.sampled_from([0, 1, 2, 0x80]), min_size=1, max_size=6).map(tuple),
    ),
    st.builds(Unsubscribe, packet_ids, st.lists(names, min_size=1, max_size=6).map(tuple)),
    st.builds(Unsuback, packet_ids),
    st.builds(Pingreq),
    st.builds(Pingresp),
    st.builds(Disconnect),
)


def split(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[start:end] for start, end in pairwise(edges)]


def read(pieces: list[bytes]) -> list[Packet]:
    reader = PacketReader()
    return [packet for piece in pieces for packet in reader.feed(piece)]


@given(st.lists(packets, max_size=8), st.lists(st.integers(0), max_size=12))
def test_packets_are_read_back_however_the_stream_is_split(
    sent: list[Packet], cuts: list[int]
) -> None:
    assert read(split(b"".join(map(encode, sent)), cuts)) == sent


@given(st.lists(packets, min_size=1, max_size=3))
def test_packets_are_read_back_byte_by_byte(sent: list[Packet]) -> None:
    stream = b"".join(map(encode, sent))
    assert read([bytes([byte]) for byte in stream]) == sent


@given(st.binary(max_size=600), st.lists(st.integers(0), max_size=6))
@example(b"\x30\xff\xff\xff\xff\x01", [])
def test_garbage_is_either_read_or_called_a_violation(garbage: bytes, cuts: list[int]) -> None:
    def outcome(pieces: list[bytes]) -> list[Packet] | None:
        try:
            return read(pieces)
        except ProtocolViolationError:
            return None

    assert outcome(split(garbage, cuts)) == outcome([garbage])


@given(packets, st.data())
def test_a_damaged_packet_never_breaks_the_reader(packet: Packet, data: st.DataObject) -> None:
    stream = bytearray(encode(packet))
    stream[data.draw(st.integers(0, len(stream) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        found = read([bytes(stream)])
    except ProtocolViolationError:
        return
    assert len(found) <= len(stream)


def test_a_packet_that_announces_too_much_is_refused_before_it_arrives() -> None:
    with pytest.raises(ProtocolViolationError, match="too large"):
        read([b"\x30" + b"\xff\xff\xff\x7f"])
    assert LARGEST_PACKET < 0xFFFFFFF


def test_a_length_of_more_than_four_bytes_is_refused() -> None:
    with pytest.raises(ProtocolViolationError, match="four bytes"):
        read([b"\x30\x80\x80\x80\x80\x01"])


@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        pytest.param(b"\x36\x05\x00\x01a\x00\x01", "QoS 3", id="qos 3"),
        pytest.param(b"\x30\x03\x00\x01#", "wildcards", id="wildcard in a topic"),
        pytest.param(b"\x32\x05\x00\x01a\x00\x00", "must not be 0", id="packet id 0"),
        pytest.param(b"\x30\x03\x00\x01\xff", "UTF-8", id="not utf-8"),
        pytest.param(b"\x30\x03\x00\x01\x00", "null", id="null character"),
        pytest.param(b"\x30\x02\x00\x05", "shorter", id="text cut short"),
        pytest.param(b"\xc0\x01\x00", "longer", id="ping with a body"),
        pytest.param(b"\xc1\x00", "flags", id="ping with flags"),
        pytest.param(b"\x80\x06\x00\x01\x00\x01a\x00", "flags", id="subscribe without its flag"),
        pytest.param(b"\x82\x02\x00\x01", "shorter", id="subscribe without a filter"),
        pytest.param(b"\xf0\x00", "not expected", id="unknown type"),
        pytest.param(b"\x10\x0a\x00\x04MQIs\x04\x02\x00\x00", "protocol name", id="not mqtt"),
    ],
)
def test_a_breach_of_the_standard_is_named(packet: bytes, reason: str) -> None:
    with pytest.raises(ProtocolViolationError, match=reason):
        read([packet])


def test_a_text_that_is_too_long_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="65,535"):
        encode(Publish("t" * 65536, b""))
