"""One database, several processes: units of work that commit whole or not at all.

SQLite runs in WAL with synchronous=FULL, because acknowledged means committed. A unit that writes
takes the write lock when it begins (BEGIN IMMEDIATE): it waits for its turn there, and never fails
half way because another process wrote first.

On PostgreSQL a unit that writes is an ordinary transaction (READ COMMITTED): it locks the rows that
it will change. Units that must not run beside each other take a turn of their own, see `alone`.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import Session

from cloud_service.errors import Conflict, Invalid, Unavailable

Unit = Session
"""A unit of work: everything done in it is committed together when it ends without an error."""

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for the others; an import of a million rows holds the lock seconds."""

CONNECTIONS = 15
"""How many a process opens to PostgreSQL at most; who finds none free waits for one."""

_TURN = 0x626F_6F6B


class Storage:
    """The database behind a URL. `begin` writes, `read` sees one snapshot and writes nothing."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self._reading = self.engine.execution_options(edge_shelf_reading=True)
        if self.dialect == "postgresql":
            self._reading = self._reading.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @property
    def dialect(self) -> str:
        """The database's kind: sqlite or postgresql."""
        return self.engine.dialect.name

    @contextmanager
    def begin(self) -> Iterator[Unit]:
        """Open a unit of work that may write; it commits at the end, or undoes all on an error."""
        with translated(), Session(self.engine) as unit, unit.begin():
            # The lock is taken now, not at the first statement: what is read before is still true.
            unit.connection()
            yield unit

    @contextmanager
    def alone(self) -> Iterator[Unit]:
        """Open a unit of work that may write, while no other of its kind runs.

        What it read still holds when it commits, and its revisions become visible in their order.
        All that changes prices, planograms or drafts works so.
        """
        with self.begin() as unit:
            _take_turn(unit)
            yield unit

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """Open a unit of work that only reads, on one snapshot, beside any writer."""
        with translated(), Session(self._reading) as unit, unit.begin():
            yield unit

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Open a bare connection, for work whose steps begin and commit by themselves."""
        with translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def desk(self) -> Iterator[Connection]:
        """Open a connection with a desk of its own: temporary tables, which keep nobody waiting.

        Work on it in transactions of `connection.begin()`, which only read what others see; then
        `unit_on` brings it over.
        """
        with translated(), self.engine.connect() as connection:
            yield connection.execution_options(edge_shelf_reading=True)

    @contextmanager
    def unit_on(self, desk: Connection) -> Iterator[Unit]:
        """Open a unit of work, alone, on a desk, whose temporary tables it sees."""
        desk.execution_options(edge_shelf_reading=False)
        try:
            with Session(desk) as unit, unit.begin():
                _take_turn(unit)
                yield unit
        finally:
            desk.execution_options(edge_shelf_reading=True)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


@contextmanager
def translated() -> Iterator[None]:
    """Turn a database's trouble into words, without its statement or URL.

    Unavailable: it does not answer, or keeps us waiting too long. Conflict: somebody else added
    the same at the same moment. Invalid: it cannot hold a value, such as a text with a NUL.
    """
    try:
        yield
    except (OperationalError, PoolExhausted) as error:
        raise Unavailable(f"The database does not take this now: {_reason(error)}") from error
    except DataError as error:
        raise Invalid("value", _reason(error)) from error
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) != _UNIQUE_VIOLATION:
            raise
        reason = "Somebody else added the same at the same moment; look at it again."
        raise Conflict(reason) from error


_UNIQUE_VIOLATION = "23505"


def _reason(error: OperationalError | DataError | PoolExhausted) -> str:
    said = str(getattr(error, "orig", None) or "no connection is free")
    return said.splitlines()[0] if said else "no reason given"


def _take_turn(unit: Unit) -> None:
    """Wait until no other unit that runs alone does; on SQLite every writer is alone."""
    if unit.connection().dialect.name == "postgresql":
        unit.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TURN})


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return _postgresql(parsed)
    if parsed.database:
        _make_private(Path(parsed.database).absolute())
    engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(url: URL) -> Engine:
    """Open PostgreSQL: short statements, so no JIT; a lock is waited for as long as SQLite's."""
    given = url.query.get("options", "")
    options = f"-c lock_timeout={BUSY_TIMEOUT_MS} -c jit=off {given}"
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={"options": options, "application_name": "edge-shelf"},
        pool_pre_ping=True,
        pool_size=CONNECTIONS // 3,
        max_overflow=CONNECTIONS - CONNECTIONS // 3,
    )


def _make_private(file: Path) -> None:
    # It holds password hashes. SQLite gives the log beside it the rights of the database.
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # Python's sqlite3 begins transactions by itself and late; without it, we say when and how.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("edge_shelf_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
