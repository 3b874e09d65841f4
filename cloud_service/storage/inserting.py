"""Inserts that know what to do where the row stands already, in each database's own words."""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from cloud_service.storage.base import Base
from cloud_service.storage.engine import Unit


def insert_into(place: Unit | Connection, table: type[Base] | Table) -> sqlite.Insert:
    """Return the insert that knows ON CONFLICT; that of PostgreSQL reads like SQLite's."""
    if dialect_of(place) == "postgresql":
        return postgresql.insert(table)  # type: ignore[return-value]
    return sqlite.insert(table)


def dialect_of(place: Unit | Connection) -> str:
    """Return the kind of database in which a unit or a connection works."""
    bound: Any = place if isinstance(place, Connection) else place.get_bind()
    return str(bound.dialect.name)
