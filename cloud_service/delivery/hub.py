"""The door to Azure IoT Hub's service side, and the only importer of azure.iot.hub.

The SDK's exceptions end here: the rest of delivery knows `errors.py`. Every write carries the etag
it is based on, because without one the SDK overwrites whatever is there. The SDK's own retries are
switched off: reconciling is the retry, and it knows what it is retrying.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from azure.core.exceptions import DeserializationError
from azure.iot.hub import IoTHubRegistryManager
from azure.iot.hub.models import QuerySpecification, Twin, TwinProperties
from msrest.exceptions import (
    ClientException,
    ClientRequestError,
    HttpOperationError,
)

from cloud_service.delivery.errors import (
    DeviceUnknown,
    EtagMoved,
    HubError,
    HubRefused,
    HubThrottled,
    HubUnauthorized,
    HubUnreachable,
)
from cloud_service.delivery.twins import DeviceTwin, TwinHead
from cloud_service.settings import Settings
from label_templates.contract import wire
from label_templates.contract.wire import Document

TIMEOUT_S = (5.0, 15.0)
"""To connect, and between two bytes of an answer; a hub that takes longer is called unreachable."""
PAGE = 500
"""Devices a page of a query; the hub may give fewer."""


class AzureHub:
    """An IoT Hub, Azure's or the simulated one, by its service connection string.

    May be used by several threads; each keeps a connection of its own open.
    """

    def __init__(self, connection_string: str) -> None:
        try:
            self._manager = IoTHubRegistryManager.from_connection_string(connection_string)
        except (ValueError, KeyError) as error:
            raise HubUnauthorized(
                "IOTHUB_CONNECTION_STRING is not of the form "
                "HostName=...;SharedAccessKeyName=...;SharedAccessKey=..."
            ) from error
        host = dict(part.partition("=")[::2] for part in connection_string.split(";"))["HostName"]
        self.host = host.partition(":")[0]
        """The name devices connect to; their port is fixed by the protocol."""
        config = self._manager.protocol.config
        config.keep_alive = True  # otherwise each call pays for a TLS handshake
        config.connection.timeout = TIMEOUT_S
        config.retry_policy.retries = 0
        config.retry_policy.policy.status_forcelist = []
        # A twin's sections are JSON already; the SDK would copy them leaf by leaf, metadata too,
        # which takes longer than all the rest of a call.
        self._manager.protocol._deserialize.deserialize_type["object"] = _as_it_is

    def read(self, device: str) -> DeviceTwin:
        """Read a twin whole."""
        with _translated(device):
            return _device_twin(self._manager.get_twin(device))

    def patch(self, device: str, patch: Document, etag: str) -> str:
        """Merge a patch into desired, if the etag still holds; return the new etag."""
        body = Twin(properties=TwinProperties(desired=patch))
        with _translated(device):
            return str(self._manager.update_twin(device, body, etag).etag)

    def replace(self, twin: DeviceTwin, desired: Document) -> str:
        """Replace desired whole, if the twin is still as it was read; return the new etag."""
        # The request replaces tags as well, so they are sent back as they were read.
        body = Twin(tags=twin.tags, properties=TwinProperties(desired=desired))
        device = twin.head.device
        with _translated(device):
            return str(self._manager.replace_twin(device, body, twin.head.etag).etag)

    def heads(self) -> Iterator[TwinHead]:
        """Walk all twins' heads, a page at a time."""
        query = QuerySpecification(
            query="SELECT deviceId, etag, version, connectionState FROM devices"
        )
        token = None
        while True:
            with _translated("query"):
                page = self._manager.query_iot_hub(query, token, PAGE)
            yield from (_head(twin) for twin in page.items)
            token = page.continuation_token
            if not token:
                return

    def ensure_identity(self, device: str) -> str:
        """Return a device's connection string; register the device first if the hub has none."""
        try:
            with _translated(device):
                identity = self._manager.get_device(device)
        except DeviceUnknown:
            with _translated(device):
                # Without keys given, the hub makes them.
                identity = self._manager.create_device_with_sas(device, None, None, "enabled")
        key = identity.authentication.symmetric_key.primary_key
        return f"HostName={self.host};DeviceId={device};SharedAccessKey={key}"


def open_hub(settings: Settings) -> AzureHub:
    """Open the hub of the settings; raise HubUnauthorized where they name none."""
    if settings.iothub_connection_string is None:
        raise HubUnauthorized("IOTHUB_CONNECTION_STRING is not set; the hub's env file sets it")
    return AzureHub(settings.iothub_connection_string.get_secret_value())


def _as_it_is(value: Any) -> Any:
    return value


def _head(twin: Any) -> TwinHead:
    return TwinHead(
        device=twin.device_id,
        etag=twin.etag,
        version=int(twin.version),
        connected=twin.connection_state == "Connected",
    )


def _device_twin(twin: Any) -> DeviceTwin:
    properties = twin.properties
    return DeviceTwin(
        _head(twin),
        tags=twin.tags or {},
        desired=wire.plain(properties.desired or {}),
        reported=wire.plain(properties.reported or {}),
    )


_KINDS: dict[int, tuple[type[HubError], str]] = {
    401: (HubUnauthorized, "the hub does not accept the connection string"),
    403: (HubUnauthorized, "the connection string's policy does not allow this"),
    404: (DeviceUnknown, "the hub does not know this device"),
    412: (EtagMoved, "somebody else wrote the twin meanwhile"),
    429: (HubThrottled, "the hub asks to slow down"),
}


@contextmanager
def _translated(place: str) -> Iterator[None]:
    """Turn what the SDK raises into delivery's own errors."""
    try:
        yield
    except HttpOperationError as error:
        raise _refusal(place, error) from error
    except ClientRequestError as error:
        inner = type(error.inner_exception).__name__
        raise HubUnreachable(f"{place}: the hub does not answer ({inner})") from error
    except (ClientException, DeserializationError) as error:
        raise HubRefused(f"{place}: the hub's answer makes no sense: {error}") from error


def _refusal(place: str, error: HttpOperationError) -> HubError:
    status, reason = error.response.status_code, error.response.reason
    if status in _KINDS:
        kind, words = _KINDS[status]
        return kind(f"{place}: {words}")
    if status >= 500:
        return HubUnreachable(f"{place}: the hub is in trouble ({status} {reason})")
    return HubRefused(f"{place}: the hub refused it ({status} {reason}): {_message(error)}")


def _message(error: HttpOperationError) -> str:
    """Return what the hub said; Azure puts it under `Message`."""
    try:
        return str(error.response.json()["Message"])[:300]
    except (ValueError, KeyError, TypeError):
        return str(error.response.text)[:300]
