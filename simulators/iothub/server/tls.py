"""TLS as an asyncio transport: OpenSSL on memory buffers, between a socket and a protocol.

Python's own ssl module cannot take a client certificate that no authority signed, which is what
Azure's self-signed devices show; pyOpenSSL can, by a verify callback. Whose certificate it is, and
whether that lets anybody in, is decided later: the handshake only proves that the peer has its key.
"""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast

from cryptography import x509
from OpenSSL import SSL
from typing_extensions import override

from simulators.iothub.server.connections import OpenConnections

logger = logging.getLogger(__name__)

HANDSHAKE_SECONDS: Final = 60.0
LINGER_SECONDS: Final = 2.0
"""How long a peer may take to close its side after we closed ours."""
PIECE: Final = 17 * 1024
"""More than a TLS record, 16 KB, takes on the wire."""
HEADER: Final = 5
"""Of a TLS record: its type, a version, and two bytes for how much follows (RFC 8446, 5.1)."""
PEER_CERTIFICATES: Final = "peer_certificates"
"""Extra info of the transport: the peer's certificate and those it sent along, or nothing."""


def server_context(certificate: Path, key: Path) -> SSL.Context:
    """Make a context that shows this certificate and asks clients for theirs."""
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.use_certificate_chain_file(str(certificate))
    context.use_privatekey_file(str(key))
    context.set_verify(SSL.VERIFY_PEER, _take_any)
    # Ten thousand idle connections: no buffers between records, no sessions to resume.
    context.set_mode(SSL.MODE_RELEASE_BUFFERS)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_options(SSL.OP_NO_TICKET | SSL.OP_NO_RENEGOTIATION)
    return context


def _take_any(*_: object) -> bool:
    return True


class TlsTransport(asyncio.Transport, asyncio.Protocol):
    """One connection: to the socket a protocol, to the protocol above it a transport."""

    __slots__ = ("_above", "_beside", "_closing", "_due", "_opened", "_socket", "_timer", "_tls")

    def __init__(
        self, context: SSL.Context, above: asyncio.Protocol, beside: OpenConnections
    ) -> None:
        """Wait for the socket; `beside` are the listener's open connections."""
        super().__init__()
        self._tls = SSL.Connection(context, None)
        self._tls.set_accept_state()
        self._above = above
        self._beside = beside
        self._closing = self._opened = False
        self._due: int | None = 0
        self._timer: asyncio.TimerHandle | None = None
        self._socket: asyncio.Transport | None = None

    # -- the socket's side

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the handshake, but not for ever."""
        self._socket = cast("asyncio.Transport", transport)
        self._beside.add(self)
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(HANDSHAKE_SECONDS, self.cut, "its handshake takes too long")

    @override
    def connection_lost(self, error: Exception | None) -> None:
        """The socket is gone."""
        self._closing = True
        self._stop_timer()
        self._beside.discard(self)
        if self._opened:
            self._above.connection_lost(error)

    @override
    def data_received(self, data: bytes) -> None:
        """Decrypt, and hand on what comes out."""
        if self._closing:
            return
        alone = self._is_one_record(data)
        try:
            self._tls.bio_write(data)
            if self._opened or self._shake_hands():
                self._hand_on(alone=alone)
            else:
                self._flush()
        except SSL.Error as error:
            logger.info("A peer was cut off: it broke the TLS protocol, %s", error)
            self._flush()
            self.close()

    def _shake_hands(self) -> bool:
        try:
            self._tls.do_handshake()
        except SSL.WantReadError:
            return False
        self._stop_timer()
        self._flush()
        self._opened = True
        self._above.connection_made(self)
        return True

    def _is_one_record(self, data: bytes) -> bool:
        """Tell whether this is one whole record, so that there is nothing to read behind it.

        `_due` are the bytes of the last record that are still to come, None if nobody knows.
        """
        if self._due is None:
            return False
        at, begun, records = self._due, self._due > 0, 0
        while at + HEADER <= len(data):
            at += HEADER + int.from_bytes(data[at + HEADER - 2 : at + HEADER], "big")
            records += 1
        self._due = at - len(data) if at >= len(data) else None
        return records == 1 and not begun and self._due == 0

    def _hand_on(self, *, alone: bool) -> None:
        while not self._closing:
            try:
                data = self._tls.recv(PIECE)
            except SSL.WantReadError:
                return
            except SSL.ZeroReturnError:
                self._above.eof_received()
                self.close()
                return
            self._above.data_received(data)
            if alone:  # asking again would cost as much as the answer that there is nothing
                return

    @override
    def eof_received(self) -> bool | None:
        """The peer sends no more; TLS knows no half-open connections."""
        if self._opened and not self._closing:
            self._above.eof_received()
        return None

    @override
    def pause_writing(self) -> None:
        """The peer reads too slowly."""
        self._above.pause_writing()

    @override
    def resume_writing(self) -> None:
        """The peer has caught up."""
        self._above.resume_writing()

    def _flush(self) -> None:
        if self._socket is None or self._socket.is_closing():
            return
        while True:
            try:
                sealed = self._tls.bio_read(PIECE)
            except SSL.WantReadError:
                return
            self._socket.write(sealed)
            if len(sealed) < PIECE:
                return

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # -- the protocol's side

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Encrypt and send."""
        if data and not self.is_closing():
            self._tls.sendall(bytes(data))
            self._flush()

    @override
    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand what comes from now on to another protocol."""
        self._above = cast("asyncio.Protocol", protocol)

    @override
    def get_protocol(self) -> asyncio.BaseProtocol:
        """Give the protocol above."""
        return self._above

    @override
    def close(self) -> None:
        """Say goodbye after what was written, and let the peer close its side."""
        if self.is_closing() or self._socket is None:
            return
        self._closing = True
        try:
            self._tls.shutdown()
            self._flush()
        except SSL.Error:  # before the handshake is done there is nobody to say goodbye to
            self._socket.close()
            return
        # The rest of what the peer is sending is read: a reset could overtake our last words.
        self._stop_timer()
        self._socket.write_eof()
        self._timer = asyncio.get_running_loop().call_later(LINGER_SECONDS, self._socket.abort)

    @override
    def abort(self) -> None:
        """End the connection at once."""
        self._closing = True
        if self._socket is not None:
            self._socket.abort()

    def cut(self, reason: str) -> None:
        """End the connection at once."""
        logger.debug("A peer was cut off: %s", reason)
        self.abort()

    @override
    def is_closing(self) -> bool:
        """Tell whether nothing more can be written."""
        return self._closing or self._socket is None or self._socket.is_closing()

    @override
    def get_write_buffer_size(self) -> int:
        """Bytes that the peer has not taken yet."""
        return self._socket.get_write_buffer_size() if self._socket else 0

    @override
    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Give what is known of the peer."""
        if name == PEER_CERTIFICATES:
            return self._peer_certificates()
        return self._socket.get_extra_info(name, default) if self._socket else default

    def _peer_certificates(self) -> tuple[x509.Certificate, ...]:
        own = self._tls.get_peer_certificate(as_cryptography=True)
        if own is None:
            return ()
        return (own, *(self._tls.get_peer_cert_chain(as_cryptography=True) or ()))


def tls_protocol(
    context: SSL.Context, make: Callable[[], asyncio.Protocol], beside: OpenConnections
) -> Callable[[], TlsTransport]:
    """Give what an asyncio server makes for each connection."""
    return lambda: TlsTransport(context, make(), beside)
