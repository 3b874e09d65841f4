"""What becomes an event that services read, and what such an event says.

Messages of devices always do. Twin changes, lifecycle and connection events do where a route was
made for them: https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-messages-d2c and, for what
each says, https://learn.microsoft.com/azure/iot-hub/iot-hub-non-telemetry-event-schema
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from simulators.iothub.core.document import JsonObject, compact, with_members
from simulators.iothub.core.event_log import RoutedEvent, Source
from simulators.iothub.core.events import (
    ConnectionChanged,
    DeviceCreated,
    DeviceDeleted,
    HubEvent,
    TwinChanged,
)
from simulators.iothub.core.identity import Identity, split_name
from simulators.iothub.core.instants import instant_text
from simulators.iothub.core.stamps import Stamps, metadata_text
from simulators.iothub.core.twin import Section, Twin

ROUTES: Final[tuple[Source, ...]] = (
    "twinChangeEvents",
    "deviceLifecycleEvents",
    "deviceConnectionStateEvents",
)
"""What can be routed besides messages of devices."""

_JSON: Final = {"content-type": "application/json", "content-encoding": "utf-8"}
_SYSTEM: Final = {
    "$.mid": "message-id",
    "$.cid": "correlation-id",
    "$.uid": "user-id",
    "$.ct": "content-type",
    "$.ce": "content-encoding",
    "$.to": "to",
    "$.exp": "absolute-expiry-time",
}
_ANNOTATIONS: Final = {"$.ifid": "iothub-interface-id", "$.sub": "dt-subject"}


class Router:
    """Turns what happens into events for the routes there are."""

    def __init__(self, hub_name: str, routes: Collection[str] = ()) -> None:
        """Route messages of devices, and what `routes` names; raises ValueError for others."""
        if unknown := sorted(set(routes) - set(ROUTES)):
            raise ValueError(f"There is no source {unknown[0]!r}; known are {', '.join(ROUTES)}.")
        self._hub_name = hub_name
        self._routes = frozenset(routes)
        self._count = 0

    @property
    def has_routes(self) -> bool:
        """Tell whether anything besides messages of devices is routed."""
        return bool(self._routes)

    def telemetry(
        self, identity: Identity, properties: Mapping[str, str | None], body: bytes, now: float
    ) -> RoutedEvent:
        """Make an event of a device's message; system properties come as `$.mid` and so on."""
        system = _picked(properties, _SYSTEM)
        annotations = {
            "iothub-connection-auth-method": _auth_method(identity),
            "iothub-connection-auth-generation-id": identity.generation,
            **_picked(properties, _ANNOTATIONS),
        }
        own = {
            key: value
            for key, value in properties.items()
            if key not in _SYSTEM and key not in _ANNOTATIONS
        }
        device_id, module_id = identity.device_id, identity.module_id
        return RoutedEvent("Telemetry", device_id, now, body, system, own, annotations, module_id)

    def events(self, happened: HubEvent, now: float) -> Iterator[RoutedEvent]:
        """Give the events that a change makes."""
        match happened:
            case TwinChanged() if "twinChangeEvents" in self._routes:
                body, operation = _twin_change(happened), happened.operation
                device_id = happened.device_id
                yield self._event("twinChangeEvents", device_id, operation, body, now)
            case DeviceCreated(identity, twin) if "deviceLifecycleEvents" in self._routes:
                yield self._lifecycle("create", identity, twin, now)
            case DeviceDeleted(_, identity, twin) if "deviceLifecycleEvents" in self._routes:
                yield self._lifecycle("delete", identity, twin, now)
            case ConnectionChanged() if "deviceConnectionStateEvents" in self._routes:
                yield self._connection(happened, now)

    def _lifecycle(self, verb: str, identity: Identity, twin: Twin, now: float) -> RoutedEvent:
        operation = f"{verb}{'Module' if identity.module_id else 'Device'}Identity"
        body = _whole_twin(identity, twin)
        return self._event("deviceLifecycleEvents", identity.name, operation, body, now)

    def _connection(self, change: ConnectionChanged, now: float) -> RoutedEvent:
        """Sequence numbers of one device rise as texts do; they have 64 digits."""
        self._count += 1
        sequence = f"{round(change.at * 1_000_000):032X}{self._count:032X}"
        kind = "module" if split_name(change.device_id)[1] else "device"
        operation = f"{kind}{'Connected' if change.connected else 'Disconnected'}"
        body = compact({"sequenceNumber": sequence})
        return self._event("deviceConnectionStateEvents", change.device_id, operation, body, now)

    def _event(
        self, source: Source, name: str, operation: str, body: bytes, now: float
    ) -> RoutedEvent:
        device_id, module_id = split_name(name)
        properties = {
            "deviceId": device_id,
            **({"moduleId": module_id} if module_id else {}),
            "hubName": self._hub_name,
            "operationTimestamp": instant_text(now),
            "opType": operation,
            "iothub-message-schema": _SCHEMAS[source],
        }
        return RoutedEvent(source, device_id, now, body, _JSON, properties, module_id=module_id)


_SCHEMAS: Final[Mapping[str, str]] = {
    "twinChangeEvents": "twinChangeNotification",
    "deviceLifecycleEvents": "deviceLifecycleNotification",
    "deviceConnectionStateEvents": "deviceConnectionStateNotification",
}


def _auth_method(identity: Identity) -> str:
    by_key = identity.credentials.kind == "sas"
    method = {
        "scope": "module" if identity.module_id else "device",
        "type": "sas" if by_key else "x509",
        "issuer": "iothub" if by_key else "external",
        "acceptingIpFilterRule": None,
    }
    return compact(method).decode()


def _picked(properties: Mapping[str, str | None], names: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value for key, name in names.items() if (value := properties.get(key)) is not None
    }


def _twin_change(change: TwinChanged) -> bytes:
    """Write what changed: of an update the patch, of a replacement what is there now."""
    twin, whole = change.twin, change.operation == "replaceTwin"
    body: JsonObject = {"version": twin.version}
    if twin.tags is not change.before.tags:
        body["tags"] = twin.tags.value() if whole else change.tags
    members = []
    if twin.desired is not change.before.desired:
        patch = twin.desired.value() if whole else change.desired or {}
        members.append(b'"desired":' + _section(twin.desired, patch, versions=True))
    if twin.reported is not change.before.reported:
        patch = change.reported or {}
        members.append(b'"reported":' + _section(twin.reported, patch, versions=False))
    if not members:
        return compact(body)
    return with_members(compact(body), b'"properties":{%b}' % b",".join(members))


def _section(section: Section, patch: JsonObject, *, versions: bool) -> bytes:
    stamps = Stamps(section.stamps.at, section.version)
    described = metadata_text(patch, stamps, versions=versions).encode()
    return with_members(
        compact(patch), b'"$metadata":%b,"$version":%d' % (described, section.version)
    )


def _whole_twin(identity: Identity, twin: Twin) -> bytes:
    head: JsonObject = {
        "deviceId": identity.device_id,
        **({"moduleId": identity.module_id} if identity.module_id else {}),
        "etag": twin.etag,
        "version": twin.version,
    }
    if tags := twin.tags.value():
        head["tags"] = tags
    sections = b'"properties":{"desired":%b,"reported":%b}' % (
        twin.desired.for_service(versions=True),
        twin.reported.for_service(versions=False),
    )
    return with_members(compact(head), sections)
