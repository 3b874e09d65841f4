"""AMQP as clients speak it that no SDK for Python is like, over a socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from simulators.iothub.core.sas import make_token
from simulators.iothub.protocol.amqp.frames import AMQP_HEADER, Frame, FrameReader, frame
from simulators.iothub.protocol.amqp.message import (
    Message,
    MessageProperties,
    read_message,
    write_message,
)
from simulators.iothub.protocol.amqp.performatives import Attach, Source, Target, Transfer
from simulators.iothub.server.hub import SimulatedHub
from tests.unit.iothub.amqp_peer import a_begin, a_transfer, an_open, credit, sending

pytestmark = pytest.mark.integration

PATIENCE = 20.0


@asynccontextmanager
async def connected(
    hub: SimulatedHub,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(hub.host, hub.amqp_port)
    try:
        yield reader, writer
    finally:
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


async def message_from(reader: asyncio.StreamReader) -> Message:
    """Wait for the next message that the hub sends."""
    frames = FrameReader()
    async with asyncio.timeout(PATIENCE):
        while data := await reader.read(65536):
            for piece in frames.feed(data):
                if isinstance(piece, Frame) and isinstance(piece.performative, Transfer):
                    return read_message(piece.payload)
    raise ConnectionError("the hub closed the connection")


async def test_a_token_is_answered_on_the_only_link_whatever_address_is_named(
    simulated_hub: SimulatedHub,
) -> None:
    key = simulated_hub.keyring.policies["service"][0]
    token = make_token(simulated_hub.name, key, 2**33, "service")
    request = Message(
        value=token,
        properties=MessageProperties(message_id="1", reply_to="cbs"),
        application_properties={"operation": "put-token", "type": "sas"},
    )
    answers = Attach(
        name="answers", handle=1, role=True,
        source=Source(address="$cbs").wire(), target=Target().wire(),
    )  # fmt: skip
    said = [an_open(), a_begin(), sending("$cbs"), answers]
    async with connected(simulated_hub) as (reader, writer):
        writer.write(AMQP_HEADER + b"".join(frame(0, each) for each in said))
        writer.write(frame(0, a_transfer(0), write_message(request)))
        writer.write(frame(0, credit(10, handle=1)))
        answer = await message_from(reader)
    assert answer.application_properties["status-code"] == 200
    assert answer.properties
    assert answer.properties.correlation_id == "1"


@pytest.mark.parametrize(
    "garbage", [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x00\x00", b"AMQP\x03"]
)
async def test_a_peer_that_speaks_something_else_is_cut_off_and_others_do_not_notice(
    simulated_hub: SimulatedHub, garbage: bytes
) -> None:
    async with (
        connected(simulated_hub) as (reader, writer),
        connected(simulated_hub) as (others, other),
    ):
        other.write(AMQP_HEADER + frame(0, an_open()))
        async with asyncio.timeout(PATIENCE):
            assert await others.readexactly(8) == AMQP_HEADER
            writer.write(garbage + bytes(64))
            while await reader.read(65536):
                pass
            other.write(frame(0, a_begin()))
            assert await others.read(65536)
