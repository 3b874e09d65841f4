"""A small service on the hub's own AMQP codec: it sends to devices on ports no SDK can be told."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from simulators.iothub.protocol.amqp.composites import Composite
from simulators.iothub.protocol.amqp.frames import AMQP_HEADER, Frame, FrameReader, frame
from simulators.iothub.protocol.amqp.message import Message, MessageProperties, write_message
from simulators.iothub.protocol.amqp.performatives import ACCEPTED, Attach, Disposition
from tests.unit.iothub.amqp_peer import a_begin, a_transfer, an_open, sending

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PATIENCE = 20.0
TOKENS, MESSAGES = 0, 1
"""The handles of the two links."""

Wanted = TypeVar("Wanted", bound=Composite)


@dataclass
class LightService:
    """A connected service."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    _frames: FrameReader = field(default_factory=FrameReader)
    _waiting: list[Composite] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)

    async def open(self, hub_name: str, token: str) -> None:
        """Present a token, and attach to the messages for devices."""
        said = (an_open(), a_begin(), sending("$cbs", TOKENS))
        self.writer.write(AMQP_HEADER + b"".join(frame(0, each) for each in said))
        request = Message(
            value=token,
            properties=MessageProperties(message_id="1", reply_to="$cbs"),
            application_properties={"operation": "put-token", "type": "sas", "name": hub_name},
        )
        await self._deliver(TOKENS, request)
        self.writer.write(frame(0, sending("/messages/devicebound", MESSAGES)))
        await self._next(Attach)

    async def send(self, device_id: str, body: bytes) -> None:
        """Send a message; ConnectionError unless the hub said that it took it."""
        address = f"/devices/{device_id}/messages/devicebound"
        await self._deliver(MESSAGES, Message(body, properties=MessageProperties(to=address)))

    async def _deliver(self, link: int, message: Message) -> None:
        number = next(self._numbers)
        self.writer.write(frame(0, a_transfer(number, link), write_message(message)))
        while (answer := await self._next(Disposition)).first != number:
            pass
        assert answer.state == ACCEPTED

    async def _next(self, kind: type[Wanted]) -> Wanted:
        async with asyncio.timeout(PATIENCE):
            while True:
                while self._waiting:
                    said = self._waiting.pop(0)
                    if isinstance(said, kind):
                        return said
                await self._hear()

    async def _hear(self) -> None:
        data = await self.reader.read(65536)
        if not data:
            raise ConnectionError("the hub closed the connection")
        pieces = self._frames.feed(data)
        self._waiting += [
            piece.performative
            for piece in pieces
            if isinstance(piece, Frame) and piece.performative is not None
        ]


@asynccontextmanager
async def light_service(
    host: str, port: int, hub_name: str, token: str
) -> AsyncIterator[LightService]:
    """Connect by the port without TLS until the block ends."""
    reader, writer = await asyncio.open_connection(host, port)
    service = LightService(reader, writer)
    try:
        await service.open(hub_name, token)
        yield service
    finally:
        writer.transport.abort()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)
