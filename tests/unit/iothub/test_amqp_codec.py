"""AMQP's values, messages and frames: written and read back, split anywhere, and garbage."""

import uuid
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simulators.iothub.protocol.amqp.composites import Composite
from simulators.iothub.protocol.amqp.frames import (
    AMQP_HEADER,
    LARGEST_FRAME,
    SASL_HEADER,
    Frame,
    FrameReader,
    Header,
    Piece,
    frame,
)
from simulators.iothub.protocol.amqp.message import (
    Message,
    MessageProperties,
    read_message,
    write_message,
)
from simulators.iothub.protocol.amqp.performatives import (
    ACCEPTED,
    AmqpError,
    Attach,
    Begin,
    Close,
    Detach,
    Disposition,
    End,
    Flow,
    Open,
    SaslInit,
    SaslOutcome,
    Transfer,
    composite_of,
)
from simulators.iothub.protocol.amqp.reading import DEEPEST, read
from simulators.iothub.protocol.amqp.values import (
    Array,
    Byte,
    Char,
    Decimal,
    Described,
    Float,
    Int,
    Short,
    Symbol,
    Timestamp,
    UByte,
    UInt,
    ULong,
    UShort,
)
from simulators.iothub.protocol.amqp.writing import write
from simulators.iothub.protocol.packets import ProtocolViolationError


def whole(kind: Callable[[int], Any], bits: int, *, signed: bool) -> st.SearchStrategy[Any]:
    lowest = -(2 ** (bits - 1)) if signed else 0
    return st.integers(lowest, lowest + 2**bits - 1).map(kind)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
symbols = st.text(st.characters(max_codepoint=127), max_size=300).map(Symbol)
decimals = st.sampled_from([4, 8, 16]).flatmap(lambda n: st.binary(min_size=n, max_size=n))
uints = whole(UInt, 32, signed=False)

plain = [
    st.booleans(),
    whole(UByte, 8, signed=False),
    whole(UShort, 16, signed=False),
    uints,
    whole(ULong, 64, signed=False),
    whole(Byte, 8, signed=True),
    whole(Short, 16, signed=True),
    whole(Int, 32, signed=True),
    whole(int, 64, signed=True),
    whole(Timestamp, 64, signed=True),
    st.floats(width=32, allow_nan=False).map(Float),
    st.floats(allow_nan=False),
    st.characters(exclude_categories=["Cs"]).map(Char),
    st.binary(max_size=300),
    texts,
    symbols,
    st.uuids(),
]
arrays = st.one_of([st.lists(each, max_size=5).map(lambda x: Array(tuple(x))) for each in plain])
leaves = st.one_of(*plain, arrays, st.none(), decimals.map(Decimal))
values = st.recursive(
    leaves,
    lambda below: st.one_of(
        st.lists(below, max_size=6),
        st.dictionaries(texts | symbols, below, max_size=6),
        st.builds(Described, whole(ULong, 64, signed=False) | symbols, below),
    ),
    max_leaves=20,
)


def alike(one: Any, other: Any) -> bool:
    """Tell whether two values are the same in type too, all the way down."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict):
        return alike(list(one.items()), list(other.items()))
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, Described):
        return alike([one.descriptor, one.value], [other.descriptor, other.value])
    return bool(one == other)


@given(values)
def test_values_are_read_back_with_their_types(value: Any) -> None:
    assert alike(read(write(value)), value)


@given(st.binary(max_size=200))
@example(b"\xf0\x00\x00\x00\x05\xff\xff\xff\xff\x45")
@example(b"\xd0\x00\x00\x00\x04\xff\xff\xff\xff")
@example(b"\xc0\x00")
def test_garbage_is_a_value_that_can_be_written_or_a_violation(garbage: bytes) -> None:
    try:
        value = read(garbage)
    except ProtocolViolationError:
        return
    written = write(value)
    assert write(read(written)) == written


@given(values, st.data())
def test_a_damaged_value_never_breaks_the_reader(value: Any, data: st.DataObject) -> None:
    damaged = bytearray(write(value))
    damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        read(bytes(damaged))
    except ProtocolViolationError:
        return


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (b"\x40", None),
        (b"\x53\x10", ULong(16)),
        (b"\xa1\x01x", "x"),
        (b"\xa3\x04MSSB", Symbol("MSSB")),
        (b"\x83\x00\x00\x00\x00\x00\x00\x00\x01", Timestamp(1)),
        (b"\xc0\x03\x01\x54\xff", [Int(-1)]),
        (b"\xc1\x05\x02\xa1\x01a\x41", {"a": True}),
        (b"\x00\x53\x24\x45", ACCEPTED),
    ],
)
def test_values_are_written_as_the_standard_says(written: bytes, value: Any) -> None:
    assert write(value) == written
    assert alike(read(written), value)


def test_every_length_of_text_finds_its_form() -> None:
    for length in (0, 1, 254, 255, 256, 70_000):
        assert read(write("x" * length)) == "x" * length
        assert read(write([b"x" * length])) == [b"x" * length]


def test_nesting_has_a_bottom() -> None:
    value: list[Any] = []
    for _ in range(DEEPEST + 1):
        value = [value]
    with pytest.raises(ProtocolViolationError, match="deeper"):
        read(write(value))


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        pytest.param(b"\xff", "no type", id="unknown type"),
        pytest.param(b"\x56\x02", "boolean", id="boolean 2"),
        pytest.param(b"\xa1\x01\xff", "utf-8", id="not utf-8"),
        pytest.param(b"\xa3\x01\xff", "ascii", id="not ascii"),
        pytest.param(b"\x73\xff\xff\xff\xff", "Unicode", id="no character"),
        pytest.param(b"\xa1\x05x", "longer", id="cut short"),
        pytest.param(b"\xc1\x02\x01\x40", "without a value", id="odd map"),
        pytest.param(b"\xc1\x05\x02\xa1\x00\x40\x40", "more than", id="map with a rest"),
        pytest.param(b"\xc1\x03\x02\x45\x40", "key", id="a list for a key"),
        pytest.param(b"\x40\x40", "more than", id="two values"),
    ],
)
def test_a_breach_of_the_standard_is_named(written: bytes, reason: str) -> None:
    with pytest.raises(ProtocolViolationError, match=reason):
        read(written)


def test_what_amqp_has_no_type_for_cannot_be_written() -> None:
    for value in (object(), (1, 2), Array((1, "a")), Array(([],))):
        with pytest.raises(TypeError):
            write(value)


ids = st.one_of(whole(ULong, 64, signed=False), st.uuids(), st.binary(max_size=40), texts)
headers = st.dictionaries(symbols, leaves, max_size=4)
properties = st.builds(
    MessageProperties,
    message_id=st.none() | ids,
    user_id=st.none() | st.binary(max_size=40),
    to=st.none() | texts,
    correlation_id=st.none() | ids,
    content_type=st.none() | symbols,
    absolute_expiry_time=st.none() | whole(Timestamp, 64, signed=True),
)
messages = st.builds(
    Message,
    data=st.binary(max_size=600),
    properties=st.none() | properties,
    application_properties=st.dictionaries(texts, leaves, max_size=4),
    annotations=headers,
    delivery_annotations=headers,
) | st.builds(Message, value=values)


@given(messages)
def test_messages_are_read_back(message: Message) -> None:
    assert read_message(write_message(message)) == message


@given(st.binary(max_size=300))
@example(b"\x00\x53\x73\xc0\x03\x01\x54\x01")
@example(b"\x00\x53\x75\x45")
@example(b"\x00\x53\x74\x40")
def test_garbage_is_a_message_or_a_violation(garbage: bytes) -> None:
    try:
        read_message(garbage)
    except ProtocolViolationError:
        return


def test_a_message_that_says_nothing_has_no_empty_sections() -> None:
    assert write_message(Message(b"21")) == b"\x00\x53\x75\xa0\x0221"


performatives: st.SearchStrategy[Composite] = st.one_of(
    st.builds(Open, container_id=texts, hostname=st.none() | texts, idle_time_out=uints),
    st.builds(Begin, next_outgoing_id=uints, incoming_window=uints, outgoing_window=uints),
    st.builds(Attach, name=texts, handle=uints, role=st.booleans(), properties=headers),
    st.builds(Flow, incoming_window=uints, next_outgoing_id=uints, outgoing_window=uints),
    st.builds(Transfer, handle=uints, delivery_id=uints, delivery_tag=st.binary(max_size=32)),
    st.builds(Disposition, role=st.booleans(), first=uints, state=st.just(ACCEPTED)),
    st.builds(Detach, handle=uints, error=st.just(AmqpError(condition="amqp:stolen").wire())),
    st.builds(End),
    st.builds(Close),
)
pieces = st.one_of(
    st.builds(
        lambda channel, it, payload: (frame(channel, it, payload), Frame(channel, it, payload)),
        st.integers(0, 0xFFFF),
        performatives,
        st.binary(max_size=200),
    ),
    st.sampled_from([SASL_HEADER, AMQP_HEADER]).map(lambda raw: (raw, Header(raw))),
    st.just((b"\0\0\0\x08\x02\0\0\0", Frame(0, None))),
)


def split(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[start:end] for start, end in pairwise(edges)]


def cut_into_frames(stream: list[bytes]) -> list[Piece]:
    reader = FrameReader()
    return [piece for part in stream for piece in reader.feed(part)]


@given(st.lists(pieces, max_size=8), st.lists(st.integers(0), max_size=12))
def test_frames_are_read_back_however_the_stream_is_split(
    sent: list[tuple[bytes, Piece]], cuts: list[int]
) -> None:
    stream = b"".join(raw for raw, _ in sent)
    assert cut_into_frames(split(stream, cuts)) == [piece for _, piece in sent]


@given(st.binary(max_size=400), st.lists(st.integers(0), max_size=6))
@example(b"\x00\x00\x00\x08\x02\x00\x00\x00" * 3, [3, 9])
def test_garbage_on_the_wire_is_read_alike_however_it_is_split(
    garbage: bytes, cuts: list[int]
) -> None:
    def outcome(stream: list[bytes]) -> list[Piece] | None:
        try:
            return cut_into_frames(stream)
        except ProtocolViolationError:
            return None

    assert outcome(split(garbage, cuts)) == outcome([garbage])


@given(performatives)
def test_performatives_are_written_with_all_their_fields(performative: Composite) -> None:
    assert len(performative.wire().value) == len(type(performative).kinds)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param((LARGEST_FRAME + 1).to_bytes(4, "big"), "too large", id="too large"),
        pytest.param(b"\x00\x00\x00\x07", "too small", id="too small"),
        pytest.param(b"\x00\x00\x00\x08\x01\x00\x00\x00", "outside", id="no offset"),
        pytest.param(b"\x00\x00\x00\x08\x02\x07\x00\x00", "type 7", id="unknown type"),
        pytest.param(b"GET / HTTP/1.1\r\n", "too large", id="http"),
    ],
)
def test_a_frame_that_is_none_is_named(raw: bytes, reason: str) -> None:
    with pytest.raises(ProtocolViolationError, match=reason):
        cut_into_frames([raw])


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param(Described(ULong(0x99), []), "no performative", id="unknown number"),
        pytest.param(Described(Symbol("amqp:nothing:list"), []), "no performative", id="name"),
        pytest.param(Described(ULong(0x10), []), "lacks container_id", id="open without an id"),
        pytest.param(Described(ULong(0x10), [None]), "lacks container_id", id="null for an id"),
        pytest.param(Described(ULong(0x10), [7]), "container_id must not", id="a number for an id"),
        pytest.param(Described(ULong(0x17), [None] * 2), "do not exist", id="too many fields"),
        pytest.param(Described(ULong(0x17), "x"), "do not exist", id="a text for fields"),
        pytest.param([], "described list", id="a bare list"),
        pytest.param(Described([], []), "no performative", id="a list for a descriptor"),
    ],
)
def test_a_performative_that_is_none_is_named(value: Any, reason: str) -> None:
    with pytest.raises(ProtocolViolationError, match=reason):
        composite_of(value)


def test_performatives_may_come_short_and_by_name() -> None:
    opened = composite_of(Described(Symbol("amqp:open:list"), ["me"]))
    assert opened == Open(container_id="me")
    assert composite_of(SaslInit(mechanism="PLAIN").wire()) == SaslInit(mechanism="PLAIN")
    assert composite_of(SaslOutcome(outcome=0).wire()) == SaslOutcome(outcome=0)
    assert uuid.UUID(int=1) == read(write(uuid.UUID(int=1)))
