"""The device's machine: the one place where its state changes.

Rules. A desired patch is merged where its `$version` follows; a gap, or a merge that may not be
taken, causes one read of the whole twin, with back-off. Only a whole twin is refused: then the
shelf goes on showing what it shows and says why. Everything else is levelled after each event:
places move towards what must hang there, what changed is remembered, and what the hub does not
know yet is reported, at most twice a push: once while panels still work, once when all settled.
A state whose template bundle is not here is fetched for, and taken when the bundle has come.

Time. Flips go by the newest instant ever known, so a clock that falls back (a Pi without battery
after a power cut) never brings back an earlier picture. A fresh seal whose lease would be long over
by that instant proves the instant wrong, and the device's clock is believed again.
"""

from collections.abc import Callable, Sequence
from typing import Any

from label_templates.contract import wire
from label_templates.contract.twin import (
    AgentWords,
    Desired,
    Health,
    KeyList,
    Reported,
    SealAck,
    TileAck,
)
from label_templates.contract.wire import Document
from shelf_agent.errors import Refused
from shelf_agent.machine import effects as do
from shelf_agent.machine import events as on
from shelf_agent.machine.judging import Judge, offered_revision
from shelf_agent.machine.listening import Listening
from shelf_agent.machine.pictures import setting_of, timeline_of
from shelf_agent.machine.place import WHY_LENGTH, Place
from shelf_agent.machine.reporting import Refusal, Reporting
from shelf_agent.machine.snapshot import Hanging, Snapshot
from shelf_agent.machine.supply import Supply
from shelf_agent.machine.values import Device, Now, Order

LONGEST_SLEEP_S = 3600.0


class Machine:
    """One device. Feed it events in their order, carry out the effects in theirs."""

    def __init__(self, device: Device, judge: Judge | None = None) -> None:
        self._device = device
        self._judge = judge or Judge(device)
        self._places = {name: Place(name, panel) for name, panel in sorted(device.panels.items())}
        self._now = Now(0.0, 0.0)
        self._latest = 0.0
        self._started = 0
        self._desired: Desired | None = None
        self._document: Document | None = None
        self._keys: KeyList | None = None
        self._refused: Refusal | None = None
        self._waiting: int | None = None
        self._supply = Supply(device.id, device.bundle)
        self._memory_fault: str | None = None
        self._twin = Listening(device.id)
        self._reports = Reporting()
        self._remembered: Snapshot | None = None

    def handle(self, event: on.Event, now: Now) -> list[do.Effect]:
        """Take one event at one moment; return what must be done, in order."""
        self._now = now
        self._latest = max(self._latest, now.wall)
        return self._level(_HANDLERS[type(event)](self, event))

    def reported(self) -> Reported:
        """Return all that the device says of itself."""
        return Reported(
            seal=self._seal_ack(),
            renderer=self._device.renderer,
            tiles=self._acks(),
            agent=AgentWords(
                version=self._device.version,
                panels={name: panel.name for name, panel in self._device.panels.items()},
            ),
            health=Health(started=self._started, stale=self._stale(), memory=self._memory_fault),
        )  # fmt: skip

    # What happened.

    def _on_started(self, event: on.Started) -> Sequence[do.Effect]:
        self._started = int(self._now.wall)
        self._supply.stock(event.bundles)
        snapshot = event.snapshot
        if snapshot is None or snapshot.device != self._device.id:
            return [do.Note("nothing is remembered: waiting for the first desired twin")]
        self._latest = max(self._latest, snapshot.latest)
        self._restore_glass(snapshot.places, event.bare)
        try:
            self._restore(snapshot)
        except Refused as refusal:
            return [do.Note(f"what was remembered cannot be used: {refusal}")]
        return []

    def _on_connected(self, _: on.Connected) -> Sequence[do.Effect]:
        self._reports.forget()
        return self._twin.connect()

    def _on_disconnected(self, _: on.Disconnected) -> Sequence[do.Effect]:
        self._twin.disconnect()
        self._reports.forget()
        return []

    def _on_twin_read(self, event: on.TwinRead) -> Sequence[do.Effect]:
        if not self._twin.take_whole(event.desired, self._now):
            return self._twin.read()
        self._reports.hub_has(wire.plain(event.reported))
        refusal = self._try_to_take(self._twin.document)
        notes = self._refuse(refusal) if refusal else []
        # Then the patches that came while the read was under way.
        return [*notes, *self._merge_patches()]

    def _on_twin_read_failed(self, event: on.TwinReadFailed) -> Sequence[do.Effect]:
        self._twin.read_failed()
        return [do.Note(f"the twin could not be read: {event.why}"), *self._twin.read()]

    def _on_patch(self, event: on.PatchReceived) -> Sequence[do.Effect]:
        self._twin.keep(event.patch)
        return self._merge_patches()

    def _on_drawn(self, event: on.Drawn) -> Sequence[do.Effect]:
        self._places[event.picture.position].take_drawn(event.picture, event.frame)
        return []

    def _on_undrawable(self, event: on.DrawingFailed) -> Sequence[do.Effect]:
        place = self._places[event.picture.position]
        place.take_undrawable(event.picture, event.why, self._now)
        return [do.Note(f"{place.position} cannot be drawn: {event.why}")]

    def _on_displayed(self, event: on.Displayed) -> Sequence[do.Effect]:
        place = self._places[event.picture.position]
        place.take_displayed(event.picture, event.frame, self._latest, self._now)
        return []

    def _on_display_failed(self, event: on.DisplayFailed) -> Sequence[do.Effect]:
        place = self._places[event.picture.position]
        place.take_display_failed(event.picture, event.why, self._now)
        return [do.Note(f"{place.position} could not be refreshed: {event.why}")]

    def _on_bundle_fetched(self, event: on.BundleFetched) -> Sequence[do.Effect]:
        self._supply.arrived(event.digest)
        if self._desired is not None and self._desired.bundle == event.digest:
            for place in self._places.values():
                place.try_again()
        note = do.Note(f"the template bundle {event.digest} is here")
        if self._waiting is None or self._try_to_take(self._twin.document) is None:
            return [note]
        return [note, *self._twin.read()]

    def _on_bundle_failed(self, event: on.BundleFailed) -> Sequence[do.Effect]:
        if not self._supply.failed(event.digest, event.why, self._now):
            return []
        return [do.Note(f"the template bundle {event.digest} could not be fetched: {event.why}")]

    def _on_bundle_lost(self, event: on.BundleLost) -> Sequence[do.Effect]:
        self._supply.lost(event.digest)
        if self._desired is not None and self._desired.bundle == event.digest:
            self._supply.want(event.digest, self._now)
        return [do.Note(event.why)]

    def _on_report_taken(self, event: on.ReportTaken) -> Sequence[do.Effect]:
        self._reports.taken(event.number)
        return []

    def _on_report_failed(self, event: on.ReportFailed) -> Sequence[do.Effect]:
        self._reports.failed(event.number, self._now)
        return [do.Note(f"the hub did not take a report: {event.why}")]

    def _on_redraw(self, event: on.RedrawAsked) -> Sequence[do.Effect]:
        for name, place in self._places.items():
            if event.position in (None, name):
                place.doubt()
        return []

    def _on_memory_failed(self, event: on.MemoryFailed) -> Sequence[do.Effect]:
        self._memory_fault = event.why[:WHY_LENGTH]
        return []

    def _on_memory_kept(self, _: on.MemoryKept) -> Sequence[do.Effect]:
        self._memory_fault = None
        return []

    def _on_tick(self, _: on.Tick) -> Sequence[do.Effect]:
        return self._twin.read() if self._twin.due(self._now) else []

    # Taking a desired state.

    def _merge_patches(self) -> Sequence[do.Effect]:
        """Merge what follows; where something is missing or may not be taken, read the whole."""
        merged = False
        while self._twin.merge_next():
            merged = True
        refusal = self._try_to_take(self._twin.document) if merged else None
        if refusal is not None or self._twin.gap():
            return self._twin.read()
        if self._refused is None:
            self._twin.trust()
        return []

    def _try_to_take(self, document: Document) -> Refused | None:
        try:
            self._take(document)
        except Refused as refusal:
            return refusal
        self._refused = None
        return None

    def _take(self, document: Document) -> None:
        if not document:
            if self._desired is not None:
                raise Refused("the desired twin is empty")
            return  # a device that nobody has planned yet
        self._keys = self._judge.newer_keys(document, self._keys) or self._keys
        desired = self._judge.read(document, self._keys)
        newer = self._judge.compare(desired, self._desired, self._floors())
        self._waiting = None
        if newer and not self._supply.has(desired.bundle):
            self._waiting = desired.seal.rev
            self._supply.want(desired.bundle, self._now)
        elif newer:
            self._correct_time(desired)
            self._hold(desired, document)

    def _hold(self, desired: Desired, document: Document) -> None:
        self._desired, self._document = desired, document
        setting = setting_of(desired, self._device)
        for position, place in self._places.items():
            place.plan(timeline_of(position, desired, setting, place.floor()))

    def _refuse(self, refusal: Refused) -> Sequence[do.Effect]:
        self._waiting = None
        self._refused = (str(refusal)[:WHY_LENGTH], offered_revision(self._twin.document))
        return [do.Note(f"the desired twin is refused: {refusal}")]

    def _refusal(self) -> Refusal | None:
        """Return why the twin is not taken: it may not be, or its bundle cannot be had so far."""
        excuse = self._supply.excuse(self._now) if self._waiting is not None else None
        if excuse is None or self._waiting is None:
            return self._refused
        return excuse[:WHY_LENGTH], self._waiting

    def _floors(self) -> dict[str, Order]:
        return {name: place.floor() for name, place in self._places.items()}

    def _correct_time(self, desired: Desired) -> None:
        if self._now.wall <= desired.seal.until < self._latest:
            self._latest = self._now.wall

    def _restore_glass(self, places: dict[str, Hanging], bare: frozenset[str]) -> None:
        for name, place in self._places.items():
            if name in places:
                place.restore(places[name], self._now)
            if name in bare:
                place.doubt()

    def _restore(self, snapshot: Snapshot) -> None:
        if snapshot.keys is not None:
            self._judge.vouch(snapshot.keys)
            self._keys = snapshot.keys
        if snapshot.desired is not None:
            desired = self._judge.read(snapshot.desired, self._keys)
            self._hold(desired, snapshot.desired)
            self._supply.want(desired.bundle, self._now)
        self._remembered = snapshot

    # Levelling: everything that follows from the state as it is now.

    def _level(self, first: Sequence[do.Effect]) -> list[do.Effect]:
        moves = self._move_places()
        return [
            *self._remember(),
            *first,
            *moves,
            *self._fetch(),
            *self._report(),
            do.Wake(self._sleep()),
        ]

    def _move_places(self) -> Sequence[do.Effect]:
        steps = []
        for place in self._places.values():
            if place.aim(self._latest):
                self._reports.changed(self._now)
            steps.append(place.advance(self._latest, self._now))
        return [step for step in steps if step is not None]

    def _fetch(self) -> Sequence[do.Effect]:
        held = [self._desired.bundle] if self._desired else []
        fetch = self._supply.fetch(held, self._now)
        return [] if fetch is None else [fetch]

    def _remember(self) -> Sequence[do.Effect]:
        snapshot = self._snapshot()
        if self._remembered is not None and not snapshot.worth_keeping_after(self._remembered):
            return []
        self._remembered = snapshot
        return [do.Remember(snapshot)]

    def _snapshot(self) -> Snapshot:
        hanging = {name: place.hanging for name, place in self._places.items()}
        return Snapshot.model_construct(
            device=self._device.id,
            latest=self._latest,
            desired=self._document,
            keys=self._keys,
            places={name: known for name, known in hanging.items() if known is not None},
        )

    def _report(self) -> Sequence[do.Effect]:
        settled = all(place.settled() for place in self._places.values())
        refusal = self._refusal()
        if not self._reports.ripe(self._now, refusal, settled=settled):
            return []
        return self._reports.send(wire.write_reported(self.reported()), refusal)

    def _seal_ack(self) -> SealAck:
        order = self._desired.seal.order if self._desired else (0, 0)
        why, rev = self._refusal() or (None, None)
        lacks = self._supply.wanted if self._supply.excuse(self._now) else None
        return SealAck(
            epoch=order[0], rev=order[1], keys=self._keys.version if self._keys else 0,
            refused=why, refused_rev=rev, lacks=lacks,
            bundle=self._supply.usable(self._desired.bundle if self._desired else None),
        )  # fmt: skip

    def _acks(self) -> dict[str, TileAck]:
        acks = {name: place.ack(self._latest) for name, place in self._places.items()}
        for position in self._desired.tiles if self._desired else ():
            if position not in self._places:
                acks[position] = TileAck(
                    epoch=0, rev=0, at=self._started, state="failed",
                    why=f"this device has no panel at {position}",
                )  # fmt: skip
        return {name: ack for name, ack in acks.items() if ack is not None}

    def _stale(self) -> bool:
        return self._desired is not None and self._latest > self._desired.seal.until

    def _sleep(self) -> float:
        turns = [place.next_turn(self._latest, self._now) for place in self._places.values()]
        turns += [self._twin.next_turn(self._now), self._reports.next_turn(self._now)]
        turns.append(self._supply.next_turn(self._now))
        if self._desired is not None and not self._stale():
            turns.append(max(self._desired.seal.until + 1 - self._now.wall, 0.0))
        return min([LONGEST_SLEEP_S, *(turn for turn in turns if turn is not None)])


_HANDLERS: dict[type[on.Event], Callable[[Machine, Any], Sequence[do.Effect]]] = {
    on.Started: Machine._on_started,
    on.Connected: Machine._on_connected,
    on.Disconnected: Machine._on_disconnected,
    on.TwinRead: Machine._on_twin_read,
    on.TwinReadFailed: Machine._on_twin_read_failed,
    on.PatchReceived: Machine._on_patch,
    on.Drawn: Machine._on_drawn,
    on.DrawingFailed: Machine._on_undrawable,
    on.Displayed: Machine._on_displayed,
    on.DisplayFailed: Machine._on_display_failed,
    on.BundleFetched: Machine._on_bundle_fetched,
    on.BundleFailed: Machine._on_bundle_failed,
    on.BundleLost: Machine._on_bundle_lost,
    on.ReportTaken: Machine._on_report_taken,
    on.ReportFailed: Machine._on_report_failed,
    on.RedrawAsked: Machine._on_redraw,
    on.MemoryFailed: Machine._on_memory_failed,
    on.MemoryKept: Machine._on_memory_kept,
    on.Tick: Machine._on_tick,
}
