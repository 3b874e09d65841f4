"""The dispatcher of a world: reconcile and the sender are the product's, the database is a dict.

Its steps are those of `cloud_service.delivery.rounds`, each on its own on the calendar, so that it
can be killed between any two. What is in `Database` outlives that; nothing else does.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace

from cloud_service.delivery.errors import DeliveryError, Overtaken
from cloud_service.delivery.pace import Pause, TokenBucket
from cloud_service.delivery.reconcile import Heard, Pushed, Situation, Write
from cloud_service.delivery.sending import Sender
from cloud_service.delivery.twins import DeviceTwin
from label_templates.contract import wire
from label_templates.contract.errors import TwinError
from label_templates.contract.twin import SealAck
from simulators.world.book import Book
from simulators.world.clockwork import Clockwork
from simulators.world.law import Law
from simulators.world.network import ServiceLine
from simulators.world.seals import Seals

Reconcile = Callable[[Situation], Write | None]
PATIENCE_S = 5.0
"""How long a failed write waits for its next try."""


@dataclass(frozen=True)
class Stored:
    """One device's delivery, as a row of the database."""

    pushed: Pushed | None = None
    etag: str | None = None
    heard: Heard = field(default_factory=Heard)
    refusals: int = 0
    marks: int = 1
    marks_done: int = 0
    due_at: float = 0.0
    not_before: float = 0.0

    def waits(self, now: float) -> bool:
        """Tell whether the device must be looked at."""
        return now >= self.not_before and (self.marks > self.marks_done or self.due_at <= now)


@dataclass
class Database:
    """All that outlives a crash of the dispatcher."""

    epoch: int = 0
    rows: dict[str, Stored] = field(default_factory=dict)

    def put(self, device: str, **changes: object) -> None:
        """Change a row, durably."""
        self.rows[device] = replace(self.rows[device], **changes)  # type: ignore[arg-type]


class Cloud:
    """The dispatcher and the reader of acks."""

    def __init__(  # noqa: PLR0913, PLR0917  the parts of its world
        self, clockwork: Clockwork, line: ServiceLine, book: Book, seals: Seals, law: Law,
        reconcile: Reconcile, *, stores_first: bool,
    ) -> None:  # fmt: skip
        self._clockwork, self._line, self._book = clockwork, line, book
        self._seals, self._law, self._reconcile = seals, law, reconcile
        self._stores_first = stores_first
        self.database = Database()
        self._backup = Database()
        self._life = 0
        self._busy: set[str] = set()
        self._seen: dict[str, int] = {}
        self._start()

    def add(self, device: str) -> None:
        """Take a device into the planogram."""
        self.database.rows[device] = Stored()

    def mark(self, device: str) -> None:
        """Have a device looked at, because something was published for it."""
        self.database.put(device, marks=self.database.rows[device].marks + 1)
        self._then(self._clockwork.between(0.05, 0.2), self._look_once)

    def back_up(self) -> None:
        """Copy the database."""
        self._backup = deepcopy(self.database)

    def restore(self) -> None:
        """Put the copy in the database's place, and raise the epoch as the manual says."""
        self.crash(0.0)
        epoch = max(self._backup.epoch + 1, int(self._clockwork.now))
        rows = {device: self._backup.rows.get(device, Stored()) for device in self.database.rows}
        self.database = Database(epoch, rows)
        for device in rows:
            self.mark(device)

    def crash(self, pause_s: float) -> None:
        """Kill the dispatcher; another starts after a while."""
        self._life += 1
        self._busy.clear()
        self._seen.clear()
        self._clockwork.later(pause_s, self._start)

    # -- rounds

    def _start(self) -> None:
        self._life += 1
        steady = lambda: self._clockwork.now  # noqa: E731  the world's clock as a function
        self._sender = Sender(self._line, TokenBucket(1e9, 1e9, steady), Pause(steady))
        self._then(0.0, self._look)
        self._then(5.0, self._watch)

    def _then(self, after_s: float, act: Callable[[], None]) -> None:
        """Have the dispatcher do something, if it still lives then."""
        life = self._life
        self._clockwork.later(after_s, lambda: act() if self._life == life else None)

    def _look(self) -> None:
        self._look_once()
        self._then(self._clockwork.between(2.0, 60.0), self._look)

    def _look_once(self) -> None:
        now = self._clockwork.now
        for device, row in sorted(self.database.rows.items()):
            if row.waits(now) and device not in self._busy:
                self._busy.add(device)
                self._decide(device, row)

    def _decide(self, device: str, row: Stored) -> None:
        now = int(self._clockwork.now)
        situation = Situation(
            device=device, wanted=self._book.wanted(device, now), pushed=row.pushed,
            heard=row.heard, epoch=self.database.epoch, now=now,
            sealer=self._seals.sealer(device),
        )  # fmt: skip
        try:
            write = self._reconcile(situation)
        except TwinError as error:
            self._put_back(device, str(error))
            return
        if write is None:
            self._finish(device, row.marks, row.pushed.due_at if row.pushed else now + 60)
        elif not self._killed("dispatcher killed before storing"):
            self._then(0.05, lambda: self._store(device, row, write))

    def _store(self, device: str, row: Stored, write: Write) -> None:
        self._law.on_sealed(device, write.desired)
        pushed = Pushed(write.desired, write.covers_until, write.due_at, believed=False)
        if self._stores_first:
            self.database.put(device, pushed=pushed, etag=None)
        if not self._killed("dispatcher killed before sending"):
            self._then(
                self._clockwork.between(0.01, 1.0), lambda: self._send(device, row, pushed, write)
            )

    def _send(self, device: str, row: Stored, pushed: Pushed, write: Write) -> None:
        try:
            etag = self._sender.send(device, write, row.etag)
        except Overtaken as error:
            heard = self.database.rows[device].heard
            self.database.put(device, heard=replace(heard, order=max(heard.order, error.order)))
            self._put_back(device, str(error))
        except DeliveryError as error:
            self._put_back(device, str(error))
        else:
            self._clockwork.tell(f"{device} pushed {write.order}")
            if not self._killed("dispatcher killed before settling"):
                self._then(0.05, lambda: self._settle(device, row.marks, pushed, etag))

    def _settle(self, device: str, marks: int, pushed: Pushed, etag: str) -> None:
        stored = self.database.rows[device].pushed
        if stored is None or stored.desired == pushed.desired or not self._stores_first:
            believed = replace(pushed, believed=True)
            self.database.put(device, pushed=believed, etag=etag)
        self._finish(device, marks, pushed.due_at)

    def _finish(self, device: str, marks: int, due_at: float) -> None:
        self._busy.discard(device)
        self.database.put(device, marks_done=marks, due_at=due_at)

    def _put_back(self, device: str, why: str) -> None:
        self._clockwork.tell(f"{device} put back: {why}")
        self._busy.discard(device)
        self.database.put(device, not_before=self._clockwork.now + PATIENCE_S)
        self._then(PATIENCE_S, self._look_once)

    def _killed(self, where: str) -> bool:
        if self._clockwork.strikes(where, 0.03):
            self.crash(self._clockwork.between(0.5, 600.0))
            return True
        return False

    # -- acks

    def _watch(self) -> None:
        for head in self._line.heads():
            device, etag = head.device, self.database.rows[head.device].etag
            if self._seen.get(device) == head.version and etag in (None, head.etag):
                continue
            try:
                twin = self._line.read(device)
            except DeliveryError:
                continue
            self._seen[device] = head.version
            stale = self._clockwork.strikes("stale reading", 0.05)
            delay = self._clockwork.between(2.0, 60.0) if stale else 0.05
            self._then(delay, lambda twin=twin, etag=etag: self._take(twin, etag))  # type: ignore[misc]
        self._then(self._clockwork.between(5.0, 60.0), self._watch)

    def _take(self, twin: DeviceTwin, believed: str | None) -> None:
        device = twin.head.device
        self._seen[device] = twin.head.version
        self._check_drift(device, twin, believed)
        if twin.reported:
            reported = wire.read_reported(twin.reported)
            self._hear(device, reported.seal)

    def _check_drift(self, device: str, twin: DeviceTwin, believed: str | None) -> None:
        row = self.database.rows[device]
        if row.etag is None or row.etag != believed or row.pushed is None:
            return
        if wire.words(row.pushed.desired) == twin.desired:
            self.database.put(device, etag=twin.head.etag)
        else:
            doubted = replace(row.pushed, believed=False)
            self.database.put(device, pushed=doubted, etag=None, marks=row.marks + 1)

    def _hear(self, device: str, said: SealAck) -> None:
        row = self.database.rows[device]
        order = (said.epoch, said.rev)
        pushed_rev = row.pushed.desired.seal.rev if row.pushed else 0
        refused = said.refused_rev if said.refused_rev == pushed_rev else None
        refusals = row.refusals
        if refused is None:
            refusals = 0 if row.pushed and order == row.pushed.desired.seal.order else refusals
        elif row.heard.refused_rev != refused:
            refusals += 1
        if row.heard.lacks != said.lacks:
            self.mark(device)
        heard = Heard(max(row.heard.order, order), refused, said.bundle, said.lacks)
        due_at = row.due_at
        if refused is not None:
            due_at = min(due_at, self._clockwork.now + 60.0 * (refusals - 1))
        self.database.put(device, heard=heard, refusals=refusals, due_at=due_at)
