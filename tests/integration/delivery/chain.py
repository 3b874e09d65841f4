"""A small chain for tests of delivery: services on SQLite, a dispatcher, and shelves by hand.

The hub is the simulated hub's own core behind the interface that delivery uses; nothing waits.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cloud_service.clock import FixedClock
from cloud_service.delivery.acks import Acks
from cloud_service.delivery.keys import Keyring, ensure_keys
from cloud_service.delivery.pace import Pause, TokenBucket
from cloud_service.delivery.rounds import Rounds
from cloud_service.delivery.sending import Sender
from cloud_service.delivery.twins import Twins
from cloud_service.delivery.watch import Reader, Watch
from cloud_service.shelves.renderers import Renderers
from label_templates.bundles import installed_bundle
from label_templates.contract import seal, wire
from label_templates.contract.panel import panel_spec
from label_templates.contract.twin import (
    AgentWords,
    Desired,
    Health,
    Reported,
    SealAck,
    TileAck,
)
from label_templates.contract.wire import Document
from label_templates.render import renderer_digest
from simulators.world.clockwork import START, Clockwork
from simulators.world.network import Network, ServiceLine
from tests.book import open_book, settings_in

STORE, DEVICE, PANEL = "0204", "pi-0204-01", "epd-2.9-bw"
OTHER = "pi-0204-02"
"""A second device, known to the hub; it drives what a test hangs there."""
P1, P2 = "b01-s1-p01", "b01-s1-p02"
PRODUCTS = (
    {"sku": "1001", "name": "Coffee", "price": "4.99"},
    {"sku": "1002", "name": "Tea", "price": "2.49"},
    {"sku": "1003", "name": "Sugar", "price": "1.19"},
)


@dataclass(frozen=True)
class Backup:
    """How a copy of the database is taken, and put back."""

    take: Callable[[], None]
    restore: Callable[[], None]


class Ticking:
    """A clock for pauses and token buckets that only a test moves."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


class Chain:
    """Store 0204 with a device of two tiles, its dispatcher and its hub."""

    def __init__(self, folder: Path, twins: Twins | None = None) -> None:
        self.clock = FixedClock(int(START))
        self.steady = Ticking()
        self.network = Network(Clockwork(1), [DEVICE, OTHER])
        self.network.clockwork.stormy = False
        self.settings = settings_in(folder)
        self.services = open_book(folder, self.clock, PRODUCTS)
        self.keyring: Keyring = ensure_keys(self.settings.keys, "2026-11")
        self.twins: Twins = twins or ServiceLine(self.network)
        self.renderers = Renderers(self.services.storage)
        self.lacks: str | None = None
        """A template bundle that the shelf goes on trying to fetch."""
        self.rounds = self.new_rounds()
        self.acks = Acks(self.services.storage, self.clock, self.renderers)
        reads = TokenBucket(1000, 1000, self.steady)
        self.reader = Reader(self.twins, reads, Pause(self.steady), self.steady)
        self.watch = Watch(self.services.storage, self.clock, self.acks, self.reader, sweep_s=3.0)
        self.hang((P1, "1001"), (P2, "1002"))

    def new_rounds(self, twins: Twins | None = None) -> Rounds:
        """Return rounds as another dispatcher, or a restarted one, runs them."""
        bucket = TokenBucket(1000, 1000, self.steady)
        sender = Sender(twins or self.twins, bucket, Pause(self.steady))
        bundle = installed_bundle().digest
        return Rounds(self.services.storage, self.clock, self.keyring, bundle, sender)

    def hang(self, *places: tuple[str, str | None], device: str = DEVICE) -> None:
        """Put products on positions."""
        positions = [(position, device, PANEL, sku) for position, sku in places]
        self.services.add_planogram(store=STORE, positions=positions, actor="test")

    def set_price(self, sku: str, amount: int) -> None:
        """Publish a price."""
        self.services.set_price(store=STORE, sku=sku, amount_minor=amount, actor="test")

    def pass_time(self, seconds: int) -> None:
        """Let time pass on both clocks."""
        self.clock.instant += seconds
        self.steady.at += seconds
        self.network.clockwork.now += seconds

    def look(self) -> None:
        """Have the watch sweep and read all that is worth it."""
        self.pass_time(4)
        self.watch.run_once()
        self.pass_time(6)
        self.watch.run_once()

    def desired(self, device: str = DEVICE) -> Desired:
        """Return what the hub has for a device, its seal checked."""
        found = wire.read_desired(self.twins.read(device).desired)
        seal.verify_keys(found.keys, self.keyring.root)
        seal.verify(found, device, found.keys)
        return found

    def prices(self, device: str = DEVICE) -> dict[str, int]:
        """Return the prices that the hub has for a device."""
        tiles = self.desired(device).tiles.items()
        return {
            position: tile.showing_at(self.clock.now()).content.price for position, tile in tiles
        }

    def states(self) -> dict[str, str]:
        """Return each tile's state."""
        return {
            tile.position: tile.state
            for tile in (self.services.tile(store=STORE, position=p) for p in (P1, P2))
        }

    def why(self, position: str) -> str | None:
        """Return why a tile is not shown."""
        return self.services.tile(store=STORE, position=position).why

    def kinds(self, after: int) -> list[str]:
        """Return the kinds of events since one."""
        return [event.kind for event in self.services.events_after(after=after)]

    # -- the shelf, by hand

    def connect(self) -> None:
        """Have the device come to the hub."""
        self.network.connect(DEVICE, lambda _: None)

    def disconnect(self) -> None:
        """Have it go."""
        self.network.disconnect(DEVICE)

    def confirm(self, **changes: object) -> None:
        """Have the device report that it shows all it was sent, but for some fields of the acks."""
        self.report(self.acked(self.desired(), **changes))

    def acked(self, desired: Desired, **changes: object) -> Reported:
        """Return what a device reports that shows a desired state."""
        now = self.clock.now()
        return Reported(
            seal=SealAck(
                epoch=desired.seal.epoch, rev=desired.seal.rev, keys=1, bundle=desired.bundle,
                lacks=self.lacks,
            ),
            renderer=renderer_digest(),
            tiles={
                position: TileAck.model_validate(
                    {
                        "epoch": tile.epoch, "rev": tile.rev, "at": now, "state": "shown",
                        "price": tile.showing_at(now).content.price,
                        "frame": changes.get("frame") or self.frame(desired, position), **changes,
                    }
                )
                for position, tile in desired.tiles.items()
            },
            agent=AgentWords(version="0.1.0", panels={}),
            health=Health(started=int(START)),
        )  # fmt: skip

    def frame(self, desired: Desired, position: str) -> str:
        """Return the digest of what a device draws for a position now."""
        showing = desired.tiles[position].showing_at(self.clock.now())
        spec = panel_spec(PANEL)
        renderer = self.renderers.of(desired.bundle)
        return renderer.render(showing.tpl, showing.content, spec, desired.store).digest()

    def report(self, reported: Reported) -> None:
        """Have the device report."""
        before = self.twins.read(DEVICE).reported
        self.send_report(wire.difference(before, wire.write_reported(reported)))

    def send_report(self, patch: Document) -> None:
        """Have the device send a reported patch as it is."""
        self.network.report(DEVICE, patch)

    def close(self) -> None:
        """Let go of everything."""
        self.rounds.close()
        self.watch.close()
        self.services.close()


@contextmanager
def chain_at(folder: Path) -> Iterator[Chain]:
    """Open a chain and close it."""
    chain = Chain(folder)
    try:
        yield chain
    finally:
        chain.close()
