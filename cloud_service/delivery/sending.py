"""One device's write to the hub: with an etag always, read again where somebody else wrote."""

import logging
from dataclasses import dataclass, field
from threading import Event as Flag

from cloud_service.delivery.errors import (
    EtagMoved,
    HubThrottled,
    HubUnauthorized,
    HubUnreachable,
    Overtaken,
)
from cloud_service.delivery.pace import Pause, TokenBucket
from cloud_service.delivery.reconcile import Write
from cloud_service.delivery.twins import DeviceTwin, Twins
from label_templates.contract import seal, wire
from label_templates.contract.errors import ContractError

log = logging.getLogger(__name__)

TRIES = 3
"""How often a write is based on a fresh read before the device is put back."""


@dataclass(frozen=True)
class Sender:
    """The hub, with what protects it. Used by several threads."""

    twins: Twins
    writes: TokenBucket
    pause: Pause
    stop: Flag = field(default_factory=Flag)

    def send(self, device: str, write: Write, etag: str | None) -> str:
        """Bring a twin's desired section to a write and return its etag.

        `etag` is what the hub had after the write before, if that is known. Raises HubError's
        kinds, and Overtaken where the twin holds a newer seal of ours.
        """
        if self.pause.left() > 0:
            raise HubUnreachable(f"{device}: the hub does not answer")
        try:
            taken = self._send(device, write, etag)
        except (HubUnreachable, HubThrottled, HubUnauthorized) as error:
            if self.pause.begin():
                log.warning("%s; keeping off the hub for %.1f s", error, self.pause.left())
            raise
        self.pause.end()
        return taken

    def _send(self, device: str, write: Write, etag: str | None) -> str:
        if write.patch is not None and etag is not None:
            try:
                self._wait()
                return self.twins.patch(device, write.patch, etag)
            except EtagMoved:
                log.info("%s: somebody else wrote the twin; it is replaced whole", device)
        return self._replace(device, write)

    def _replace(self, device: str, write: Write) -> str:
        for _ in range(TRIES - 1):
            try:
                return self._replace_once(device, write)
            except EtagMoved:
                log.info("%s: somebody wrote the twin again; it is read again", device)
        return self._replace_once(device, write)

    def _replace_once(self, device: str, write: Write) -> str:
        twin = self.twins.read(device)
        document = wire.words(write.desired)
        if twin.desired == document:
            return twin.head.etag  # it had arrived, only the answer was lost
        _check_not_overtaken(twin, write)
        self._wait()
        return self.twins.replace(twin, document)

    def _wait(self) -> None:
        self.stop.wait(self.writes.delay())


def _check_not_overtaken(twin: DeviceTwin, write: Write) -> None:
    """Raise Overtaken where the twin holds a seal of our keys that is newer than the write.

    A dispatcher that lost its claim must not go back. What is not sealed by us does not count.
    """
    try:
        held = wire.read_desired(twin.desired)
        seal.verify(held, twin.head.device, write.desired.keys)
    except ContractError:
        return
    if held.seal.order > write.order:
        raise Overtaken(twin.head.device, held.seal.order)
