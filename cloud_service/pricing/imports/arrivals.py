"""Files that arrived under a name: what came of the last one, so that each is taken once.

A name alone does not say it, for a till may write `prices.csv` every night; content alone does not
either, for prices may go back to what they were. So a file is new when it differs from the last
one of its name.
"""

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cloud_service.storage.base import Base
from cloud_service.storage.engine import Unit

_CHUNK = 1 << 20


class ArrivalRow(Base):
    """The last file that arrived for a store under a name."""

    __tablename__ = "arrivals"
    __table_args__ = ({"sqlite_with_rowid": False},)

    store_id: Mapped[str] = mapped_column(ForeignKey("stores.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    at: Mapped[int]
    change_id: Mapped[str | None]
    refused: Mapped[str | None]


@dataclass(frozen=True)
class Arrival:
    """A file that arrived under a name, and what came of it: `at` in UTC seconds.

    `change_id` is None where it changed nothing, or was `refused` for a reason.
    """

    store_id: str
    name: str
    sha256: str
    at: int
    change_id: str | None = None
    refused: str | None = None


def find_arrival(unit: Unit, store_id: str, name: str) -> Arrival | None:
    """Return what came of the last file of a name, None before the first."""
    row = unit.get(ArrivalRow, (store_id, name))
    if row is None:
        return None
    return Arrival(row.store_id, row.name, row.sha256, row.at, row.change_id, row.refused)


def keep_arrival(unit: Unit, arrival: Arrival) -> None:
    """Remember a file in place of the last one of its name."""
    unit.merge(
        ArrivalRow(
            store_id=arrival.store_id,
            name=arrival.name,
            sha256=arrival.sha256,
            at=arrival.at,
            change_id=arrival.change_id,
            refused=arrival.refused,
        )
    )


def digest(stream: BinaryIO) -> str:
    """Return the SHA-256 of what is left of a stream, which is left where it was."""
    here, found = stream.tell(), hashlib.sha256()
    while chunk := stream.read(_CHUNK):
        found.update(chunk)
    stream.seek(here)
    return found.hexdigest()
