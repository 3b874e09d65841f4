"""Twins, direct methods and queries."""

from collections.abc import Coroutine
from typing import Any

from simulators.iothub.core.document import parse_object
from simulators.iothub.core.errors import BadRequestError, HubError
from simulators.iothub.core.hub import ANY_ETAG
from simulators.iothub.core.methods import MethodCall
from simulators.iothub.core.query.paging import run_query
from simulators.iothub.core.twin import TwinPatch
from simulators.iothub.server.http_listener import Request, Response
from simulators.iothub.server.rest.answers import (
    JSON_TYPE,
    etag_of,
    not_allowed,
    ok,
    refusal,
    twin,
    whole_number,
)
from simulators.iothub.server.switchboard import Switchboard


class Twins:
    """Answers requests to /twins and /devices/query."""

    def __init__(self, switchboard: Switchboard) -> None:
        """Serve this hub."""
        self._board = switchboard
        self._hub = switchboard.hub

    def one(self, request: Request, name: str) -> Response:
        """Read, patch or replace the twin of a device or module."""
        if request.method == "GET":
            return twin(self._hub.device(name))
        change = {"PATCH": self._hub.patch_twin, "PUT": self._hub.replace_twin}.get(request.method)
        if change is None:
            raise not_allowed(request)
        patch = TwinPatch.from_body(parse_object(request.body))
        return twin(change(name, patch, etag_of(request) or ANY_ETAG, self._board.clock()))

    def method(self, request: Request, name: str) -> Coroutine[Any, Any, Response]:
        """Have a device or module run a direct method."""
        if request.method != "POST":
            raise not_allowed(request)
        call = MethodCall.from_body(parse_object(request.body))
        self._hub.device(name)
        return self._called(name, call)

    async def _called(self, name: str, call: MethodCall) -> Response:
        try:
            result = await self._board.methods.call(name, call)
        except HubError as error:
            return refusal(error, self._board.clock())
        return ok({"status": result.status, "payload": result.payload})

    def query(self, request: Request) -> Response:
        """Give a page of a query."""
        if request.method != "POST":
            raise not_allowed(request)
        text = parse_object(request.body).get("query")
        if not isinstance(text, str):
            raise BadRequestError("The body must have a query.")
        size = whole_number(request.headers.get("x-ms-max-item-count"), "x-ms-max-item-count")
        page = run_query(self._hub, text, size, request.headers.get("x-ms-continuation"))
        headers = {**JSON_TYPE, "x-ms-item-type": page.kind}
        if page.continuation:
            headers["x-ms-continuation"] = page.continuation
        return Response(200, "OK", b"[" + b",".join(page.items) + b"]", headers)
