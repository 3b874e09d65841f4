"""HTTP/1.1 over TLS, parsed by h11: requests in, answers out, once the journal allows."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, cast
from urllib.parse import parse_qsl, unquote

import h11
from typing_extensions import override

from simulators.iothub.server.journal import Journal
from simulators.iothub.server.websocket_listener import WebsocketTransport, wants_websocket

logger = logging.getLogger(__name__)

LARGEST_BODY: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """A request; header names are in lower case, path segments are decoded."""

    method: str
    segments: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """An answer; the SDKs print nothing but the reason phrase of an error."""

    status: int
    reason: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Handler: TypeAlias = Callable[[Request], Response | Coroutine[Any, Any, Response]]


class HttpConnection(asyncio.Protocol):
    """One client's connection; its requests are answered one after another."""

    def __init__(
        self, handler: Handler, journal: Journal, inside: Callable[[], asyncio.Protocol]
    ) -> None:
        """Wait for the transport; `inside` makes what speaks inside a websocket."""
        self._inside = inside
        self._handler = handler
        self._journal = journal
        self._http = h11.Connection(h11.SERVER)
        self._transport: asyncio.Transport | None = None
        self._head: h11.Request | None = None
        self._body = bytearray()
        self._work: asyncio.Task[Response] | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The TLS handshake is done."""
        self._transport = cast("asyncio.Transport", transport)

    @override
    def connection_lost(self, error: Exception | None) -> None:
        """The client is gone; nobody waits for an answer."""
        del error
        self._transport = None
        if self._work:
            self._work.cancel()

    @override
    def data_received(self, data: bytes) -> None:
        """Feed the parser."""
        try:
            if data:  # to h11, no bytes mean the end
                self._http.receive_data(data)
            self._advance()
        except h11.RemoteProtocolError as error:
            self._give_up(error)

    @override
    def eof_received(self) -> bool | None:
        """The client sends no more."""
        try:
            self._http.receive_data(b"")
            self._advance()
        except h11.RemoteProtocolError as error:
            self._give_up(error)
        return None

    def _advance(self) -> None:
        while self._transport is not None and not self._transport.is_closing():
            event = self._http.next_event()
            if event in (h11.NEED_DATA, h11.PAUSED):
                self._continue()
                return
            self._take(event)
            if isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
                return

    def _continue(self) -> None:
        if self._http.they_are_waiting_for_100_continue and self._transport:
            go_on = h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")
            self._transport.write(self._http.send(go_on) or b"")

    def _take(self, event: object) -> None:
        match event:
            case h11.Request():
                self._head = event
                self._body.clear()
            case h11.Data():
                self._collect(bytes(event.data))
            case h11.EndOfMessage() if self._head and wants_websocket(self._head):
                self._upgrade(self._head)
            case h11.EndOfMessage() if self._head:
                self._answer(_request(self._head, bytes(self._body)))
            case h11.ConnectionClosed():
                self._close()

    def _upgrade(self, request: h11.Request) -> None:
        """Leave the connection to a websocket; there is no HTTP on it any more."""
        transport, self._transport = self._transport, None
        if transport is not None:
            rest, _ = self._http.trailing_data
            WebsocketTransport(transport, self._inside).begin(request, rest)

    def _collect(self, data: bytes) -> None:
        self._body += data
        if len(self._body) > LARGEST_BODY:
            raise h11.RemoteProtocolError("The body is too large", error_status_hint=413)

    def _answer(self, request: Request) -> None:
        answer = self._handler(request)
        if isinstance(answer, Response):
            self._journal.after(lambda: self._send(answer))
            return
        self._work = asyncio.get_running_loop().create_task(answer)
        self._work.add_done_callback(self._worked)

    def _worked(self, work: asyncio.Task[Response]) -> None:
        self._work = None
        if not work.cancelled():
            response = work.result()
            self._journal.after(lambda: self._send(response))

    def _send(self, response: Response) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.write(self._written(response))
        if self._http.our_state is h11.MUST_CLOSE:
            self._close()
            return
        self._http.start_next_cycle()
        if self._http.trailing_data[0]:
            # The client sent its next request without waiting. Not from here: that would recurse.
            asyncio.get_running_loop().call_soon(self.data_received, b"")

    def _written(self, response: Response) -> bytes:
        headers = [
            *response.headers.items(),
            ("Content-Length", str(len(response.body))),
        ]
        head = h11.Response(
            status_code=response.status, headers=headers, reason=response.reason.encode()
        )
        parts = [self._http.send(head)]
        if response.body:
            parts.append(self._http.send(h11.Data(data=response.body)))
        parts.append(self._http.send(h11.EndOfMessage()))
        return b"".join(part for part in parts if part)

    def _give_up(self, error: h11.RemoteProtocolError) -> None:
        """Say what was wrong with the request, if there is still somebody to tell, and end."""
        logger.info("An HTTP client was cut off: %s", error)
        if self._transport and self._http.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            reason = {413: "Request Entity Too Large", 431: "Request Header Fields Too Large"}
            status = error.error_status_hint
            response = Response(status, reason.get(status, "Bad Request"), b"", _CLOSE)
            self._transport.write(self._written(response))
        self._close()

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()


_CLOSE: Final = {"Connection": "close"}


def _request(head: h11.Request, body: bytes) -> Request:
    path, _, query = head.target.decode("ascii").partition("?")
    return Request(
        head.method.decode("ascii"),
        tuple(unquote(segment) for segment in path.strip("/").split("/")),
        dict(parse_qsl(query, keep_blank_values=True)),
        {name.decode("ascii"): value.decode("latin-1") for name, value in head.headers},
        body,
    )
