"""The hub's whole state and every change to it.

One object, no I/O: callers hand in the instant and get told of each change through `tell`. The
server keeps the changes in a journal and delivers them; a seeded world runs the same code bare.
"""

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from simulators.iothub.core.document import JsonObject
from simulators.iothub.core.errors import (
    DeviceAlreadyExistsError,
    DeviceNotFoundError,
    PreconditionFailedError,
    UnauthorizedError,
)
from simulators.iothub.core.events import (
    AccessWithdrawn,
    ConnectionChanged,
    DeviceCreated,
    DeviceDeleted,
    DeviceUpdated,
    HubEvent,
    SubscriptionsChanged,
    TwinChanged,
)
from simulators.iothub.core.identity import Entropy, Identity, IdentityWish
from simulators.iothub.core.instants import NEVER
from simulators.iothub.core.sas import SasToken
from simulators.iothub.core.twin import Twin, TwinPatch

ANY_ETAG = "*"


@dataclass(slots=True)
class Device:
    """A registered device. Connection and activity are of this run only, the rest is kept."""

    identity: Identity
    twin: Twin
    filters: tuple[tuple[str, int], ...] = ()
    connected: bool = False
    connection_changed: float = NEVER
    last_activity: float = NEVER


class Hub:
    """Registry, twins and admission of one hub.

    `names` are the host names that tokens may be made for, in lower case and without a port;
    `policies` maps a policy's name to its keys in base 64.
    """

    def __init__(
        self,
        names: Iterable[str],
        policies: dict[str, tuple[str, ...]],
        entropy: Entropy,
        tell: Callable[[HubEvent], None],
    ) -> None:
        """Start empty; `restore` puts back what an earlier run kept."""
        self._names = frozenset(names)
        self._policies = policies
        self._entropy = entropy
        self._tell = tell
        self._devices: dict[str, Device] = {}
        self._ids: list[str] = []

    # -- reading

    def __len__(self) -> int:
        """Count the registered devices."""
        return len(self._devices)

    def device(self, device_id: str) -> Device:
        """Give a device; raises DeviceNotFoundError."""
        try:
            return self._devices[device_id]
        except KeyError:
            raise DeviceNotFoundError(f"Device {device_id} not registered") from None

    def devices(self, after: str = "") -> Iterator[Device]:
        """Walk the devices in the order of their names, from behind `after`."""
        for device_id in self._ids[bisect_right(self._ids, after) :]:
            yield self._devices[device_id]

    # -- registry

    def restore(self, device: Device) -> None:
        """Put back a device that an earlier run kept; nobody is told."""
        device_id = device.identity.device_id
        if device_id not in self._devices:
            insort(self._ids, device_id)
        self._devices[device_id] = device

    def create(self, wish: IdentityWish, now: float, twin: TwinPatch | None = None) -> Device:
        """Register a device, perhaps with the first content of its twin."""
        if wish.device_id in self._devices:
            raise DeviceAlreadyExistsError(
                f"A device with ID '{wish.device_id}' is already registered."
            )
        first = Twin.empty(now)
        if twin and (twin.tags or twin.desired):
            first = first.patched(twin, now)
        device = Device(wish.made(self._entropy, now), first)
        self.restore(device)
        self._tell(DeviceCreated(device.identity, device.twin))
        return device

    def update(self, wish: IdentityWish, etag: str, now: float) -> Device:
        """Change a device's identity if the etag is still the stored one."""
        device = self.device(wish.device_id)
        _check_etag(device.identity.etag, etag)
        old = device.identity
        device.identity = old.updated(wish, self._entropy, now)
        self._tell(DeviceUpdated(device.identity))
        if device.identity.status == "disabled":
            self._tell(AccessWithdrawn(wish.device_id, "the device was disabled"))
        elif device.identity.keys != old.keys:
            self._tell(AccessWithdrawn(wish.device_id, "the device's keys were replaced"))
        return device

    def delete(self, device_id: str, etag: str) -> None:
        """Take a device out of the registry if the etag is still the stored one."""
        _check_etag(self.device(device_id).identity.etag, etag)
        del self._devices[device_id]
        self._ids.pop(bisect_right(self._ids, device_id) - 1)
        self._tell(DeviceDeleted(device_id))
        self._tell(AccessWithdrawn(device_id, "the device was deleted"))

    # -- twins

    def patch_twin(self, device_id: str, patch: TwinPatch, etag: str, now: float) -> Device:
        """Merge tags and desired if the etag is still the stored one."""
        device = self._twin_of(device_id, etag)
        before, device.twin = device.twin, device.twin.patched(patch, now)
        self._tell(TwinChanged(device_id, before, device.twin, "updateTwin", patch.desired))
        return device

    def replace_twin(self, device_id: str, whole: TwinPatch, etag: str, now: float) -> Device:
        """Replace tags and desired, as far as given, if the etag is still the stored one."""
        device = self._twin_of(device_id, etag)
        before, device.twin = device.twin, device.twin.replaced(whole, now)
        change = None if whole.desired is None else device.twin.desired_change(before)
        self._tell(TwinChanged(device_id, before, device.twin, "replaceTwin", change))
        return device

    def _twin_of(self, device_id: str, etag: str) -> Device:
        device = self.device(device_id)
        _check_etag(device.twin.etag, etag)
        return device

    def report(self, device_id: str, patch: JsonObject, now: float) -> int:
        """Merge what a device reports; gives the new version of reported."""
        device = self.device(device_id)
        before, device.twin = device.twin, device.twin.reporting(patch, now)
        device.last_activity = now
        self._tell(TwinChanged(device_id, before, device.twin, "updateTwin"))
        return device.twin.reported.version

    # -- admission and connections

    def admit_service(self, authorization: str, now: float) -> None:
        """Let a service in by a policy's token; raises UnauthorizedError."""
        token = SasToken.parse(authorization)
        if not self.is_named(token.resource.partition("/")[0]):
            raise UnauthorizedError("The token is for another hub.")
        token.check(self._policy_keys(token.policy), now)

    def admit_device(self, device_id: str, password: str, now: float) -> int:
        """Let a device in by its own key; gives the instant its token expires."""
        token = SasToken.parse(password)
        host, _, scope = token.resource.partition("/")
        if not self.is_named(host) or scope not in ("", f"devices/{device_id}"):
            raise UnauthorizedError("The token is for another hub or device.")
        token.check(self._keys_for(device_id, token.policy), now)
        return token.expiry

    def _keys_for(self, device_id: str, policy: str | None) -> tuple[str, ...]:
        if (device := self._devices.get(device_id)) is None:
            raise UnauthorizedError(f"Device {device_id} is not registered.")
        if device.identity.status != "enabled":
            raise UnauthorizedError(f"Device {device_id} is disabled.")
        return self._policy_keys(policy) if policy else device.identity.keys

    def _policy_keys(self, policy: str | None) -> tuple[str, ...]:
        keys = self._policies.get(policy or "")
        if keys is None:
            raise UnauthorizedError(f"There is no policy named {policy!r}.")
        return keys

    def is_named(self, host: str) -> bool:
        """Tell whether a host name, with or without a port, is one of this hub's."""
        name, colon, port = host.lower().rpartition(":")
        return (name if colon and port.isdigit() else host.lower()) in self._names

    def connected(self, device_id: str, now: float, *, clean: bool) -> bool:
        """Note that a device came; True if a persistent session waited for it."""
        device = self.device(device_id)
        if clean and device.filters:
            self.subscribe(device_id, ())
        self._set_connected(device, now, connected=True)
        return bool(device.filters)

    def disconnected(self, device_id: str, now: float) -> None:
        """Note that a device went; one that was deleted meanwhile is no matter."""
        if device := self._devices.get(device_id):
            self._set_connected(device, now, connected=False)

    def _set_connected(self, device: Device, now: float, *, connected: bool) -> None:
        device.connected = connected
        device.connection_changed = device.last_activity = now
        self._tell(ConnectionChanged(device.identity.device_id, connected, now))

    def subscribe(self, device_id: str, filters: tuple[tuple[str, int], ...]) -> None:
        """Keep what a device listens to, with the quality of service granted to each."""
        device = self.device(device_id)
        if filters != device.filters:
            device.filters = filters
            self._tell(SubscriptionsChanged(device_id, filters))


def _check_etag(stored: str, sent: str) -> None:
    if sent not in (ANY_ETAG, stored):
        raise PreconditionFailedError(
            f"Precondition failed: the etag sent is {sent!r}, the stored one {stored!r}."
        )
