"""Confirmations: what a device's reported twin means for its tiles.

Whole twins come in, from wherever they are read; what they prove is kept, and told as events. A
report that is older than what is known changes nothing. Drawing for the proof happens between two
short transactions, so that nobody waits for it.
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from cloud_service.catalog.devices import mark_again, wake_device
from cloud_service.catalog.planogram import Position, positions_of_devices
from cloud_service.catalog.stores import find_store
from cloud_service.clock import Clock
from cloud_service.delivery.proof import Verdict, judge
from cloud_service.delivery.pushed import (
    TileWords,
    backoff,
    forget_words,
    held_delivery,
    tile_words,
)
from cloud_service.delivery.tables import DeliveredTileRow, DeliveryRow
from cloud_service.delivery.twins import DeviceTwin, TwinHead
from cloud_service.errors import NotFound
from cloud_service.shelves.renderers import Renderers
from cloud_service.storage import Storage, Unit
from cloud_service.storage.events import append_events
from label_templates.contract import wire
from label_templates.contract.errors import ContractError, TwinError
from label_templates.contract.panel import panel_spec
from label_templates.contract.tile import Showing
from label_templates.contract.twin import Reported, StoreWords, TileAck
from label_templates.render import Renderer, renderer_digest

log = logging.getLogger(__name__)

Happening = tuple[str, Mapping[str, Any]]
_ACKED = ("epoch", "rev", "price", "frame", "at", "state", "why")


@dataclass(frozen=True)
class Reading:
    """A twin as it was read, and the etag that was believed before it was read."""

    twin: DeviceTwin
    believed: str | None


@dataclass(frozen=True)
class Judged:
    """One tile's new ack and what it means."""

    position: str
    ack: TileAck
    verdict: Verdict
    heard_at: int

    @property
    def early(self) -> bool:
        """Tell whether the shelf shows a change before its time."""
        return self.verdict.since is not None and self.verdict.since > self.heard_at


@dataclass(frozen=True)
class Finding:
    """What a reading brought."""

    reading: Reading
    reported: Reported | None
    """None: the device has said nothing, or nothing that can be read."""
    judged: Sequence[Judged]
    stores: Mapping[str, str]
    """The store of each position, for the events."""


@dataclass(frozen=True)
class _Known:
    """What is stored about the devices of some readings."""

    versions: Mapping[str, int]
    """The twin's version at the reading before."""
    acked: Mapping[tuple[str, str], Mapping[str, Any]]
    words: Mapping[tuple[str, str], TileWords]
    positions: Mapping[tuple[str, str], Position]
    stores: Mapping[str, StoreWords]


class Acks:
    """Takes readings of twins. One at a time takes them for a device."""

    def __init__(self, storage: Storage, clock: Clock, renderers: Renderers) -> None:
        self._storage, self._clock, self._renderers = storage, clock, renderers
        self._digest = renderer_digest()

    def take(self, readings: Sequence[Reading]) -> None:
        """Keep what the readings prove."""
        reports = [(reading, _reported(reading.twin)) for reading in readings]
        with self._storage.read() as unit:
            known = _known(unit, reports)
        findings = [self._finding(reading, report, known) for reading, report in reports]
        findings.sort(key=lambda finding: finding.reading.twin.head.device)
        now = self._clock.now()
        with self._storage.begin() as unit:
            events = [event for finding in findings for event in _keep(unit, finding, now)]
            append_events(unit, now, events)

    def link(self, heads: Mapping[str, TwinHead], devices: Sequence[str]) -> None:
        """Keep which of our devices are connected; one that the hub does not know is not."""
        now = self._clock.now()
        with self._storage.begin() as unit:
            events: list[Happening] = []
            for device in sorted(devices):
                row = held_delivery(unit, device)
                head = heads.get(device)
                events += _connect(row, connected=head is not None and head.connected)
            append_events(unit, now, events)

    def _finding(self, reading: Reading, reported: Reported | None, known: _Known) -> Finding:
        device = reading.twin.head.device
        stores = {p: at.store_id for (d, p), at in known.positions.items() if d == device}
        if reported is None:
            return Finding(reading, None, (), stores)
        now = self._clock.now()
        newer = reading.twin.head.version > known.versions.get(device, 0)
        fresh = [
            (position, ack)
            for position, ack in sorted(reported.tiles.items())
            if _is_news(ack, known.acked.get((device, position)), newer=newer)
        ]
        judged = [
            Judged(place, ack, self._judge(device, place, ack, reported, known), now)
            for place, ack in fresh
        ]
        return Finding(reading, reported, judged, stores)

    def _judge(
        self, device: str, position: str, ack: TileAck, reported: Reported, known: _Known
    ) -> Verdict:
        words = known.words.get((device, position)) if ack.rev else None
        if words is None:
            return judge(None, ack, None)
        place = known.positions.get((device, position))
        renderer = self._renderer(words.bundle) if reported.renderer == self._digest else None
        if place is None or renderer is None:
            return judge(words.tile, ack, None)
        store = known.stores[place.store_id]
        return judge(words.tile, ack, lambda shown: _drawn(renderer, shown, place.panel, store))

    def _renderer(self, bundle: str | None) -> Renderer | None:
        try:
            return self._renderers.of(bundle)
        except NotFound:
            return None  # it came with another version of the agent


def _drawn(renderer: Renderer, showing: Showing, panel: str, store: StoreWords) -> str | None:
    try:
        frame = renderer.render(showing.tpl, showing.content, panel_spec(panel), store)
    except ContractError as error:
        log.warning("%s cannot be drawn here: %s", showing.content.sku, error)
        return None
    return frame.digest()


def _reported(twin: DeviceTwin) -> Reported | None:
    if not twin.reported:
        return None
    try:
        return wire.read_reported(twin.reported)
    except TwinError as error:
        log.warning("%s reports what cannot be read: %s", twin.head.device, error)
        return None


def _known(unit: Unit, reports: Sequence[tuple[Reading, Reported | None]]) -> _Known:
    devices = [reading.twin.head.device for reading, _ in reports]
    rows = unit.scalars(select(DeliveredTileRow).where(DeliveredTileRow.device_id.in_(devices)))
    places = positions_of_devices(unit, devices)
    acked = [
        (reading.twin.head.device, position, (ack.epoch, ack.rev))
        for reading, reported in reports
        if reported is not None
        for position, ack in reported.tiles.items()
    ]
    seen = select(DeliveryRow.device_id, DeliveryRow.twin_version).where(
        DeliveryRow.device_id.in_(devices)
    )
    return _Known(
        versions={row.device_id: row.twin_version for row in unit.execute(seen)},
        acked={
            (row.device_id, row.position): {field: getattr(row, field) for field in _ACKED}
            for row in rows
            if row.state is not None
        },
        words=tile_words(unit, acked),
        positions={(p.device_id, p.position): p for p in places if p.device_id is not None},
        stores={store: find_store(unit, store).words for store in {p.store_id for p in places}},
    )


def _is_news(ack: TileAck, before: Mapping[str, Any] | None, *, newer: bool) -> bool:
    """Tell whether an ack says something new; older revisions with older instants do not.

    The same revision, or none, with an older instant does where the twin is newer: a device that
    was installed anew may have a clock that is behind, and says what hangs there all the same.
    """
    if before is None:
        return True
    same = newer and ack.rev in {0, before["rev"]}
    older = (ack.epoch, ack.rev) <= (before["epoch"], before["rev"]) and ack.at < before["at"]
    if older and not same:
        return False
    return any(getattr(ack, field) != value for field, value in before.items())


def _keep(unit: Unit, finding: Finding, now: int) -> Iterator[Happening]:
    twin, reported = finding.reading.twin, finding.reported
    row = held_delivery(unit, twin.head.device)
    row.seen_at, row.twin_version = now, twin.head.version
    yield from _connect(row, connected=twin.head.connected)
    _check_drift(unit, row, finding.reading, now)
    if reported is None:
        return
    _hear(unit, row, reported, now)
    tiles = _tiles(unit, row.device_id)
    for judged in finding.judged:
        yield _keep_ack(unit, row.device_id, tiles, judged, finding.stores)
    for position in tiles.keys() - reported.tiles.keys():
        _clear(tiles[position])
    row.look_at = _look_again(row, list(tiles.values()), now)


def _connect(row: DeliveryRow, *, connected: bool) -> Iterator[Happening]:
    if row.connected != connected:
        row.connected = connected
        yield f"device.{'' if connected else 'dis'}connected", {"device": row.device_id}


def _check_drift(unit: Unit, row: DeliveryRow, reading: Reading, now: int) -> None:
    """Where somebody else wrote the twin, believe nothing, and have it looked at."""
    head = reading.twin.head
    if row.etag is None or row.etag != reading.believed or row.desired is None:
        return  # it was not believed anyway, or written since the reading began
    same = json.loads(row.desired) == reading.twin.desired
    if same:
        row.etag = head.etag  # somebody wrote tags; our words stand
    else:
        log.warning("%s: the twin was changed by others; it is written whole", row.device_id)
        row.etag = None
        mark_again(unit, [row.device_id], now)


def _hear(unit: Unit, row: DeliveryRow, reported: Reported, now: int) -> None:
    seal = reported.seal
    row.heard_epoch, row.heard_rev = max((row.heard_epoch, row.heard_rev), (seal.epoch, seal.rev))
    row.heard_keys, row.renderer, row.stale = seal.keys, reported.renderer, reported.health.stale
    if row.lacks != seal.lacks:
        mark_again(unit, [row.device_id], now)  # it is sealed for another bundle from now on
    row.bundle, row.lacks = seal.bundle, seal.lacks
    refused = seal.refused if seal.refused_rev == row.rev and row.rev > 0 else None
    if refused is not None:
        _refuse(unit, row, refused, now)
    else:
        row.refused, row.refused_rev = None, None
        if (seal.epoch, seal.rev) == (row.epoch, row.rev):
            row.refusals = 0


def _refuse(unit: Unit, row: DeliveryRow, why: str, now: int) -> None:
    """Have what was refused written anew: at once the first time, then with growing pauses."""
    if row.refused_rev != row.rev:
        row.refusals += 1
        log.warning("%s refuses revision %d: %s", row.device_id, row.rev, why)
    row.refused, row.refused_rev = why, row.rev
    wake_device(unit, row.device_id, now + (backoff(row.refusals) if row.refusals > 1 else 0))


def _keep_ack(
    unit: Unit,
    device: str,
    tiles: dict[str, DeliveredTileRow],
    judged: Judged,
    stores: Mapping[str, str],
) -> Happening:
    position, ack, verdict = judged.position, judged.ack, judged.verdict
    row = tiles.get(position)
    if row is None:
        row = tiles[position] = DeliveredTileRow(device_id=device, position=position)
        unit.add(row)
    for field in _ACKED:
        setattr(row, field, getattr(ack, field))
    row.proved, row.misdrawn = verdict.proved, verdict.misdrawn
    row.since, row.holds_until = verdict.since, verdict.holds_until
    forget_words(unit, device, position, (ack.epoch, ack.rev))
    failed = ack.state == "failed" or verdict.misdrawn or judged.early
    kind = "failed" if failed else "shown" if ack.state == "shown" else "pending"
    facts = {"store": stores.get(position), "position": position, "device": device}
    return f"tile.{kind}", {**facts, "price": ack.price, "rev": ack.rev, "proved": verdict.proved}


def _clear(row: DeliveredTileRow) -> None:
    """The device says nothing of this tile: nothing hangs there, as far as is known."""
    for field in (*_ACKED, "since", "holds_until"):
        setattr(row, field, None)
    row.proved = row.misdrawn = False


def _look_again(row: DeliveryRow, tiles: Sequence[DeliveredTileRow], now: int) -> int | None:
    """Say when a confirmation is owed: now, at the next flip, or not at all."""
    if (row.heard_epoch, row.heard_rev) < (row.epoch, row.rev) or any(map(_owes, tiles)):
        return now if row.look_at is None else min(row.look_at, now)
    flips = [tile.holds_until for tile in tiles if tile.holds_until is not None]
    return min(flips, default=None)


def _owes(tile: DeliveredTileRow) -> bool:
    if tile.pushed_rev is None:
        return tile.rev is not None
    if tile.state == "failed":
        return False
    return (tile.epoch, tile.rev) != (tile.pushed_epoch, tile.pushed_rev) or tile.state != "shown"


def _tiles(unit: Unit, device: str) -> dict[str, DeliveredTileRow]:
    rows = unit.scalars(select(DeliveredTileRow).where(DeliveredTileRow.device_id == device))
    return {row.position: row for row in rows}
