"""A bundle server for tests: bundles under their hashes, and whatever may go wrong with them."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from typing_extensions import override

from label_templates.bundles import Bundle


class Depot:
    """What is served, by path, and what was asked for."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.address = ""

    def serve(self, bundle: Bundle) -> None:
        """Serve a bundle's manifest and blobs."""
        self.bodies[f"/v1/bundles/{bundle.digest}"] = bundle.manifest.canonical
        for sha256 in bundle.manifest.parts:
            self.bodies[f"/v1/blobs/{sha256}"] = bundle.blob(sha256)


@contextmanager
def open_depot(tls: ssl.SSLContext | None = None) -> Iterator[Depot]:
    """Run a server on a port of its own, over HTTPS where a context is given."""
    depot = Depot()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            depot.asked.append(self.path)
            body = depot.bodies.get(self.path)
            self.send_response(HTTPStatus.NOT_FOUND if body is None else HTTPStatus.OK)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        @override
        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    depot.address = f"http://127.0.0.1:{server.server_address[1]}"
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        depot.address = depot.address.replace("http:", "https:")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield depot
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
