"""A shelf of a world: the agent's machine with disk, panels, clock and line around it.

Effects take their time and may fail; a crash drops the machine and whatever it was doing. What
hangs on the glass and what was remembered stay.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace

from label_templates.contract import wire
from label_templates.contract.panel import PanelSpec
from label_templates.contract.wire import Document
from shelf_agent.machine import effects as do
from shelf_agent.machine import events as on
from shelf_agent.machine.snapshot import Snapshot
from shelf_agent.machine.transitions import Machine
from shelf_agent.machine.values import Device, Now, Picture
from simulators.world.clockwork import Clockwork
from simulators.world.law import Hung, Law
from simulators.world.network import Network

MakeMachine = Callable[[], Machine]
SLOW = 4
"""How many times longer a refresh takes on a slow panel."""
RETRIES_S = 40.0
"""What three retries of a refresh take."""
HOUR = 3600.0


class Shelf:
    """One device in its world."""

    def __init__(  # noqa: PLR0913, PLR0917  the parts of its world
        self, clockwork: Clockwork, network: Network, law: Law, device: Device, make: MakeMachine,
        serves: Callable[[str], bool],
    ) -> None:  # fmt: skip
        self.device = device
        self.glass: dict[str, Hung | None] = dict.fromkeys(device.panels)
        self.running = False
        self._clockwork, self._network, self._law = clockwork, network, law
        self._make, self._serves = make, serves
        self._machine: Machine | None = None
        self._disk: Snapshot | None = None
        self._bundles: set[str] = set()
        """Template bundles on the disk."""
        self._fetching = 0
        self._refreshing: dict[str, tuple[Picture, str]] = {}
        self._failed_at: dict[str, float] = {}
        self._right_since = 0.0
        """Since when it runs with a clock that is right."""
        self._clock_error = 0.0
        self._life = self._wake = self._reading = 0
        self._connected = False
        self._off_s = clockwork.between(-2.0, 2.0)
        """How wrong its clock always is."""

    # -- life

    def start(self) -> None:
        """Switch on: a new machine, from what the disk has."""
        self.running = True
        self._life += 1
        self._right_since = self._clockwork.now
        if self._clockwork.strikes("clock fell back", 0.2):
            self._clock_error = -self._clockwork.between(HOUR / 2, 10 * HOUR)
        self._machine = self._make()
        disk = self._disk and Snapshot.model_validate_json(self._disk.model_dump_json())
        if self._bundles and self._clockwork.strikes("bundles lost", 0.2):
            self._bundles.clear()
        self._feed(on.Started(disk, bundles=frozenset(self._bundles)))
        self._then(self._clockwork.between(1.0, 8.0), self._connect)

    def crash(self) -> None:
        """Cut the power; it comes back after a while, mostly short."""
        if not self.running:
            return
        self._clockwork.tell(f"{self.device.id} crashes")
        self.running = False
        self._life += 1
        self.cut()
        for position, (picture, frame) in sorted(self._refreshing.items()):
            if self._clockwork.rng.random() < 0.5:
                self._hang(position, picture, frame)
        self._refreshing.clear()
        long = self._clockwork.rng.random() < 0.15
        pause = self._clockwork.between(HOUR, 4 * HOUR) if long else self._clockwork.between(1, 300)
        self._clockwork.later(pause, self.start)

    def drop(self) -> None:
        """Lose the connection; it comes back after a while."""
        if not self._connected:
            return
        self.cut()
        self._feed(on.Disconnected())
        long = self._clockwork.rng.random() < 0.1
        pause = self._clockwork.between(HOUR, 6 * HOUR) if long else self._clockwork.between(1, 300)
        self._then(pause, self._connect)

    def cut(self) -> None:
        """End the line, without the machine being told."""
        self._connected = False
        self._network.disconnect(self.device.id)

    def check(self) -> None:
        """Hold the law against what hangs; panels that failed lately have their excuse."""
        now = self._clockwork.now
        for position, hung in self.glass.items():
            patience = patience_s(self.device.panels[position])
            excused = now < self._failed_at.get(position, 0.0) + HOUR + 2 * patience
            if self.running and hung and not excused and now > self._right_since + patience:
                since = int(now - patience)
                self._law.check_expired((self.device.id, position), hung, since)

    def _connect(self) -> None:
        self._connected = True
        if self._clock_error:
            self._clock_error, self._right_since = 0.0, self._clockwork.now
        self._network.connect(self.device.id, self._hear)
        self._feed(on.Connected())

    def _hear(self, patch: Document) -> None:
        self._feed(on.PatchReceived(patch))

    # -- the machine

    def _feed(self, event: on.Event) -> None:
        if self._machine is None or not self.running:
            return
        wall = self._clockwork.now + self._off_s + self._clock_error
        for effect in self._machine.handle(event, Now(wall, self._clockwork.now)):
            if isinstance(effect, do.Remember) and self._clockwork.strikes(
                "agent crashed before remembering", 0.002
            ):
                self.crash()
                return
            self._carry_out(effect)

    def _then(self, after_s: float, act: Callable[[], None]) -> None:
        life = self._life
        self._clockwork.later(after_s, lambda: act() if self._life == life else None)

    def _carry_out(self, effect: do.Effect) -> None:  # noqa: C901  one arm an effect
        match effect:
            case do.Remember(snapshot):
                self._remember(snapshot)
            case do.Draw(picture):
                self._then(self._clockwork.between(0.01, 0.2), lambda: self._draw(picture))
            case do.Refresh(picture, frame):
                self._begin_refresh(picture, frame)
            case do.FetchBundle(digest):
                self._begin_fetch(digest)
            case do.Report():
                self._report(effect)
            case do.ReadTwin(after_s):
                self._reading += 1
                number = self._reading
                delay = after_s + self._clockwork.between(0.02, 0.5)
                self._then(delay, lambda: self._read(number))
            case do.Wake(after_s):
                self._wake += 1
                wake = self._wake
                self._then(after_s, lambda: self._tick(wake))
            case do.Note(text):
                self._clockwork.tell(f"{self.device.id} notes: {text}")

    def _tick(self, wake: int) -> None:
        if wake == self._wake:
            self._feed(on.Tick())

    def _remember(self, snapshot: Snapshot) -> None:
        self._disk = snapshot
        for position, known in snapshot.places.items():
            hung = self.glass[position]
            if hung is None or not known.sure or known.frame != hung.frame:
                continue
            if (known.order, known.since) != (hung.order, hung.since):
                # The same pixels under a newer revision or flip: no refresh was needed.
                renamed = replace(hung, order=known.order, since=known.since)
                self._show(position, renamed)

    # -- template bundles

    def _begin_fetch(self, digest: str) -> None:
        self._fetching += 1
        number = self._fetching
        slow = self._clockwork.strikes("bundle slow", 0.2)
        seconds = self._clockwork.between(30.0, 900.0) if slow else self._clockwork.between(0.1, 8)
        self._then(seconds, lambda: self._end_fetch(digest, number))

    def _end_fetch(self, digest: str, number: int) -> None:
        if number != self._fetching:
            return
        lost = self._clockwork.strikes("bundle not to be had", 0.5)
        if lost or not self._serves(digest):
            self._feed(on.BundleFailed(digest, "GET /v1/bundles answers 404"))
            return
        self._bundles.add(digest)
        self._feed(on.BundleFetched(digest))

    # -- panels

    def _draw(self, picture: Picture) -> None:
        broken = self._bundles and self._clockwork.strikes("bundle broken", 0.01)
        if broken:
            self._bundles.discard(picture.bundle)
        if picture.bundle in self._bundles or picture.bundle == self.device.bundle:
            self._feed(on.Drawn(picture, frame_of(picture)))
            return
        why = f"the template bundle {picture.bundle[:19]} is broken"
        self._failed_at[picture.position] = self._clockwork.now
        self._feed(on.DrawingFailed(picture, why))
        self._feed(on.BundleLost(picture.bundle, why))

    def _begin_refresh(self, picture: Picture, frame: str) -> None:
        position = picture.position
        self._refreshing[position] = (picture, frame)
        seconds = self.device.panels[position].full_refresh_ms / 1000
        if self._clockwork.strikes("panel slow", 0.03):
            seconds *= SLOW
        self._then(seconds, lambda: self._end_refresh(picture, frame))

    def _end_refresh(self, picture: Picture, frame: str) -> None:
        position = picture.position
        self._refreshing.pop(position, None)
        if self._clockwork.strikes("panel failed", 0.03):
            self._failed_at[position] = self._clockwork.now
            if self._clockwork.rng.random() < 0.5:
                self._hang(position, picture, frame)
            self._feed(on.DisplayFailed(picture, "the panel did not answer"))
            return
        self._hang(position, picture, frame)
        self._feed(on.Displayed(picture, frame))

    def _hang(self, position: str, picture: Picture, frame: str) -> None:
        showing = picture.showing
        content, tpl = (showing.content, showing.tpl) if showing else (None, None)
        hung = Hung(picture.order, picture.since, content, tpl, frame, picture.bundle)
        self._show(position, hung)

    def _show(self, position: str, hung: Hung) -> None:
        self.glass[position] = hung
        price = hung.content.price if hung.content else None
        self._clockwork.tell(f"{self.device.id} {position} shows {hung.order} {price}")
        self._law.on_hung((self.device.id, position), hung)

    # -- the hub

    def _read(self, number: int) -> None:
        if number != self._reading:
            return
        if not self._connected or self._clockwork.strikes("twin read failed", 0.05):
            self._feed(on.TwinReadFailed("no answer"))
        else:
            self._feed(on.TwinRead(*self._network.twin_of(self.device.id)))

    def _report(self, effect: do.Report) -> None:
        if self._machine is not None:
            self._law.on_reported(self.device.id, self._machine.reported(), self.glass)
        self._then(self._clockwork.between(0.02, 0.3), lambda: self._deliver(effect))

    def _deliver(self, effect: do.Report) -> None:
        lost = not self._connected or self._clockwork.strikes("report lost", 0.04)
        if not lost:
            self._network.report(self.device.id, effect.patch)
        if lost or self._clockwork.strikes("report answer lost", 0.04):
            self._feed(on.ReportFailed(effect.number, "no answer"))
        else:
            self._feed(on.ReportTaken(effect.number))


def patience_s(panel: PanelSpec) -> float:
    """Return how long a due picture may take: the panel's pause, a slow refresh or two, retries."""
    return panel.min_interval_s + 2 * SLOW * panel.full_refresh_ms / 1000 + RETRIES_S


def frame_of(picture: Picture) -> str:
    """Stand for drawing: the same words, drawn with the same bundle, give the same digest."""
    showing = picture.showing
    words = (showing.tpl, wire.words(showing.content)) if showing else None
    text = f"{words} {picture.store.id} {picture.setting}"
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
