"""Changes: who published what, when and why."""

from typing import Literal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from cloud_service.storage.base import Base

Kind = Literal["price", "import", "planogram"]


class ChangeRow(Base):
    """A change that was published, with what it touched, counted."""

    __tablename__ = "changes"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(String)
    store_id: Mapped[str | None] = mapped_column(ForeignKey("stores.id"), index=True)
    revision: Mapped[int] = mapped_column(ForeignKey("revisions.id"), unique=True)
    actor: Mapped[str]
    note: Mapped[str]
    at: Mapped[int]
    prices: Mapped[int]
    tiles: Mapped[int]
