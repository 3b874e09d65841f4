"""The audit trail: who did what, when and why. Append-only, in the transaction of what it tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from cloud_service.storage.base import Base
from cloud_service.storage.engine import Unit


class AuditRow(Base):
    """One thing that somebody did. `subject` names what it was done to: a change, a store."""

    __tablename__ = "audit_trail"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[int]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    why: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


@dataclass(frozen=True)
class Deed:
    """One thing that somebody did: `at` UTC seconds, `why` in their own words, perhaps empty."""

    at: int
    actor: str
    action: str
    subject: str
    why: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def record(unit: Unit, deed: Deed) -> None:
    """Write a deed in the unit of what was done."""
    row = {name: getattr(deed, name) for name in ("at", "actor", "action", "subject", "why")}
    unit.execute(insert(AuditRow), [{**row, "data": dict(deed.data)}])


def trail(unit: Unit, subject: str | None = None, limit: int = 100) -> list[Deed]:
    """Return the deeds, those done to one subject or all, newest first."""
    query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    if subject is not None:
        query = query.where(AuditRow.subject == subject)
    return [
        Deed(row.at, row.actor, row.action, row.subject, row.why, row.data)
        for row in unit.scalars(query)
    ]
