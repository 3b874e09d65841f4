"""What the hub is measured beside: servers on asyncio's own TLS that do next to nothing.

`echo` sends back what it gets; each device's CONNECT so comes back, and is taken for a welcome.
`twin` answers every HTTP request with one and the same twin, unread.
"""

import asyncio
import asyncio.sslproto
import json
import ssl
import sys
from pathlib import Path
from typing import Any, cast

from tests.benchmarks.swarm import raise_file_limit, resident_bytes

_CONNACK, _SUBACK = b"\x20\x02\x00\x00", b"\x90\x04\x00\x01\x00\x00"
_TWIN = json.dumps(
    {"deviceId": "bare", "etag": "AAAAAAAAAAE=", "version": 2, "tags": {},
     "properties": {"desired": {"$version": 2}, "reported": {"$version": 1}}}
).encode()  # fmt: skip
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
    len(_TWIN), _TWIN,
)  # fmt: skip


class Welcome(asyncio.Protocol):
    """Says yes to a device's CONNECT and SUBSCRIBE, and echoes everything else."""

    __slots__ = ("_transport",)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:  # type: ignore[explicit-override]
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:  # type: ignore[explicit-override]
        kind = data[0] >> 4
        self._transport.write({1: _CONNACK, 8: _SUBACK}.get(kind, data))


class Twin(asyncio.Protocol):
    """Answers whole HTTP requests without reading them."""

    def __init__(self) -> None:
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:  # type: ignore[explicit-override]
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:  # type: ignore[explicit-override]
        self._data += data
        head, gap, body = self._data.partition(b"\r\n\r\n")
        if not gap:
            return
        lines = head.lower().split(b"\r\n")
        sizes = [int(line[15:]) for line in lines if line.startswith(b"content-length:")]
        if len(body) >= sum(sizes):
            self._data = b""
            self._transport.write(_ANSWER)


async def run(kind: str, host: str, certificate: Path, key: Path) -> None:
    """Serve until the input ends; each line is answered with the memory that is taken."""
    raise_file_limit()
    asyncio.sslproto.SSLProtocol.max_size = 16 * 1024
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    protocol, port = (Welcome, 8883) if kind == "echo" else (Twin, 0)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, host, port, ssl=context, backlog=4096)
    _say({"port": server.sockets[0].getsockname()[1]})
    while await asyncio.to_thread(sys.stdin.readline):
        _say({"resident": resident_bytes()})


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])))
