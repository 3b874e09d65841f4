"""A machine with glass, disk and hub around it, in virtual time; everything is seen, nothing waits.

Effects are carried out at once, but a refresh takes as long as its panel does, and a hub that is
cut off answers nothing. Dropping the machine and starting another from `disk` is a power cut.
"""

import hashlib
import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from label_templates.contract.tile import Tile
from label_templates.contract.twin import Desired
from shelf_agent.machine import effects as do
from shelf_agent.machine import events as on
from shelf_agent.machine.snapshot import Snapshot
from shelf_agent.machine.transitions import Machine
from shelf_agent.machine.values import Device, Now, Picture
from tests.unit.agent.cloud import MORNING, Twin, device, sealed


@dataclass
class Glass:
    """What a panel shows, and how often it was refreshed."""

    price: int | None = None
    order: tuple[int, int] = (0, 0)
    frame: str = ""
    bundle: str = ""
    """What the picture was drawn with."""
    refreshes: list[float] = field(default_factory=list)


def frame_of(picture: Picture) -> str:
    """Stands for drawing: the same words give the same digest."""
    words = picture.showing and (picture.showing.tpl, picture.showing.content)
    setting = f"{picture.store} {picture.bundle}"
    return hashlib.blake2b(f"{words} {setting}".encode(), digest_size=16).hexdigest()


class Rig:
    """One device in its world."""

    def __init__(self, twin: Twin | None = None, panels: Device | None = None) -> None:
        self.device = panels or device()
        self.twin = twin or Twin()
        self.time = float(MORNING)
        self.clock_error = 0.0
        self.disk: Snapshot | None = None
        self.glass = {position: Glass() for position in self.device.panels}
        self.broken: dict[str, str] = {}
        """Panels that fail, and what they say."""
        self.undrawable: dict[int, str] = {}
        """Prices whose picture cannot be drawn."""
        self.served: dict[str, str | None] = {}
        """Template bundles that can be fetched; those that fail, with what is wrong with them."""
        self.fetch_s = 1.0
        self.fetches: list[tuple[float, do.FetchBundle]] = []
        self.bundles: set[str] = set()
        """Template bundles on the disk."""
        self.connected = False
        self.hub_deaf = False
        self.reads: list[float] = []
        self.reports: list[do.Report] = []
        self.notes: list[str] = []
        self.fuse: int | None = None
        """After so many more effects the power is cut."""
        self.cuts = 0
        self._refreshing: dict[str, tuple[Picture, str]] = {}
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._wake = 0
        self.start()

    def start(self, bare: frozenset[str] = frozenset(), *, glass_finishes: bool = False) -> None:
        """Cut the power and switch on: a new machine, from what the disk has.

        A refresh under way breaks off, or it still finishes, and nobody learns of it.
        """
        for picture, frame in self._refreshing.values() if glass_finishes else ():
            self._hang(picture, frame)
        self._refreshing = {}
        self._due = []
        self.connected = False
        self.machine = Machine(self.device)
        self.feed(on.Started(self.disk, bare, frozenset(self.bundles)))

    def connect(self) -> None:
        """The network is there."""
        self.connected = True
        self.feed(on.Connected())

    def cut(self) -> None:
        """The network is gone."""
        self.connected = False
        self.feed(on.Disconnected())

    def push(self, tiles: Mapping[str, Tile], rev: int) -> None:
        """The cloud pushes a sealed state, and the device hears the patch if it can."""
        self.push_sealed(sealed(tiles, rev, until=int(self.time) + 72 * 3600))

    def push_sealed(self, desired: Desired) -> None:
        """Push a desired state as it is."""
        patch = self.twin.push(desired)
        if self.connected:
            self.feed(on.PatchReceived(patch))

    def feed(self, event: on.Event) -> None:
        """Give the machine an event and carry out what it wants."""
        now = Now(self.time + self.clock_error, self.time)
        for effect in self.machine.handle(event, now):
            if self._power_fails():
                return
            self._carry_out(effect)

    def _power_fails(self) -> bool:
        if self.fuse is None:
            return False
        self.fuse -= 1
        if self.fuse > 0:
            return False
        self.fuse = None
        self.cuts += 1
        self.start(glass_finishes=self.cuts % 2 == 0)
        return True

    def run(self, seconds: float = 0.0) -> None:
        """Let time pass; everything that is due by then happens."""
        end = self.time + seconds
        while self._due and self._due[0][0] <= end:
            at, _, act = heapq.heappop(self._due)
            self.time = max(self.time, at)
            act()
        self.time = end

    def prices(self) -> dict[str, int | None]:
        """What hangs on the shelf."""
        return {position: glass.price for position, glass in self.glass.items()}

    def states(self) -> dict[str, str]:
        """What the hub was told of each tile."""
        tiles = self.twin.reported.get("tiles", {})
        return {position: ack["state"] for position, ack in tiles.items()}

    def _carry_out(self, effect: do.Effect) -> None:  # noqa: C901  one arm an effect
        match effect:
            case do.Remember(snapshot):
                self.disk = Snapshot.model_validate_json(snapshot.model_dump_json())
            case do.ReadTwin(after_s):
                self._later(after_s, self._read)
            case do.Draw(picture):
                self._later(0.0, lambda: self._draw(picture))
            case do.Refresh(picture, frame):
                panel = self.device.panels[picture.position]
                pause = panel.full_refresh_ms / 1000
                self._refreshing[picture.position] = (picture, frame)
                self._later(pause, lambda: self._refresh(picture, frame))
            case do.Report():
                self.reports.append(effect)
                self._later(0.05, lambda: self._report(effect))
            case do.Wake(after_s):
                self._wake += 1
                wake = self._wake
                self._later(after_s, lambda: self._tick(wake))
            case do.Note(text):
                self.notes.append(text)
            case do.FetchBundle():
                self._begin_fetch(effect)

    def _later(self, after_s: float, act: Callable[[], None]) -> None:
        self._count += 1
        machine = self.machine

        def unless_restarted() -> None:
            if self.machine is machine:
                act()

        heapq.heappush(self._due, (self.time + after_s, self._count, unless_restarted))

    def _read(self) -> None:
        self.reads.append(self.time)
        if self.connected and not self.hub_deaf:
            self.feed(on.TwinRead(self.twin.whole(), dict(self.twin.reported)))
        elif self.connected:
            self.feed(on.TwinReadFailed("no answer"))

    def _begin_fetch(self, effect: do.FetchBundle) -> None:
        self.fetches.append((self.time, effect))
        number = len(self.fetches)
        self._later(self.fetch_s, lambda: self._fetch(effect.digest, number))

    def _fetch(self, digest: str, number: int) -> None:
        if number != len(self.fetches):
            return  # another took its place
        why = self.served.get(digest, "GET https://cloud/v1/bundles answers 404")
        if why is not None:
            self.feed(on.BundleFailed(digest, why))
            return
        self.bundles.add(digest)
        self.feed(on.BundleFetched(digest))

    def _draw(self, picture: Picture) -> None:
        if picture.bundle not in {self.device.bundle, *self.bundles}:
            why = f"the template bundle {picture.bundle[:19]} is not on this device"
            self.feed(on.DrawingFailed(picture, why))
            self.feed(on.BundleLost(picture.bundle, why))
            return
        undrawable = self.undrawable.get(picture.price or 0)
        if undrawable is not None:
            self.feed(on.DrawingFailed(picture, undrawable))
        else:
            self.feed(on.Drawn(picture, frame_of(picture)))

    def _refresh(self, picture: Picture, frame: str) -> None:
        del self._refreshing[picture.position]
        why = self.broken.get(picture.position)
        if why is not None:
            self.feed(on.DisplayFailed(picture, why))
            return
        self._hang(picture, frame)
        self.feed(on.Displayed(picture, frame))

    def _hang(self, picture: Picture, frame: str) -> None:
        glass = self.glass[picture.position]
        # White is no revision: a device that forgot what began to hang there may still clear it.
        older = picture.price is not None and picture.order < glass.order
        assert not older, "a tile went back to an older revision"
        glass.price, glass.frame = picture.price, frame
        glass.order = max(glass.order, picture.order)
        glass.bundle = picture.bundle
        glass.refreshes.append(self.time)

    def _report(self, report: do.Report) -> None:
        if not self.connected:
            return
        if self.hub_deaf:
            self.feed(on.ReportFailed(report.number, "no answer"))
            return
        self.twin.report(report.patch)
        self.feed(on.ReportTaken(report.number))

    def _tick(self, wake: int) -> None:
        if wake == self._wake:
            self.feed(on.Tick())
