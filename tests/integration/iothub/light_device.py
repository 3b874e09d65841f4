"""A small MQTT device on the hub's own codec, for what the SDK hides or takes too long over."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from simulators.iothub.core.sas import make_token
from simulators.iothub.protocol.decoding import PacketReader
from simulators.iothub.protocol.encoding import encode
from simulators.iothub.protocol.packets import (
    Connack,
    Connect,
    Packet,
    Publish,
    Suback,
    Subscribe,
    Verdict,
    Will,
)
from simulators.iothub.protocol.topics import DESIRED_PATCHES, TWIN_ANSWERS, topic_base
from simulators.iothub.server.hub import SimulatedHub

PATIENCE = 20.0


@dataclass(frozen=True)
class Address:
    """Where a hub is and what proves it: also of a hub in another process."""

    host: str
    port: int
    ca_file: str

    @classmethod
    def of(cls, hub: SimulatedHub) -> "Address":
        """Of a hub in this process."""
        return cls(hub.host, hub.mqtt_port, str(hub.ca_file))


@dataclass
class LightDevice:
    """A connected device."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    _packets: PacketReader = field(default_factory=PacketReader)
    _waiting: list[Packet] = field(default_factory=list)

    def send(self, *packets: Packet) -> None:
        """Send packets."""
        self.writer.write(b"".join(map(encode, packets)))

    async def receive(self) -> Packet | None:
        """Give the next packet; None when the hub closed the connection."""
        async with asyncio.timeout(PATIENCE):
            while not self._waiting:
                try:
                    data = await self.reader.read(65536)
                except ConnectionError:
                    return None
                if not data:
                    return None
                self._waiting.extend(self._packets.feed(data))
        return self._waiting.pop(0)

    async def receive_publish(self, topic_start: str) -> Publish:
        """Give the next message on a topic, passing over everything else."""
        while (packet := await self.receive()) is not None:
            if isinstance(packet, Publish) and packet.topic.startswith(topic_start):
                return packet
        raise ConnectionError("the hub closed the connection")

    async def is_closed_by_the_hub(self) -> bool:
        """Wait until the hub closes the connection."""
        while await self.receive() is not None:
            pass
        return True

    async def subscribe(self) -> None:
        """Listen to twin answers and desired patches."""
        self.send(Subscribe(1, ((TWIN_ANSWERS, 0), (DESIRED_PATCHES, 0))))
        assert isinstance(await self.receive(), Suback)

    async def report(self, request: int, body: bytes) -> Publish:
        """Report, and give the hub's answer."""
        self.send(Publish(f"$iothub/twin/PATCH/properties/reported/?$rid={request}", body))
        return await self.receive_publish("$iothub/twin/res/")


@asynccontextmanager
async def peer(address: Address) -> AsyncIterator[LightDevice]:
    """Open a TLS connection, and say nothing yet."""
    trust = ssl.create_default_context(cafile=address.ca_file)
    reader, writer = await asyncio.open_connection(address.host, address.port, ssl=trust)
    try:
        yield LightDevice(reader, writer)
    finally:
        writer.transport.abort()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


@asynccontextmanager
async def light_device(
    address: Address,
    name: str,
    key: str,
    *,
    expiry: int = 2**33,
    keepalive: int = 60,
    will: Will | None = None,
    session_present: bool = False,
) -> AsyncIterator[LightDevice]:
    """Connect a device, or a module as `device/module`.

    The hub must say whether a session waited for it.
    """
    async with peer(address) as device:
        token = make_token(f"{address.host}/{topic_base(name)}", key, expiry)
        user = f"{address.host}/{name}/?api-version=2019-10-01"
        device.send(Connect(name, False, keepalive, user, token, will))
        assert await device.receive() == Connack(Verdict.ACCEPTED, session_present)
        yield device
