"""Keeps the hub's state on disk, so that nothing it acknowledged is lost to a crash.

Every change is written before anything that follows from it leaves the hub: whatever goes out waits
until all changes made before it are on disk. Changes that come together are committed together (one
fsync for a whole loop turn, or for all that came while the last one ran), on a thread of its own.
SQLite with a write-ahead log and synchronous=FULL lost nothing in 600 simulated power cuts.
"""

import asyncio
import json
import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

from simulators.iothub.core.event_log import Mark, StoredEvent
from simulators.iothub.core.hub import Device
from simulators.iothub.core.identity import Identity
from simulators.iothub.core.mailbox import CloudMessage
from simulators.iothub.core.provisioning.enrollment import Enrollment, from_plain
from simulators.iothub.core.provisioning.registration import Registration
from simulators.iothub.core.stamps import Stamps
from simulators.iothub.core.twin import Section, Twin
from simulators.iothub.server.errors import HubStartError, JournalError
from simulators.iothub.server.rows import (
    PUT_SETTING,
    SECTIONS,
    STEPS,
    Kept,
    Row,
    event_of,
    message_of,
    rows,
)

logger = logging.getLogger(__name__)


class Journal:
    """The state on disk. `keep` takes changes, `after` lets out what follows from them."""

    def __init__(
        self, path: Path, failed: Callable[[JournalError], None], most_bytes: int | None = None
    ) -> None:
        """Open or make the file; `failed` is told once if writing stops working.

        `most_bytes` bounds the file; without it only the disk does.
        """
        self._database = _open(path)
        if most_bytes is not None:
            pages = most_bytes // self._database.execute("PRAGMA page_size").fetchone()[0]
            self._database.execute(f"PRAGMA max_page_count = {pages}")
        self._failed = failed
        self._broken = False
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="hub-journal")
        self._rows: list[Row] = []
        self._kept = self._durable = 0
        self._waiting: deque[tuple[int, Callable[[], None]]] = deque()
        self._writing: asyncio.Task[None] | None = None

    # -- reading, before the hub starts

    def devices(self) -> Iterator[Device]:
        """Give what was kept."""
        sections, mail = self._sections(), self._mail()
        filters = dict(self._database.execute("SELECT id, filters FROM subscriptions"))
        newest = "SELECT id, max(twin_version), max(twin_writes) FROM sections GROUP BY id"
        twins = {row[0]: row[1:] for row in self._database.execute(newest)}
        for device_id, identity in self._database.execute("SELECT id, identity FROM devices"):
            version, writes = twins[device_id]
            parts = {name: sections[device_id, name] for name in SECTIONS}
            yield Device(
                Identity.from_plain(json.loads(identity)),
                Twin(**parts, version=version, writes=writes),
                tuple((text, qos) for text, qos in json.loads(filters.get(device_id, "[]"))),
                mailbox=tuple(mail.get(device_id, ())),
            )

    def _mail(self) -> dict[str, list[CloudMessage]]:
        found: dict[str, list[CloudMessage]] = {}
        for device_id, *row in self._database.execute("SELECT * FROM mail ORDER BY id, number"):
            found.setdefault(device_id, []).append(message_of(tuple(row)))
        return found

    def _sections(self) -> dict[tuple[str, str], Section]:
        columns = "id, name, text, stamps, version"
        rows = self._database.execute(f"SELECT {columns} FROM sections")  # noqa: S608  # our own
        return {
            (device_id, name): Section(text, Stamps.from_plain(json.loads(stamps)), version)
            for device_id, name, text, stamps, version in rows
        }

    def marks(self) -> Iterator[Mark]:
        """Give where each partition of events goes on."""
        return (Mark(*row) for row in self._database.execute("SELECT * FROM marks"))

    def events(self) -> Iterator[StoredEvent]:
        """Give the events that were kept, in the order of each partition."""
        found = self._database.execute("SELECT * FROM events ORDER BY partition, sequence")
        return map(event_of, found)

    def enrollments(self) -> Iterator[Enrollment]:
        """Give who may be provisioned."""
        found = self._database.execute("SELECT body FROM enrollments")
        return (from_plain(json.loads(body)) for (body,) in found)

    def registrations(self) -> Iterator[Registration]:
        """Give who was provisioned."""
        found = self._database.execute("SELECT body FROM registrations")
        return (Registration.from_plain(json.loads(body)) for (body,) in found)

    def setting(self, name: str, make: Callable[[], str]) -> str:
        """Give a setting of the hub; the first time it is made and kept."""
        found = self._database.execute("SELECT value FROM settings WHERE name = ?", (name,))
        if row := found.fetchone():
            return str(row[0])
        value = make()
        self._commit([(PUT_SETTING, (name, value))])
        return value

    # -- writing

    def keep(self, change: Kept) -> None:
        """Take a change; it is written together with whatever else this loop turn brings."""
        if not (fresh := list(rows(change))):
            return
        self._rows += fresh
        self._kept += 1
        if self._writing is None and not self._broken:
            self._writing = asyncio.get_running_loop().create_task(self._write())

    def after(self, release: Callable[[], None]) -> None:
        """Call `release` once all that was kept so far is on disk: now, or later, in order."""
        if self._broken:
            return
        if self._durable == self._kept and not self._waiting:
            release()
        else:
            self._waiting.append((self._kept, release))

    async def _write(self) -> None:
        try:
            while self._rows and not self._broken:
                await self._write_batch()
        except sqlite3.Error as error:
            self._break(error)
        finally:
            self._writing = None

    async def _write_batch(self) -> None:
        batch, self._rows = self._rows, []
        target = self._kept
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._writer, self._commit, batch)
        self._durable = target
        self._release()

    def _commit(self, batch: list[Row]) -> None:
        with self._database:
            self._database.execute("BEGIN")
            for statement, group in groupby(batch, key=lambda row: row[0]):
                self._database.executemany(statement, [values for _, values in group])

    def _release(self) -> None:
        while self._waiting and self._waiting[0][0] <= self._durable:
            self._waiting.popleft()[1]()

    def _break(self, error: sqlite3.Error) -> None:
        """What cannot be kept must not be acknowledged: say nothing more and stop."""
        self._broken = True
        self._waiting.clear()
        self._failed(JournalError(f"The hub's journal cannot be written: {error}"))

    async def close(self) -> None:
        """Write what is left and close the file."""
        while self._writing is not None:
            await asyncio.wait([self._writing])
        self._writer.shutdown()
        self._database.close()


def _open(path: Path) -> sqlite3.Connection:
    """Open the file with the guarantees the hub gives; raises HubStartError."""
    try:
        database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        path.chmod(0o600)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        found = database.execute("PRAGMA user_version").fetchone()[0]
        for number, step in enumerate(STEPS[found:], found + 1):
            database.executescript(f"BEGIN;{step}PRAGMA user_version = {number};COMMIT;")
    except sqlite3.Error as error:
        raise HubStartError(f"The hub's state in {path} cannot be read: {error}") from error
    if found > len(STEPS):
        raise HubStartError(f"{path} was written by another version (format {found}).")
    return database
