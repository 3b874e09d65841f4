"""Watching twins for confirmations, through the service API.

A sweep asks for the heads of all twins every few seconds: who is connected, and whose twin moved.
Devices that owe a confirmation are read sooner, with growing pauses, as long as the hub's budget of
twin reads lasts. Both only find out what to read; what a twin means is decided in `acks`.
"""

import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from cloud_service.catalog.tables import DeviceRow
from cloud_service.clock import Clock
from cloud_service.delivery.acks import Acks, Reading
from cloud_service.delivery.errors import DeviceUnknown, HubError
from cloud_service.delivery.pace import Pause, Steady, TokenBucket
from cloud_service.delivery.tables import DeliveryRow
from cloud_service.delivery.twins import TwinHead, Twins
from cloud_service.errors import Unavailable
from cloud_service.storage import Storage

log = logging.getLogger(__name__)

THREADS = 3
BATCH = 100
PAUSES_S = (0.15, 0.2, 0.3, 0.4, 0.6, 1.0, 1.5, 2.0, 3.0, 5.0)
"""How long a device that owes a confirmation is left before it is read again."""


@dataclass(frozen=True)
class Owing:
    """A device that owes a confirmation of a revision, and the etag believed of it."""

    device: str
    rev: int
    etag: str | None


@dataclass
class Patience:
    """When each owing device is worth reading; a new revision begins anew."""

    steady: Steady
    _tries: dict[str, tuple[int, int, float]] = field(default_factory=dict)

    def ripe(self, owing: Iterable[Owing]) -> list[Owing]:
        """Return those whose pause is over; forget the others that owe nothing any more."""
        now = self.steady()
        here = {one.device: one for one in owing}
        self._tries = {
            device: tried
            for device, tried in self._tries.items()
            if device in here and here[device].rev == tried[0]
        }
        for one in here.values():
            self._tries.setdefault(one.device, (one.rev, 0, now + PAUSES_S[0]))
        return [one for one in here.values() if self._tries[one.device][2] <= now]

    def read(self, one: Owing) -> None:
        """Note that a device is being read; the next pause is longer."""
        count = self._tries[one.device][1] + 1
        pause = PAUSES_S[min(count, len(PAUSES_S) - 1)]
        self._tries[one.device] = (one.rev, count, self.steady() + pause)


@dataclass(frozen=True)
class Reader:
    """The hub, with what protects it."""

    twins: Twins
    reads: TokenBucket
    pause: Pause
    steady: Steady


class Watch:
    """Reads what is worth reading and hands it to the acks."""

    def __init__(
        self, storage: Storage, clock: Clock, acks: Acks, reader: Reader, sweep_s: float
    ) -> None:
        self._storage, self._clock, self._acks = storage, clock, acks
        self._twins, self._reads, self._pause = reader.twins, reader.reads, reader.pause
        self._steady, self._sweep_s = reader.steady, sweep_s
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="read")
        self._patience = Patience(reader.steady)
        self._moved: dict[str, Owing] = {}
        self._next_sweep = 0.0

    def run_once(self) -> int:
        """Sweep where it is time, read what is worth reading; return how many were read."""
        if self._pause.left() > 0:
            return 0
        try:
            if self._steady() >= self._next_sweep:
                self._next_sweep = self._steady() + self._sweep_s
                self._sweep()
            return self._read(self._choose())
        except HubError as error:
            if self._pause.begin():
                log.warning("%s; not watching for %.1f s", error, self._pause.left())
            return 0

    def close(self) -> None:
        """Let the reads under way end."""
        self._pool.shutdown()

    def _sweep(self) -> None:
        known = self._known()
        heads = {head.device: head for head in self._twins.heads() if head.device in known}
        self._pause.end()
        changed = [
            device
            for device, (row, _) in known.items()
            if _connected(row) != (device in heads and heads[device].connected)
        ]
        if changed:
            self._acks.link(heads, changed)
        for device, head in heads.items():
            row, owing = known[device]
            if _moved(head, row):
                self._moved[device] = owing

    def _known(self) -> dict[str, tuple[tuple[int, bool] | None, Owing]]:
        """Return (twin version, connected) as stored, for every device of the planogram."""
        query = select(
            DeviceRow.id, DeliveryRow.device_id, DeliveryRow.twin_version,
            DeliveryRow.connected, DeliveryRow.rev, DeliveryRow.etag,
        ).outerjoin(DeliveryRow, DeliveryRow.device_id == DeviceRow.id)  # fmt: skip
        with self._storage.read() as unit:
            return {
                device: ((version, linked) if row else None, Owing(device, rev or 0, etag))
                for device, row, version, linked, rev, etag in unit.execute(query)
            }

    def _choose(self) -> list[Owing]:
        """Return what to read now: twins that moved, then those that owe, within the budget."""
        budget = min(BATCH, self._reads.available())
        moved = list(self._moved.values())[:budget]
        for one in moved:
            del self._moved[one.device]
        taken = {one.device for one in moved}
        ripe = [one for one in self._patience.ripe(self._owing()) if one.device not in taken]
        owing = ripe[: budget - len(moved)]
        for one in owing:
            self._patience.read(one)
        return moved + owing

    def _owing(self) -> list[Owing]:
        query = select(DeliveryRow.device_id, DeliveryRow.rev, DeliveryRow.etag).where(
            DeliveryRow.look_at <= self._clock.now(), DeliveryRow.connected
        )
        with self._storage.read() as unit:
            return [Owing(*row) for row in unit.execute(query.order_by(DeliveryRow.look_at))]

    def _read(self, chosen: Sequence[Owing]) -> int:
        for _ in chosen:
            self._reads.delay()
        readings = [reading for reading in self._pool.map(self._reading, chosen) if reading]
        if readings:
            self._take(readings)
        return len(readings)

    def _take(self, readings: Sequence[Reading]) -> None:
        """Hand readings on; one that breaks its batch is named, the others go on."""
        try:
            self._acks.take(readings)
        except (Unavailable, SQLAlchemyError):
            raise  # the database's trouble, not a device's
        except Exception:
            if len(readings) > 1:
                for reading in readings:
                    self._take([reading])
            else:
                log.exception("%s: its report cannot be taken", readings[0].twin.head.device)

    def _reading(self, one: Owing) -> Reading | None:
        try:
            return Reading(self._twins.read(one.device), one.etag)
        except DeviceUnknown:
            return None  # the next sweep says that it is not connected


def _connected(row: tuple[int, bool] | None) -> bool | None:
    return row[1] if row else None


def _moved(head: TwinHead, row: tuple[int, bool] | None) -> bool:
    return row is None or head.version != row[0]
