"""What requests ask and answers say, the same for every address."""

import json
import secrets
from collections.abc import Coroutine
from http import HTTPStatus
from typing import Any, Final, TypeAlias

from simulators.iothub.core.document import JsonObject, compact
from simulators.iothub.core.errors import (
    BadRequestError,
    DeviceNotOnlineError,
    HubError,
    MethodNotAllowedError,
    MethodTimedOutError,
    ModuleAlreadyExistsError,
    NoSuchModuleError,
    TooManyModulesError,
)
from simulators.iothub.core.hub import Device
from simulators.iothub.core.instants import instant_text
from simulators.iothub.core.views import identity_view, twin_view
from simulators.iothub.server.http_listener import Request, Response

Answer: TypeAlias = Response | Coroutine[Any, Any, Response]
"""What must wait for a device comes as a coroutine."""

JSON_TYPE: Final = {"Content-Type": "application/json; charset=utf-8"}

_NESTED = (DeviceNotOnlineError, MethodTimedOutError)
_PLAIN = (NoSuchModuleError, ModuleAlreadyExistsError, TooManyModulesError)


def ok(value: JsonObject | list[JsonObject], status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Answer with JSON."""
    return Response(status, status.phrase, compact(value), JSON_TYPE)


def identity(device: Device) -> Response:
    """Answer with an identity and its etag."""
    headers = {**JSON_TYPE, "ETag": f'"{device.identity.etag}"'}
    return Response(200, "OK", compact(identity_view(device)), headers)


def twin(device: Device) -> Response:
    """Answer with a twin and its etag."""
    headers = {**JSON_TYPE, "ETag": f'"{device.twin.etag}"'}
    return Response(200, "OK", twin_view(device), headers)


def nothing() -> Response:
    """Answer that it is done."""
    return Response(HTTPStatus.NO_CONTENT, HTTPStatus.NO_CONTENT.phrase)


def not_allowed(request: Request) -> MethodNotAllowedError:
    """Refuse an HTTP method."""
    return MethodNotAllowedError(f"{request.method} is not for this address.")


def etag_of(request: Request) -> str:
    """Give the etag of If-Match, which comes with quotes, without them, or as `*`."""
    return request.headers.get("if-match", "").removeprefix("W/").strip('"')


def whole_number(text: str | None, name: str) -> int | None:
    """Read a number of a header or a query; raises BadRequestError naming it."""
    if not text:
        return None
    if not text.isdecimal() or len(text) > 9:
        raise BadRequestError(f"{name} must be a whole number.")
    return int(text)


def refusal(error: HubError, now: float) -> Response:
    """Tell as Azure tells: it has three shapes for an error, by the age of what refuses."""
    at, tracking = instant_text(now), secrets.token_hex(16).upper()
    plain = {
        "errorCode": error.number,
        "message": error.message,
        "trackingId": f"{tracking}-G:0-TimeStamp:{at}",
        "timestampUtc": at,
    }
    body: JsonObject = {
        "Message": f"ErrorCode:{error.name};{error.message}",
        "ExceptionMessage": f"Tracking ID:{tracking}-G:0-TimeStamp:{at}",
    }
    if isinstance(error, _NESTED):
        body = {"Message": json.dumps({**plain, "info": None}), "ExceptionMessage": ""}
    elif isinstance(error, _PLAIN):
        body = plain
    headers = {**JSON_TYPE, "iothub-errorcode": error.name}
    return Response(error.status, error.status.phrase, compact(body), headers)
