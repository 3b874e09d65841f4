"""A whole world from one seed: storms first, then calm, and the law at every step.

The deciding code is the product's: the agent's machine, reconcile, the sender, price resolution,
composition, and the simulated hub's core. Any of them can be swapped for a faulty one, which is how
tests prove that the law finds faults.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cloud_service.delivery.reconcile import reconcile
from label_templates.contract import wire
from label_templates.contract.identifiers import position_id
from label_templates.contract.panel import panel_spec
from shelf_agent.machine.judging import Judge
from shelf_agent.machine.transitions import Machine
from shelf_agent.machine.values import Device
from simulators.world.book import BUNDLES, Book, Place
from simulators.world.clockwork import START, Clockwork
from simulators.world.cloud import Cloud, Reconcile
from simulators.world.law import Law, Violation
from simulators.world.network import Network, ServiceLine
from simulators.world.seals import HashedSeals, Seals, SignedSeals
from simulators.world.shelf import Shelf, patience_s

Act = Callable[[], None]

HOUR = 3600.0
STORM_S = 12 * HOUR
CALM_S = 14 * HOUR
"""Longer than the agent's own re-reading of the twin, which heals a notification lost for good."""
DEVICES = ("pi-01", "pi-02", "pi-03")
PANELS = ("epd-2.9-bw", "epd-2.9-bwr", "lcd-st7789")
TILES = 3
USES_ANOTHER_BUNDLE = 0.05
"""How often an edit comes with another template bundle."""
SIGNED_EVERY = 10
"""Every so many seeds the seals are real signatures."""


@dataclass(frozen=True)
class Cores:
    """The code a world runs on; tests put faulty ones in."""

    reconcile: Reconcile = reconcile
    judge: type[Judge] = Judge
    machine: type[Machine] = Machine
    stores_first: bool = True
    """The dispatcher stores a write before it sends it."""


@dataclass(frozen=True)
class Outcome:
    """What became of a seed."""

    seed: int
    digest: str
    steps: int
    faults: Mapping[str, int] = field(default_factory=dict)
    violation: str | None = None
    recent: tuple[str, ...] = ()
    """What happened just before a violation."""


def run_world(seed: int, cores: Cores | None = None, storm_s: float = STORM_S) -> Outcome:
    """Live through one world; the same seed gives the same outcome."""
    world = World(seed, cores or Cores())
    violation = None
    try:
        world.live(storm_s)
    except Violation as found:
        violation = str(found)
    clockwork = world.clockwork
    recent = tuple(clockwork.recent) if violation else ()
    faults = dict(sorted(clockwork.faults.items()))
    return Outcome(seed, clockwork.digest, clockwork.steps, faults, violation, recent)


class World:
    """Three shelves, a hub, a dispatcher, a price book, and whoever meddles with them."""

    def __init__(self, seed: int, cores: Cores) -> None:
        self.clockwork = Clockwork(seed)
        self.law = Law()
        self._places: list[Place] = [
            (device, position_id(number, 1, place))
            for number, device in enumerate(DEVICES, 1)
            for place in range(1, TILES + 1)
        ]
        self.book = Book(self._places, self.clockwork.rng)
        self.network = Network(self.clockwork, list(DEVICES))
        secret = seed.to_bytes(8, "big", signed=True)
        seals: Seals = HashedSeals(secret) if seed % SIGNED_EVERY else SignedSeals(secret)
        self.cloud = Cloud(
            self.clockwork, ServiceLine(self.network), self.book, seals, self.law,
            cores.reconcile, stores_first=cores.stores_first,
        )  # fmt: skip
        self.shelves = [self._shelf(device, seals, cores) for device in DEVICES]

    def live(self, storm_s: float) -> None:
        """Begin, storm, calm down, and check what hangs in the end."""
        for shelf in self.shelves:
            self.cloud.add(shelf.device.id)
            shelf.start()
        self._every(60.0, self._check)
        self._now_and_then(60.0, 900.0, self._edit)
        self._now_and_then(60.0, 900.0, self._trouble)
        self.clockwork.run(START + storm_s)
        self.clockwork.stormy = False
        self.clockwork.run(START + storm_s + CALM_S)
        self._run_past_flips()
        self._check_settled()

    def _shelf(self, device: str, seals: Seals, cores: Cores) -> Shelf:
        panels = [position for owner, position in self._places if owner == device]
        words = Device(
            id=device, root_key=seals.root, bundle=BUNDLES[0], renderer="f" * 32, version="world",
            panels={p: panel_spec(name) for p, name in zip(panels, PANELS, strict=True)},
        )  # fmt: skip
        judge = cores.judge(words, seals.check_seal, seals.check_keys)
        return Shelf(
            self.clockwork, self.network, self.law, words, lambda: cores.machine(words, judge),
            self.book.serves,
        )  # fmt: skip

    # -- what happens

    def _edit(self) -> None:
        rng = self.clockwork.rng
        if rng.random() < USES_ANOTHER_BUNDLE:
            self.clockwork.tell(f"book: uses the bundle {self.book.use_another_bundle()[:9]}")
            for shelf in self.shelves:
                self.cloud.mark(shelf.device.id)
        for device, position in rng.sample(self._places, rng.randint(1, 3)):
            kind = self.book.edit((device, position), int(self.clockwork.now))
            self.clockwork.tell(f"book: {position} {kind}")
            self.cloud.mark(device)

    def _trouble(self) -> None:
        shelf = self.clockwork.rng.choice(self.shelves)
        if self.clockwork.strikes("connection dropped", 0.4):
            shelf.drop()
        elif self.clockwork.strikes("agent crashed", 0.3):
            shelf.crash()
        elif self.clockwork.strikes("twin edited by others", 0.2):
            self._meddle(shelf)
        elif self.clockwork.strikes("old twin put back", 0.15):
            self._put_back_old(shelf)
        elif self.clockwork.strikes("dispatcher killed", 0.2):
            self.cloud.crash(self.clockwork.between(0.5, 600.0))
        elif self.clockwork.strikes("device recreated", 0.1):
            shelf.drop()
            self.network.recreate(shelf.device.id)
        elif self.clockwork.strikes("database restored", 0.1):
            self.cloud.restore()
        else:
            self.cloud.back_up()

    def _meddle(self, shelf: Shelf) -> None:
        """Change a price by hand, half the time with the care to raise the revision."""
        rng = self.clockwork.rng
        position = rng.choice(sorted(shelf.device.panels))
        tile: dict[str, object] = {"now": {"price": rng.randint(1, 49)}}
        if rng.random() < 0.5:
            tile |= {"rev": 10_000 + rng.randint(1, 999), "next": None}
        self.network.meddle(shelf.device.id, {"tiles": {position: tile}})

    def _put_back_old(self, shelf: Shelf) -> None:
        """Replay what was once sealed for the device."""
        old = self.law.any_sealed(shelf.device.id, self.clockwork.rng)
        if old is not None:
            self.network.put_back(shelf.device.id, wire.words(old))

    def _check(self) -> None:
        for shelf in self.shelves:
            shelf.check()

    def _every(self, seconds: float, act: Act) -> None:
        def again() -> None:
            act()
            self.clockwork.later(seconds, again)

        self.clockwork.later(seconds, again)

    def _now_and_then(self, low: float, high: float, act: Act) -> None:
        def again() -> None:
            if self.clockwork.stormy:
                act()
                self.clockwork.later(self.clockwork.between(low, high), again)

        self.clockwork.later(low, again)

    # -- the end

    def _run_past_flips(self) -> None:
        """Go on until no price has flipped so lately that a panel may still be at it."""
        patience = max(patience_s(panel_spec(name)) for name in PANELS)
        while self.book.flips_between(int(self.clockwork.now - patience), int(self.clockwork.now)):
            self.clockwork.run(self.clockwork.now + patience)

    def _check_settled(self) -> None:
        now = int(self.clockwork.now)
        for shelf in self.shelves:
            for position, hung in shelf.glass.items():
                place = (shelf.device.id, position)
                truth = self.book.truth(place, now)
                bundle = self.book.bundle if self.book.serves(self.book.bundle) else None
                self.law.check_settled(place, hung, truth, bundle)
