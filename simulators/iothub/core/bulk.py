"""Up to a hundred registry and twin changes in one request; each stands or falls by itself.

Import modes: https://learn.microsoft.com/azure/iot-hub/iot-hub-bulk-identity-mgmt
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from simulators.iothub.core.document import JsonObject, JsonValue, word_of
from simulators.iothub.core.errors import BadRequestError, HubError
from simulators.iothub.core.hub import ANY_ETAG, Hub
from simulators.iothub.core.identity import IdentityWish, joined_name
from simulators.iothub.core.twin import TwinPatch

MOST_ENTRIES: Final = 100


def change_in_bulk(hub: Hub, entries: JsonValue, now: float) -> JsonObject:
    """Carry out the entries; the result names each that was refused, and why."""
    _check_entries(entries)
    errors = [
        {
            "deviceId": entry["id"],
            "errorCode": error.name,
            "errorStatus": error.message,
            "moduleId": entry.get("moduleId") or None,
            "operation": _mode(entry),
        }
        for entry in entries
        if (error := _carry_out(hub, entry, now)) is not None
    ]
    return {"isSuccessful": not errors, "errors": errors, "warnings": []}


def _check_entries(entries: JsonValue) -> None:
    if not isinstance(entries, list) or not all(_has_id(entry) for entry in entries):
        raise BadRequestError("The body must be a list of devices, each with an id.")
    if len(entries) > MOST_ENTRIES:
        raise BadRequestError(f"A request takes at most {MOST_ENTRIES} devices.")
    if repeated := _repeated([_name(entry) for entry in entries]):
        raise BadRequestError(f"Device {repeated} is named twice.")


def _has_id(entry: JsonValue) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        return False
    return isinstance(entry.get("moduleId") or "", str)


def _name(entry: JsonObject) -> str:
    return joined_name(entry["id"], entry.get("moduleId"))


def _mode(entry: JsonObject) -> JsonValue:
    return entry.get("importMode") or "create"


def _repeated(ids: Sequence[str]) -> str | None:
    device_id, count = next(iter(Counter(ids).most_common(1)), ("", 0))
    return device_id if count > 1 else None


def _carry_out(hub: Hub, entry: JsonObject, now: float) -> HubError | None:
    try:
        if (mode := word_of(_mode(entry), _MODES)) is None:
            raise BadRequestError(f"{_mode(entry)!r} is no import mode.")
        _MODES[mode](hub, entry, now)
    except HubError as error:
        return error
    return None


def _create(hub: Hub, entry: JsonObject, now: float) -> None:
    hub.create(_wish(entry), now, _patch(entry))


def _update(hub: Hub, entry: JsonObject, now: float) -> None:
    hub.update(_wish(entry), ANY_ETAG, now)


def _update_matching(hub: Hub, entry: JsonObject, now: float) -> None:
    hub.update(_wish(entry), _etag(entry, "eTag"), now)


def _delete(hub: Hub, entry: JsonObject, now: float) -> None:
    del now
    hub.delete(_name(entry), ANY_ETAG)


def _delete_matching(hub: Hub, entry: JsonObject, now: float) -> None:
    del now
    hub.delete(_name(entry), _etag(entry, "eTag"))


def _update_twin(hub: Hub, entry: JsonObject, now: float) -> None:
    hub.patch_twin(_name(entry), _patch(entry), ANY_ETAG, now)


def _update_twin_matching(hub: Hub, entry: JsonObject, now: float) -> None:
    hub.patch_twin(_name(entry), _patch(entry), _etag(entry, "twinETag"), now)


_MODES: Final[dict[str, Callable[[Hub, JsonObject, float], None]]] = {
    "create": _create,
    "update": _update,
    "updateIfMatchETag": _update_matching,
    "delete": _delete,
    "deleteIfMatchETag": _delete_matching,
    "updateTwin": _update_twin,
    "updateTwinIfMatchETag": _update_twin_matching,
}


def _wish(entry: JsonObject) -> IdentityWish:
    if module_id := entry.get("moduleId"):
        return IdentityWish.from_module_body(entry["id"], module_id, entry)
    return IdentityWish.from_body(entry["id"], entry)


def _patch(entry: JsonObject) -> TwinPatch:
    return TwinPatch.from_body(entry)


def _etag(entry: JsonObject, field: str) -> str:
    etag = next((entry[name] for name in entry if name.lower() == field.lower()), None)
    if not isinstance(etag, str):
        raise BadRequestError(f"{field} is missing.")
    return etag.strip('"')
