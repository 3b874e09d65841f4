"""A store with shelves, without a network: real services, dispatcher rounds, renderer and acks.

Only the hub between them is a dictionary here, and each shelf draws its tiles at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from argon2 import PasswordHasher

from cloud_service.accounts import Accounts
from cloud_service.accounts.secrets import Passwords
from cloud_service.clock import Clock
from cloud_service.delivery.acks import Acks, Reading
from cloud_service.delivery.keys import ensure_keys
from cloud_service.delivery.pace import Pause, TokenBucket
from cloud_service.delivery.rounds import Rounds
from cloud_service.delivery.sending import Sender
from cloud_service.delivery.twins import DeviceTwin, TwinHead
from cloud_service.services import Services, open_services
from cloud_service.settings import Settings
from cloud_service.shelves.renderers import Renderers
from label_templates.bundles import installed_bundle
from label_templates.contract import wire
from label_templates.contract.panel import panel_spec
from label_templates.contract.tile import Tile
from label_templates.contract.twin import (
    AgentWords,
    Desired,
    Health,
    Reported,
    SealAck,
    StoreWords,
    TileAck,
)
from label_templates.contract.wire import Document
from label_templates.render import Renderer, renderer_digest


class MemoryTwins:
    """The twins of all devices in a dictionary."""

    def __init__(self) -> None:
        self.desired: dict[str, Document] = {}
        self.reported: dict[str, Document] = {}
        self.off: set[str] = set()
        self._version = 0

    def read(self, device: str) -> DeviceTwin:
        return DeviceTwin(
            self._head(device), {}, self.desired.get(device, {}), self.reported.get(device, {})
        )

    def patch(self, device: str, patch: Document, etag: str) -> str:
        self.desired[device] = wire.merged(self.desired[device], patch)
        return self._moved()

    def replace(self, twin: DeviceTwin, desired: Document) -> str:
        self.desired[twin.head.device] = desired
        return self._moved()

    def heads(self) -> Iterator[TwinHead]:
        return (self._head(device) for device in sorted(self.desired))

    def _head(self, device: str) -> TwinHead:
        return TwinHead(device, f"e{self._version}", self._version, device not in self.off)

    def _moved(self) -> str:
        self._version += 1
        return f"e{self._version}"


@dataclass
class Shelves:
    """Dispatcher and shelves of one store. `broken` tiles fail to refresh; `twins.off` are mute."""

    services: Services
    accounts: Accounts
    clock: Clock
    data_dir: Path
    twins: MemoryTwins
    broken: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        month = datetime.fromtimestamp(self.clock.now(), UTC).strftime("%Y-%m")
        self._renderer = Renderer(installed_bundle())
        self._acks = Acks(self.services.storage, self.clock, Renderers(self.services.storage))
        self._rounds = Rounds(
            self.services.storage,
            self.clock,
            ensure_keys(self.data_dir / "keys", month),
            installed_bundle().digest,
            Sender(self.twins, TokenBucket(1e6, 1e6, lambda: 0.0), Pause(lambda: 0.0)),
        )

    def push(self) -> None:
        """Let the dispatcher send what waits; no shelf has drawn it yet."""
        while self._rounds.run_once():
            pass

    def draw(self) -> None:
        """Let every shelf that is connected draw what it was sent and confirm it."""
        devices = sorted(self.twins.desired)
        for device in devices:
            if device not in self.twins.off:
                self.twins.reported[device] = self._report(device)
        readings = [Reading(twin, twin.head.etag) for twin in map(self.twins.read, devices)]
        self._acks.take(readings)
        self._acks.link({head.device: head for head in self.twins.heads()}, devices)

    def follow(self) -> None:
        """Push and draw."""
        self.push()
        self.draw()

    def close(self) -> None:
        self._rounds.close()
        self.services.close()

    def _report(self, device: str) -> Document:
        desired = wire.read_desired(self.twins.desired[device])
        panels = self._panels(device, desired)
        before = self.twins.reported.get(device, {}).get("tiles", {})
        return wire.write_reported(
            Reported(
                seal=SealAck(
                    epoch=desired.seal.epoch, rev=desired.seal.rev, keys=desired.keys.version
                ),
                renderer=renderer_digest(),
                tiles={
                    position: self._ack(position, tile, panels[position], desired.store, before)
                    for position, tile in desired.tiles.items()
                },
                agent=AgentWords(version="1", panels=panels),
                health=Health(started=self.clock.now()),
            )
        )

    def _ack(
        self, position: str, tile: Tile, panel: str, store: StoreWords, before: Document
    ) -> TileAck:
        if position in self.broken and position in before:
            return TileAck.model_validate(
                {**before[position], "state": "failed", "why": self.broken[position]}
            )
        now = self.clock.now()
        showing = tile.showing_at(now)
        frame = self._renderer.render(showing.tpl, showing.content, panel_spec(panel), store)
        return TileAck(
            epoch=tile.epoch,
            rev=tile.rev,
            price=showing.content.price,
            frame=frame.digest(),
            at=now,
            state="shown",
        )

    def _panels(self, device: str, desired: Desired) -> dict[str, str]:
        tiles = [self.services.tile(store=desired.store.id, position=p) for p in desired.tiles]
        assert {tile.device_id for tile in tiles} <= {device}
        return {tile.position: tile.panel for tile in tiles}


def open_shelves(data_dir: Path, clock: Clock, twins: MemoryTwins | None = None) -> Shelves:
    """Open the chain of a folder, empty where nothing lies there."""
    services = open_services(Settings(data_dir=data_dir), clock)
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    accounts = Accounts(services.storage, clock, Passwords(cheap))
    return Shelves(services, accounts, clock, data_dir, twins or MemoryTwins())
