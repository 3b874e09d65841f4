"""Migrations: brings a database to the newest schema, or back, in one transaction.

Several processes may start at once: the one that has the write lock migrates, the others wait for
it and find nothing left to do. A new step is written by `draft`, then read and kept by hand.
"""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, text

from cloud_service.storage.engine import Storage

_STEPS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 0x6D69_6772


def migrate(storage: Storage, metadata: MetaData, to: str = "head") -> None:
    """Bring the schema up to a step, the newest by default."""
    with storage.connect() as connection, connection.begin():
        _alone(connection)
        command.upgrade(_config(connection, metadata), to)


def downgrade(storage: Storage, metadata: MetaData, to: str) -> None:
    """Take the schema back to a step; `base` leaves nothing."""
    with storage.connect() as connection, connection.begin():
        _alone(connection)
        command.downgrade(_config(connection, metadata), to)


def draft(storage: Storage, metadata: MetaData, message: str, number: str) -> None:
    """Write the next step as a file: what lies between the database and the models."""
    with storage.connect() as connection, connection.begin():
        config = _config(connection, metadata)
        command.revision(config, message=message, autogenerate=True, rev_id=number)


def differences(storage: Storage, metadata: MetaData) -> list[object]:
    """Return what the database has otherwise than the models; empty when they agree."""
    with storage.connect() as connection, connection.begin():
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def _config(connection: Connection, metadata: MetaData) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_STEPS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


def _alone(connection: Connection) -> None:
    """Keep other processes from migrating meanwhile; on SQLite the write lock does."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
