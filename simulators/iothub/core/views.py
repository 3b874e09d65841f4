"""Devices and twins as the service API shows them.

Shapes: https://learn.microsoft.com/rest/api/iothub/service/devices
"""

from simulators.iothub.core.document import JsonObject, compact, with_members
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


def twin_head(device: Device) -> JsonObject:
    """Show what a twin says besides tags and properties."""
    identity = device.identity
    return {
        "deviceId": identity.device_id,
        "etag": device.twin.etag,
        "deviceEtag": identity.etag,
        "status": identity.status,
        "statusReason": identity.status_reason,
        "statusUpdateTime": instant_text(identity.status_updated),
        "connectionState": connection_state(device),
        "lastActivityTime": instant_text(device.last_activity),
        "cloudToDeviceMessageCount": 0,
        "authenticationType": "sas",
        "x509Thumbprint": _NO_THUMBPRINT,
        "modelId": "",
        "version": device.twin.version,
        "capabilities": {"iotEdge": identity.iot_edge},
    }


def twin_view(device: Device) -> bytes:
    """Write a whole twin."""
    twin = device.twin
    sections = b'"tags":%b,"properties":{"desired":%b,"reported":%b}' % (
        twin.tags.text,
        twin.desired.for_service(versions=True),
        twin.reported.for_service(versions=False),
    )
    return with_members(compact(twin_head(device)), sections)
