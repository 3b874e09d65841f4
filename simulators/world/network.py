"""The hub of a world, the simulated hub's own core, behind a network that loses and delays.

The cloud's calls end as the SDK's do: with an answer, an error, or silence after which nobody knows
whether they arrived. Devices hear of desired patches late, twice, in another order, or not at all.
"""

import json
from collections.abc import Callable, Iterator

from cloud_service.delivery.errors import (
    DeviceUnknown,
    EtagMoved,
    HubError,
    HubThrottled,
    HubUnreachable,
)
from cloud_service.delivery.twins import DeviceTwin, TwinHead
from label_templates.contract import wire
from label_templates.contract.wire import Document
from simulators.iothub.core.errors import DeviceNotFoundError, PreconditionFailedError
from simulators.iothub.core.events import HubEvent, TwinChanged
from simulators.iothub.core.hub import ANY_ETAG, Hub
from simulators.iothub.core.identity import IdentityWish
from simulators.iothub.core.twin import TwinPatch
from simulators.world.clockwork import Clockwork

Hear = Callable[[Document], None]


class Network:
    """The hub and every line to it."""

    def __init__(self, clockwork: Clockwork, devices: list[str]) -> None:
        self.clockwork = clockwork
        self.hub = Hub(["world"], {}, clockwork.rng.randbytes, self._told)
        self._lines: dict[str, Hear] = {}
        for device in devices:
            self.add(device)

    def add(self, device: str) -> None:
        """Register a device."""
        self.hub.create(IdentityWish(device), self.clockwork.now)

    # -- devices

    def connect(self, device: str, hear: Hear) -> None:
        """Open a device's line; desired patches come through it."""
        self._lines[device] = hear
        self.hub.connected(device, self.clockwork.now, clean=True)

    def disconnect(self, device: str) -> None:
        """Cut a device's line."""
        if self._lines.pop(device, None) is not None:
            self.hub.disconnected(device, self.clockwork.now)

    def twin_of(self, device: str) -> tuple[Document, Document]:
        """Return a device's desired and reported section, as its twin read answers."""
        both = json.loads(self.hub.device(device).twin.for_device())
        return both["desired"], both["reported"]

    def report(self, device: str, patch: Document) -> None:
        """Merge what a device reports."""
        self.hub.report(device, json.loads(json.dumps(patch)), self.clockwork.now)

    # -- others who write

    def meddle(self, device: str, patch: Document) -> None:
        """Write a twin as somebody in a portal does, without asking for the etag."""
        self.hub.patch_twin(device, TwinPatch(desired=patch), ANY_ETAG, self.clockwork.now)

    def tag(self, device: str, tags: Document) -> None:
        """Write a twin's tags."""
        self.hub.patch_twin(device, TwinPatch(tags=tags), ANY_ETAG, self.clockwork.now)

    def put_back(self, device: str, desired: Document) -> None:
        """Replace a twin's desired section as it once was."""
        self.hub.replace_twin(device, TwinPatch(desired=desired), ANY_ETAG, self.clockwork.now)

    def recreate(self, device: str) -> None:
        """Delete a device's identity, with its twin, and register it anew."""
        self.disconnect(device)
        self.hub.delete(device, ANY_ETAG)
        self.add(device)

    def _told(self, event: HubEvent) -> None:
        if not isinstance(event, TwinChanged) or event.desired is None:
            return
        patch = {**event.desired, "$version": event.twin.desired.version}
        if not self.clockwork.strikes("notification lost", 0.04):
            self._notify(event.device_id, patch)
        if self.clockwork.strikes("notification doubled", 0.04):
            self._notify(event.device_id, patch)

    def _notify(self, device: str, patch: Document) -> None:
        line = self._lines.get(device)
        if line is None:
            return
        late = self.clockwork.strikes("notification reordered", 0.08)
        delay = self.clockwork.between(1.0, 40.0) if late else self.clockwork.between(0.02, 0.3)
        self.clockwork.later(delay, lambda: self._hear(device, line, patch))

    def _hear(self, device: str, line: Hear, patch: Document) -> None:
        if self._lines.get(device) is line:
            line(patch)


class ServiceLine:
    """The cloud's line to the hub: `Twins`, with a network in between."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._clockwork = network.clockwork

    def read(self, device: str) -> DeviceTwin:
        """Read a twin whole."""
        self._maybe_unheard()
        return self._now(device)

    def patch(self, device: str, patch: Document, etag: str) -> str:
        """Merge a patch into desired."""
        change = TwinPatch(desired=json.loads(json.dumps(patch)))

        def write() -> None:
            hub = self._network.hub
            hub.patch_twin(device, change, etag, self._clockwork.now)

        return self._write(device, write)

    def replace(self, twin: DeviceTwin, desired: Document) -> str:
        """Replace desired whole."""
        device, etag = twin.head.device, twin.head.etag
        whole = TwinPatch(tags=twin.tags, desired=json.loads(json.dumps(desired)))

        def write() -> None:
            self._network.hub.replace_twin(device, whole, etag, self._clockwork.now)

        return self._write(device, write)

    def heads(self) -> Iterator[TwinHead]:
        """Walk all twins' heads."""
        for device in self._network.hub.devices():
            twin, name = device.twin, device.identity.device_id
            yield TwinHead(name, twin.etag, twin.version, device.connected)

    def _now(self, device: str) -> DeviceTwin:
        try:
            found = self._network.hub.device(device)
        except DeviceNotFoundError as error:
            raise DeviceUnknown(f"{device}: the hub does not know this device") from error
        twin = found.twin
        head = TwinHead(device, twin.etag, twin.version, found.connected)
        sections = (twin.tags.value(), twin.desired.value(), twin.reported.value())
        return DeviceTwin(head, *(wire.plain(section) for section in sections))

    def _write(self, device: str, write: Callable[[], None]) -> str:
        self._maybe_unheard()
        if self._clockwork.strikes("write late", 0.03):
            self._clockwork.later(self._clockwork.between(1.0, 90.0), lambda: self._late(write))
            raise HubUnreachable(f"{device}: no answer")
        _translated(write)
        if self._clockwork.strikes("write answer lost", 0.03):
            raise HubUnreachable(f"{device}: no answer")
        return self._network.hub.device(device).twin.etag

    def _late(self, write: Callable[[], None]) -> None:
        try:
            _translated(write)
        except HubError as error:
            self._clockwork.tell(f"late write refused: {error}")

    def _maybe_unheard(self) -> None:
        if self._clockwork.strikes("call lost", 0.03):
            raise HubUnreachable("no answer")
        if self._clockwork.strikes("hub throttled", 0.02):
            raise HubThrottled("slow down")


def _translated(write: Callable[[], None]) -> None:
    try:
        write()
    except PreconditionFailedError as error:
        raise EtagMoved(str(error)) from error
    except DeviceNotFoundError as error:
        raise DeviceUnknown(str(error)) from error
