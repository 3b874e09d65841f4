"""The hub's whole state and every change to it.

One object, no I/O: callers hand in the instant and get told of each change through `tell`. The
server keeps the changes in a journal and delivers them; a seeded world runs the same code bare.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from simulators.iothub.core.admission import Admission
from simulators.iothub.core.bearer import Issuer
from simulators.iothub.core.credentials import Entropy
from simulators.iothub.core.document import JsonObject
from simulators.iothub.core.errors import (
    DeviceAlreadyExistsError,
    DeviceNotFoundError,
    ModuleAlreadyExistsError,
    NoSuchModuleError,
    PreconditionFailedError,
    TooManyDevicesError,
    TooManyModulesError,
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
from simulators.iothub.core.identity import Identity, IdentityWish, split_name
from simulators.iothub.core.instants import NEVER
from simulators.iothub.core.mailbox import CloudMessage, Mail
from simulators.iothub.core.names import SortedNames
from simulators.iothub.core.policies import policies
from simulators.iothub.core.tiers import MOST_DEVICES
from simulators.iothub.core.twin import Twin, TwinPatch

ANY_ETAG = "*"

MOST_MODULES: Final = 50
"""On one device: https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-quotas-throttling."""


@dataclass(slots=True)
class Device:
    """A registered device or module. Connection and activity are of this run, the rest is kept."""

    identity: Identity
    twin: Twin
    filters: tuple[tuple[str, int], ...] = ()
    connected: bool = False
    connection_changed: float = NEVER
    last_activity: float = NEVER
    mailbox: tuple[CloudMessage, ...] = ()


class Hub:
    """Registry, twins and admission of one hub.

    Devices are named by their id, modules `device/module`; what holds for a device holds for a
    module wherever a name is taken. `admission` says who may come in, `mail` keeps the messages
    that wait for devices.
    """

    def __init__(
        self,
        names: Iterable[str],
        policy_keys: Mapping[str, tuple[str, ...]],
        entropy: Entropy,
        tell: Callable[[HubEvent], None],
        issuer: Issuer | None = None,
    ) -> None:
        """Start empty; `restore` puts back what an earlier run kept."""
        self.most_devices = MOST_DEVICES
        self.admission = Admission(
            frozenset(names), policies(policy_keys), self.find_identity, issuer
        )
        self.mail = Mail(self.device, tell)
        self._entropy = entropy
        self._tell = tell
        self._devices: dict[str, Device] = {}
        self._device_names = SortedNames()
        self._module_names = SortedNames()

    # -- reading

    def __len__(self) -> int:
        """Count the registered devices, without their modules."""
        return len(self._device_names)

    def device(self, name: str) -> Device:
        """Give a device or module; raises DeviceNotFoundError or NoSuchModuleError."""
        if device := self._devices.get(name):
            return device
        device_id, module_id = split_name(name)
        if module_id and device_id in self._devices:
            raise NoSuchModuleError(f"Module {module_id} on device {device_id} not registered")
        raise DeviceNotFoundError(f"Device {device_id} not registered")

    def find_identity(self, name: str) -> Identity | None:
        """Give the identity of a device or module, None where there is none."""
        device = self._devices.get(name)
        return device.identity if device else None

    def devices(self, after: str = "") -> Iterator[Device]:
        """Walk the devices in the order of their names, from behind `after`."""
        return map(self._devices.__getitem__, self._device_names.after(after))

    def modules(self, after: str = "") -> Iterator[Device]:
        """Walk the modules of all devices in the order of their names, from behind `after`."""
        return map(self._devices.__getitem__, self._module_names.after(after))

    def modules_of(self, device_id: str) -> list[Device]:
        """Give the modules of a device; raises DeviceNotFoundError."""
        self.device(device_id)
        return [self._devices[name] for name in self._module_names.starting(f"{device_id}/")]

    # -- registry

    def restore(self, device: Device) -> None:
        """Put back a device that an earlier run kept; nobody is told."""
        name = device.identity.name
        if name not in self._devices:
            self._names_like(device.identity).add(name)
        self._devices[name] = device
        self.mail.restore(device)

    def _names_like(self, identity: Identity) -> SortedNames:
        return self._module_names if identity.module_id else self._device_names

    def create(self, wish: IdentityWish, now: float, twin: TwinPatch | None = None) -> Device:
        """Register a device or module, perhaps with the first content of its twin."""
        self._check_new(wish)
        first = Twin.empty(now)
        if twin and (twin.tags or twin.desired):
            first = first.patched(twin, now)
        device = Device(wish.made(self._entropy, now), first)
        self.restore(device)
        self._tell(DeviceCreated(device.identity, device.twin))
        return device

    def _check_new(self, wish: IdentityWish) -> None:
        device_id, module_id = wish.device_id, wish.module_id
        if module_id is None:
            if device_id in self._devices:
                raise DeviceAlreadyExistsError(
                    f"A device with ID '{device_id}' is already registered."
                )
            if len(self) >= self.most_devices:
                raise TooManyDevicesError(f"The hub has {self.most_devices} devices already.")
            return
        modules = self.modules_of(device_id)
        if wish.name in self._devices:
            raise ModuleAlreadyExistsError(
                f"Device {device_id} already contains Module {module_id}."
            )
        if len(modules) >= MOST_MODULES:
            raise TooManyModulesError(f"Device {device_id} has {MOST_MODULES} modules already.")

    def update(self, wish: IdentityWish, etag: str, now: float) -> Device:
        """Change an identity if the etag is still the stored one."""
        device = self.device(wish.name)
        _check_etag(device.identity.etag, etag)
        old = device.identity
        device.identity = old.updated(wish, self._entropy, now)
        self._tell(DeviceUpdated(device.identity))
        if device.identity.status == "disabled":
            self._withdraw(wish.name, "the device was disabled")
        elif device.identity.credentials != old.credentials:
            self._tell(AccessWithdrawn(wish.name, "its credentials were replaced"))
        return device

    def _withdraw(self, device_id: str, reason: str) -> None:
        """Nobody stays connected: neither the device nor its modules."""
        for module in self._module_names.starting(f"{device_id}/"):
            self._tell(AccessWithdrawn(module, reason))
        self._tell(AccessWithdrawn(device_id, reason))

    def delete(self, name: str, etag: str) -> None:
        """Take a device, and its modules with it, or a module out of the registry.

        Only if the etag is still the stored one.
        """
        identity = self.device(name).identity
        _check_etag(identity.etag, etag)
        modules = () if identity.module_id else self._module_names.starting(f"{name}/")
        for each in (*modules, name):
            gone = self._devices.pop(each)
            self.mail.forget(each)
            self._names_like(gone.identity).discard(each)
            self._tell(DeviceDeleted(each, gone.identity, gone.twin))
            self._tell(AccessWithdrawn(each, "it was deleted"))

    # -- twins

    def patch_twin(self, device_id: str, patch: TwinPatch, etag: str, now: float) -> Device:
        """Merge tags and desired if the etag is still the stored one."""
        device = self._twin_of(device_id, etag)
        before, device.twin = device.twin, device.twin.patched(patch, now)
        self._tell(
            TwinChanged(device_id, before, device.twin, "updateTwin", patch.desired, patch.tags)
        )
        return device

    def replace_twin(self, device_id: str, whole: TwinPatch, etag: str, now: float) -> Device:
        """Replace tags and desired, as far as given, if the etag is still the stored one."""
        device = self._twin_of(device_id, etag)
        before, device.twin = device.twin, device.twin.replaced(whole, now)
        change = None if whole.desired is None else device.twin.desired_change(before)
        self._tell(TwinChanged(device_id, before, device.twin, "replaceTwin", change, whole.tags))
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
        self._tell(TwinChanged(device_id, before, device.twin, "updateTwin", reported=patch))
        return device.twin.reported.version

    # -- connections

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
        self._tell(ConnectionChanged(device.identity.name, connected, now))

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
