"""The identity registry: devices, their modules, changes in bulk, statistics."""

from http import HTTPStatus
from typing import Final

from simulators.iothub.core.bulk import change_in_bulk
from simulators.iothub.core.document import JsonObject, parse_json, parse_object
from simulators.iothub.core.errors import BadRequestError
from simulators.iothub.core.hub import ANY_ETAG, Device
from simulators.iothub.core.identity import IdentityWish, joined_name
from simulators.iothub.core.views import identity_view
from simulators.iothub.server.http_listener import Request, Response
from simulators.iothub.server.rest.answers import (
    etag_of,
    identity,
    not_allowed,
    nothing,
    ok,
    whole_number,
)
from simulators.iothub.server.switchboard import Switchboard

MOST_LISTED: Final = 1000


class Registry:
    """Answers requests to /devices and /statistics."""

    def __init__(self, switchboard: Switchboard) -> None:
        """Serve this hub."""
        self._board = switchboard
        self._hub = switchboard.hub

    def all(self, request: Request) -> Response:
        """List devices, or change many of them."""
        match request.method:
            case "GET":
                most = whole_number(request.query.get("top"), "top") or MOST_LISTED
                listed = zip(range(min(most, MOST_LISTED)), self._hub.devices(), strict=False)
                return ok([identity_view(device) for _, device in listed])
            case "POST":
                entries = parse_json(request.body)
                result = change_in_bulk(self._hub, entries, self._board.clock())
                return ok(result, HTTPStatus.OK if result["isSuccessful"] else HTTPStatus(400))
        raise not_allowed(request)

    def modules(self, request: Request, device_id: str) -> Response:
        """List the modules of a device."""
        if request.method != "GET":
            raise not_allowed(request)
        return ok([identity_view(module) for module in self._hub.modules_of(device_id)])

    def one(self, request: Request, device_id: str, module_id: str | None = None) -> Response:
        """Read, write or delete the identity of a device or module."""
        name = joined_name(device_id, module_id)
        match request.method:
            case "GET":
                return identity(self._hub.device(name))
            case "PUT":
                return identity(self._put(request, _wish(request, device_id, module_id)))
            case "DELETE":
                self._hub.delete(name, etag_of(request) or ANY_ETAG)
                return nothing()
        raise not_allowed(request)

    def _put(self, request: Request, wish: IdentityWish) -> Device:
        """Without If-Match it is a new one; with it, one that is there changes."""
        if etag := etag_of(request):
            return self._hub.update(wish, etag, self._board.clock())
        return self._hub.create(wish, self._board.clock())

    def statistics(self, request: Request, what: str) -> Response:
        """Count what is registered, or what is connected."""
        if request.method != "GET":
            raise not_allowed(request)
        if what == "service":
            return ok({"connectedDeviceCount": self._board.connected_count})
        enabled = sum(device.identity.status == "enabled" for device in self._hub.devices())
        return ok(
            {
                "totalDeviceCount": len(self._hub),
                "enabledDeviceCount": enabled,
                "disabledDeviceCount": len(self._hub) - enabled,
            }
        )


def _wish(request: Request, device_id: str, module_id: str | None) -> IdentityWish:
    body = parse_object(request.body)
    _check_address(body, "deviceId", device_id)
    if module_id is None:
        return IdentityWish.from_body(device_id, body)
    _check_address(body, "moduleId", module_id)
    return IdentityWish.from_module_body(device_id, module_id, body)


def _check_address(body: JsonObject, field: str, addressed: str) -> None:
    if body.get(field, addressed) != addressed:
        raise BadRequestError(f"{field} differs from the one in the address.")
