"""Devices, modules and twins as the service API shows them.

Shapes: https://learn.microsoft.com/rest/api/iothub/service/devices
"""

from collections.abc import Callable, Mapping
from typing import Final

from simulators.iothub.core.document import JsonObject, JsonValue, compact, with_members
from simulators.iothub.core.hub import Device
from simulators.iothub.core.identity import Scopes
from simulators.iothub.core.instants import instant_text


def connection_state(device: Device) -> str:
    """Give the word that Azure uses."""
    return "Connected" if device.connected else "Disconnected"


def identity_view(device: Device) -> JsonObject:
    """Show a device or module of the identity registry."""
    return _module_view(device) if device.identity.module_id else _device_view(device)


def _device_view(device: Device) -> JsonObject:
    identity = device.identity
    return {
        **_common(device),
        "status": identity.status,
        "statusReason": identity.status_reason,
        "statusUpdatedTime": instant_text(identity.status_updated),
        "capabilities": {"iotEdge": identity.iot_edge},
        **_scopes(identity.scopes),
    }


def _module_view(device: Device) -> JsonObject:
    identity = device.identity
    return {"moduleId": identity.module_id, "managedBy": identity.managed_by, **_common(device)}


def _common(device: Device) -> JsonObject:
    identity = device.identity
    return {
        "deviceId": identity.device_id,
        "generationId": identity.generation,
        "etag": identity.etag,
        "connectionState": connection_state(device),
        "connectionStateUpdatedTime": instant_text(device.connection_changed),
        "lastActivityTime": instant_text(device.last_activity),
        "cloudToDeviceMessageCount": len(device.mailbox),
        "authentication": identity.credentials.view(),
    }


def _scopes(scopes: Scopes) -> JsonObject:
    """Show them only where there are any, as Azure does."""
    shown: JsonObject = {"deviceScope": scopes.own} if scopes.own else {}
    return {**shown, "parentScopes": list(scopes.parents)} if scopes.parents else shown


TWIN_HEAD: Final[Mapping[str, Callable[[Device], JsonValue]]] = {
    "deviceId": lambda device: device.identity.device_id,
    "moduleId": lambda device: device.identity.module_id,
    "etag": lambda device: device.twin.etag,
    "deviceEtag": lambda device: device.identity.etag,
    "status": lambda device: device.identity.status,
    "statusReason": lambda device: device.identity.status_reason,
    "statusUpdateTime": lambda device: instant_text(device.identity.status_updated),
    "connectionState": connection_state,
    "lastActivityTime": lambda device: instant_text(device.last_activity),
    "cloudToDeviceMessageCount": lambda device: len(device.mailbox),
    "authenticationType": lambda device: device.identity.credentials.kind,
    "x509Thumbprint": lambda device: device.identity.credentials.thumbprint_view(),
    "modelId": lambda _: "",
    "version": lambda device: device.twin.version,
    "capabilities": lambda device: {"iotEdge": device.identity.iot_edge},
}
"""What a twin says besides tags and properties; one by one, for queries that ask for few."""

_NOT_OF: Final = {False: frozenset({"moduleId"}), True: frozenset({"capabilities"})}
"""What a device's twin does not say, and what a module's does not."""


def says(device: Device, name: str) -> bool:
    """Tell whether a twin's head has such a member: a device's and a module's differ."""
    of_module = device.identity.module_id is not None
    return name in TWIN_HEAD and name not in _NOT_OF[of_module]


def twin_head(device: Device) -> JsonObject:
    """Show what a twin says besides tags and properties."""
    head = {name: value(device) for name, value in TWIN_HEAD.items() if says(device, name)}
    return {**head, **_scopes(device.identity.scopes)}


def twin_view(device: Device) -> bytes:
    """Write a whole twin."""
    twin = device.twin
    sections = b'"tags":%b,"properties":{"desired":%b,"reported":%b}' % (
        twin.tags.text,
        twin.desired.for_service(versions=True),
        twin.reported.for_service(versions=False),
    )
    return with_members(compact(twin_head(device)), sections)
