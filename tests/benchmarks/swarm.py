"""Ten thousand light devices in one process: the load of the hub's benchmark, not a part of it.

Each is an asyncio protocol with prepared packets: it connects, listens for desired patches and
answers each with a report. Commands come a line each and are answered with JSON.
"""

import asyncio
import asyncio.sslproto
import json
import resource
import ssl
import sys
import time
from pathlib import Path
from typing import Any, cast

from simulators.iothub.core.sas import make_token
from simulators.iothub.protocol.encoding import encode
from simulators.iothub.protocol.packets import Connect, Publish, Subscribe
from simulators.iothub.protocol.topics import DESIRED_PATCHES, TWIN_ANSWERS

KEY = "a2V5IG9mIHRoaXJ0eS10d28gYnl0ZXMgb3Igc28uLi4="
FILES = 12_000
AT_ONCE = 100
"""How many connect at the same time."""

_SUBSCRIBE = encode(Subscribe(1, ((TWIN_ANSWERS, 0), (DESIRED_PATCHES, 0))))
_REPORT = encode(
    Publish(
        "$iothub/twin/PATCH/properties/reported/?$rid=1",
        b'{"tiles":{"b01-s2-p03":{"epoch":3,"rev":42,"price":119,"state":"shown"}}}',
    )
)


def device_name(number: int) -> str:
    """Name a device."""
    return f"shelf-{number:05}"


def resident_bytes() -> int:
    """Give the memory that this process takes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def raise_file_limit() -> None:
    """Let this process open a socket for each device; says what to do where it may not."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < FILES:
        sys.exit(f"this process may open {hard} files and needs {FILES}: raise `ulimit -Hn`")
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, hard))


class Tally:
    """What all devices have done."""

    def __init__(self) -> None:
        self.ready = 0
        self.answered = 0
        self.wanted = 0
        self.enough = asyncio.Event()

    def count_answer(self) -> None:
        """Count a report that the hub has answered."""
        self.answered += 1
        if self.answered == self.wanted:
            self.enough.set()


class LightDevice(asyncio.Protocol):
    """A device that reports whatever it is told."""

    __slots__ = ("_buffer", "_hello", "_tally", "_transport", "ready")

    def __init__(self, tally: Tally, hello: bytes, ready: asyncio.Future[None]) -> None:
        self._tally = tally
        self._hello = hello
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self.ready: asyncio.Future[None] | None = ready

    def connection_made(self, transport: asyncio.BaseTransport) -> None:  # type: ignore[explicit-override]
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._hello)
        self._hello = b""

    def data_received(self, data: bytes) -> None:  # type: ignore[explicit-override]
        data = self._buffer + data
        at, end = 0, len(data)
        while (size := _packet_size(data, at, end)) is not None and at + size <= end:
            self._packet(data, at)
            at += size
        self._buffer = data[at:]

    def _packet(self, data: bytes, at: int) -> None:
        kind = data[at] >> 4
        if kind == 3:
            self._published(data, at)
        elif kind == 2:
            if data[at + 3]:
                raise ConnectionRefusedError(f"CONNACK {data[at + 3]}")
            self._write(_SUBSCRIBE)
        elif kind == 9 and self.ready:
            self._tally.ready += 1
            self.ready.set_result(None)
            self.ready = None

    def _published(self, data: bytes, at: int) -> None:
        start = at + (4 if data[at + 1] < 0x80 else 5)
        if data.startswith(b"$iothub/twin/PATCH", start):
            self._write(_REPORT)
        elif data.startswith(b"$iothub/twin/res/204", start):
            self._tally.count_answer()

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def connection_lost(self, error: Exception | None) -> None:  # type: ignore[explicit-override]
        if self.ready:
            self.ready.set_exception(error or ConnectionError("the hub closed the connection"))
            self.ready = None


def _packet_size(data: bytes, at: int, end: int) -> int | None:
    """Give the bytes of the packet at a place, with its header; None where they are not here."""
    if end - at < 2:
        return None
    length, shift, place = 0, 0, at + 1
    while True:
        if place >= end:
            return None
        byte = data[place]
        length |= (byte & 0x7F) << shift
        place += 1
        if byte < 0x80:
            return place - at + length
        shift += 7


class Swarm:
    """All the devices."""

    def __init__(self, host: str, ca: str, count: int) -> None:
        self._host = host
        self._trust = ssl.create_default_context(cafile=ca)
        self._tally = Tally()
        self._hellos = [self._hello(device_name(number)) for number in range(count)]
        self._devices: list[asyncio.BaseTransport] = []

    def _hello(self, name: str) -> bytes:
        token = make_token(f"{self._host}/devices/{name}", KEY, 2**33)
        user = f"{self._host}/{name}/?api-version=2021-04-12"
        return encode(Connect(name, False, 1177, user, token, None))

    async def answer(self, word: str, count: int) -> dict[str, Any]:
        """Carry out a command."""
        began = time.perf_counter()
        if word == "connect":
            await self._connect_all()
        elif word == "expect":
            self._tally.wanted, self._tally.answered = count, 0
            self._tally.enough.clear()
        elif word == "wait":
            await self._tally.enough.wait()
        return {"seconds": time.perf_counter() - began, "ready": self._tally.ready}

    async def _connect_all(self) -> None:
        numbers = iter(self._hellos)

        async def some() -> None:
            for hello in numbers:
                await self._connect(hello)

        await asyncio.gather(*(some() for _ in range(AT_ONCE)))

    async def _connect(self, hello: bytes) -> None:
        loop = asyncio.get_running_loop()
        ready = loop.create_future()
        transport, _ = await loop.create_connection(
            lambda: LightDevice(self._tally, hello, ready),
            self._host,
            8883,
            ssl=self._trust,
            server_hostname=self._host,
        )
        self._devices.append(transport)
        await ready


async def run(host: str, ca: str, count: int) -> None:
    """Answer until the input ends."""
    raise_file_limit()
    # The default of 256 KB for each connection would be the most that is measured.
    asyncio.sslproto.SSLProtocol.max_size = 16 * 1024
    swarm = Swarm(host, ca, count)
    _say({"prepared": count})
    while line := await asyncio.to_thread(sys.stdin.readline):
        word, number = line.split()
        _say(await swarm.answer(word, int(number)))


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], sys.argv[2], int(sys.argv[3])))
