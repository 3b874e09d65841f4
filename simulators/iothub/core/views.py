"""Devices and twins as the service API shows them.

Shapes: https://learn.microsoft.com/rest/api/iothub/service/devices
"""

from collections.abc import Callable, Mapping
from typing import Final

from simulators.iothub.core.document import JsonObject, JsonValue, compact, with_members
from simulators.iothub.core.hub import Device
from simulators.iothub.core.instants import instant_text

_NO_THUMBPRINT = {"primaryThumbprint": None, "secondaryThumbprint": None}


def connection_state(device: Device) -> str:
    """Give the word that Azure uses."""
    return "Connected" if device.connected else "Disconnected"


def identity_view(device: Device) -> JsonObject:
    """Show a device of the identity registry."""
    identity = device.identity
    return {
        "deviceId": identity.device_id,
        "generationId": identity.generation,
        "etag": identity.etag,
        "connectionState": connection_state(device),
        "status": identity.status,
        "statusReason": identity.status_reason,
        "connectionStateUpdatedTime": instant_text(device.connection_changed),
        "statusUpdatedTime": instant_text(identity.status_updated),
        "lastActivityTime": instant_text(device.last_activity),
        "cloudToDeviceMessageCount": 0,
        "authentication": {
            "symmetricKey": {
                "primaryKey": identity.primary_key,
                "secondaryKey": identity.secondary_key,
            },
            "x509Thumbprint": _NO_THUMBPRINT,
            "type": "sas",
        },
        "capabilities": {"iotEdge": identity.iot_edge},
    }


TWIN_HEAD: Final[Mapping[str, Callable[[Device], JsonValue]]] = {
    "deviceId": lambda device: device.identity.device_id,
    "etag": lambda device: device.twin.etag,
    "deviceEtag": lambda device: device.identity.etag,
    "status": lambda device: device.identity.status,
    "statusReason": lambda device: device.identity.status_reason,
    "statusUpdateTime": lambda device: instant_text(device.identity.status_updated),
    "connectionState": connection_state,
    "lastActivityTime": lambda device: instant_text(device.last_activity),
    "cloudToDeviceMessageCount": lambda _: 0,
    "authenticationType": lambda _: "sas",
    "x509Thumbprint": lambda _: _NO_THUMBPRINT,
    "modelId": lambda _: "",
    "version": lambda device: device.twin.version,
    "capabilities": lambda device: {"iotEdge": device.identity.iot_edge},
}
"""What a twin says besides tags and properties; one by one, for queries that ask for few."""


def twin_view(device: Device) -> bytes:
    """Write a whole twin."""
    twin = device.twin
    head = {name: value(device) for name, value in TWIN_HEAD.items()}
    sections = b'"tags":%b,"properties":{"desired":%b,"reported":%b}' % (
        twin.tags.text,
        twin.desired.for_service(versions=True),
        twin.reported.for_service(versions=False),
    )
    return with_members(compact(head), sections)
