"""One database, several processes: units of work that commit whole or not at all.

SQLite runs in WAL with synchronous=FULL, because acknowledged means committed. A unit that writes
takes the write lock when it begins (BEGIN IMMEDIATE): it waits for its turn there, and never fails
half way because another process wrote first. On other databases a unit is an ordinary transaction.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from cloud_service.errors import Unavailable

Unit = Session
"""A unit of work: everything done in it is committed together when it ends without an error."""

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for the others; an import of a million rows holds the lock seconds."""


class Storage:
    """The database behind a URL. `begin` writes, `read` sees one snapshot and writes nothing."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self._reading = self.engine.execution_options(edge_shelf_reading=True)

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
        with translated(), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def unit_on(self, desk: Connection) -> Iterator[Unit]:
        """Open a unit of work that may write, on a desk, whose temporary tables it sees."""
        desk.execution_options(edge_shelf_reading=False)
        try:
            with Session(desk) as unit, unit.begin():
                unit.connection()
                yield unit
        finally:
            desk.execution_options(edge_shelf_reading=True)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


@contextmanager
def translated() -> Iterator[None]:
    """Turn a database that does not answer into Unavailable, without its statement or URL."""
    try:
        yield
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0] if error.orig else "no reason given"
        raise Unavailable(f"The database does not take this now: {reason}") from error


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database:
        _make_private(Path(parsed.database).absolute())
    engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


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
