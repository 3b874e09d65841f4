"""The service REST API, api-version 2021-04-12, as the service SDKs call it.

https://learn.microsoft.com/rest/api/iothub/. The SDKs are strict about success codes and print only
the reason phrase of an error, so both are Azure's.
"""

import json
import logging
from collections.abc import Coroutine
from http import HTTPStatus
from typing import Any, Final

from simulators.iothub.core.bulk import change_in_bulk
from simulators.iothub.core.document import JsonObject, compact, parse_json, parse_object
from simulators.iothub.core.errors import (
    BadRequestError,
    DeviceNotOnlineError,
    HubError,
    MethodNotAllowedError,
    MethodTimedOutError,
    NotSimulatedError,
    ResourceNotFoundError,
)
from simulators.iothub.core.hub import ANY_ETAG, Device
from simulators.iothub.core.identity import IdentityWish
from simulators.iothub.core.instants import instant_text
from simulators.iothub.core.methods import MethodCall
from simulators.iothub.core.query.paging import run_query
from simulators.iothub.core.twin import TwinPatch
from simulators.iothub.core.views import identity_view, twin_view
from simulators.iothub.server.http_listener import Request, Response
from simulators.iothub.server.switchboard import Switchboard

logger = logging.getLogger(__name__)

MOST_LISTED: Final = 1000
JSON_TYPE: Final = {"Content-Type": "application/json; charset=utf-8"}

_NOT_SIMULATED: Final = frozenset({"configurations", "jobs", "digitaltwins", "messages"})


class ServiceApi:
    """Answers requests out of the switchboard."""

    def __init__(self, switchboard: Switchboard) -> None:
        """Serve this hub."""
        self._board = switchboard
        self._hub = switchboard.hub

    def handle(self, request: Request) -> Response | Coroutine[Any, Any, Response]:
        """Answer a request; what must wait for a device comes as a coroutine."""
        try:
            self._hub.admit_service(request.headers.get("authorization", ""), self._board.clock())
            if "api-version" not in request.query:
                raise BadRequestError("The api-version is missing.")  # noqa: TRY301
            return self._route(request)
        except HubError as error:
            return self._refusal(error)
        except Exception:
            logger.exception("A request to %s failed", "/".join(request.segments))
            return Response(500, HTTPStatus.INTERNAL_SERVER_ERROR.phrase)

    def _route(self, request: Request) -> Response | Coroutine[Any, Any, Response]:
        match request.segments:
            case ("devices", *rest):
                return self._devices(request, rest)
            case ("twins", device_id):
                return self._twin(request, device_id)
            case ("twins", device_id, "methods"):
                return self._method(request, device_id)
            case ("statistics", "devices" | "service" as what):
                return self._statistics(request, what)
            case ("twins", _, "modules", *_):
                raise NotSimulatedError("Modules are not simulated yet.")
            case (first, *_) if first in _NOT_SIMULATED:
                raise NotSimulatedError(f"/{first} is not simulated.")
        raise ResourceNotFoundError("There is nothing at this address.")

    # -- devices

    def _devices(self, request: Request, rest: list[str]) -> Response:
        match rest:
            case []:
                return self._registry(request)
            case ["query"] if request.method == "POST":
                return self._query(request)
            case [device_id]:
                return self._device(request, device_id)
        raise NotSimulatedError(f"/devices/{{id}}/{rest[1]} is not simulated yet.")

    def _registry(self, request: Request) -> Response:
        match request.method:
            case "GET":
                most = _whole_number(request.query.get("top"), "top") or MOST_LISTED
                listed = zip(range(min(most, MOST_LISTED)), self._hub.devices(), strict=False)
                return _ok([identity_view(device) for _, device in listed])
            case "POST":
                entries = parse_json(request.body)
                result = change_in_bulk(self._hub, entries, self._board.clock())
                return _ok(result, HTTPStatus.OK if result["isSuccessful"] else HTTPStatus(400))
        raise _not_allowed(request)

    def _device(self, request: Request, device_id: str) -> Response:
        match request.method:
            case "GET":
                return _identity(self._hub.device(device_id))
            case "PUT":
                return _identity(self._put_device(request, device_id))
            case "DELETE":
                self._hub.delete(device_id, _etag(request) or ANY_ETAG)
                return Response(HTTPStatus.NO_CONTENT, HTTPStatus.NO_CONTENT.phrase)
        raise _not_allowed(request)

    def _put_device(self, request: Request, device_id: str) -> Device:
        body = parse_object(request.body)
        if body.get("deviceId", device_id) != device_id:
            raise BadRequestError("deviceId differs from the one in the address.")
        wish = IdentityWish.from_body(device_id, body)
        if etag := _etag(request):
            return self._hub.update(wish, etag, self._board.clock())
        return self._hub.create(wish, self._board.clock())

    def _query(self, request: Request) -> Response:
        text = parse_object(request.body).get("query")
        if not isinstance(text, str):
            raise BadRequestError("The body must have a query.")
        size = _whole_number(request.headers.get("x-ms-max-item-count"), "x-ms-max-item-count")
        page = run_query(self._hub, text, size, request.headers.get("x-ms-continuation"))
        headers = {**JSON_TYPE, "x-ms-item-type": page.kind}
        if page.continuation:
            headers["x-ms-continuation"] = page.continuation
        return Response(200, "OK", b"[" + b",".join(page.items) + b"]", headers)

    def _statistics(self, request: Request, what: str) -> Response:
        if request.method != "GET":
            raise _not_allowed(request)
        if what == "service":
            return _ok({"connectedDeviceCount": self._board.connected_count})
        enabled = sum(device.identity.status == "enabled" for device in self._hub.devices())
        return _ok(
            {
                "totalDeviceCount": len(self._hub),
                "enabledDeviceCount": enabled,
                "disabledDeviceCount": len(self._hub) - enabled,
            }
        )

    # -- twins and methods

    def _twin(self, request: Request, device_id: str) -> Response:
        if request.method == "GET":
            return _twin(self._hub.device(device_id))
        change = {"PATCH": self._hub.patch_twin, "PUT": self._hub.replace_twin}.get(request.method)
        if change is None:
            raise _not_allowed(request)
        patch = TwinPatch.from_body(parse_object(request.body))
        return _twin(change(device_id, patch, _etag(request) or ANY_ETAG, self._board.clock()))

    def _method(self, request: Request, device_id: str) -> Coroutine[Any, Any, Response]:
        if request.method != "POST":
            raise _not_allowed(request)
        call = MethodCall.from_body(parse_object(request.body))
        self._hub.device(device_id)
        return self._called(device_id, call)

    async def _called(self, device_id: str, call: MethodCall) -> Response:
        try:
            result = await self._board.call_method(device_id, call)
        except HubError as error:
            return self._refusal(error)
        return _ok({"status": result.status, "payload": result.payload})

    # -- refusals

    def _refusal(self, error: HubError) -> Response:
        """Tell as Azure tells: methods nest JSON within the message, the others name the code."""
        at = instant_text(self._board.clock())
        if isinstance(error, DeviceNotOnlineError | MethodTimedOutError):
            nested = {"errorCode": error.number, "message": error.message, "timestampUtc": at}
            body = {"Message": json.dumps(nested), "ExceptionMessage": ""}
        else:
            message = f"ErrorCode:{error.name};{error.message}"
            body = {"Message": message, "ExceptionMessage": f"TimeStamp:{at}"}
        headers = {**JSON_TYPE, "iothub-errorcode": error.name}
        return Response(error.status, error.status.phrase, compact(body), headers)


def _ok(value: JsonObject | list[JsonObject], status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(status, status.phrase, compact(value), JSON_TYPE)


def _identity(device: Device) -> Response:
    headers = {**JSON_TYPE, "ETag": f'"{device.identity.etag}"'}
    return Response(200, "OK", compact(identity_view(device)), headers)


def _twin(device: Device) -> Response:
    headers = {**JSON_TYPE, "ETag": f'"{device.twin.etag}"'}
    return Response(200, "OK", twin_view(device), headers)


def _not_allowed(request: Request) -> MethodNotAllowedError:
    return MethodNotAllowedError(f"{request.method} is not for this address.")


def _etag(request: Request) -> str:
    """Give the etag of If-Match, which comes with quotes, without them, or as `*`."""
    return request.headers.get("if-match", "").removeprefix("W/").strip('"')


def _whole_number(text: str | None, name: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 9:
        raise BadRequestError(f"{name} must be a whole number.")
    return int(text)
