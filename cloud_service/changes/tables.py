"""Changes: who drafted, approved and published what, when and why."""

from typing import Any, Literal, get_type_hints

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Integer, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from cloud_service.changes.states import State
from cloud_service.pricing.imports.rows import StagedRow
from cloud_service.storage.base import Base

Kind = Literal["price", "promotion", "import", "planogram", "bundle", "rollback"]


class ChangeRow(Base):
    """A change, drafted or published, with what it touched, counted. Instants are UTC seconds."""

    __tablename__ = "changes"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(String)
    store_id: Mapped[str | None] = mapped_column(ForeignKey("stores.id"), index=True)
    """The store it was made for; its scope may be the store's whole zone."""
    scope: Mapped[str]
    state: Mapped[State] = mapped_column(String, index=True)
    version: Mapped[int]
    """Counts edits, so that two editors notice each other."""
    revision: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"), unique=True)
    """The revision it wrote; None while it is not published."""
    actor: Mapped[str]
    """Its author."""
    note: Mapped[str]
    at: Mapped[int]
    """When it was published, or drafted while it is not."""
    effective_from: Mapped[int | None]
    """When it takes effect; None: as soon as it is published."""
    effective_until: Mapped[int | None]
    needs_approval: Mapped[bool]
    confirmed: Mapped[bool]
    """Its author said that what looks like a slip is meant."""
    approved_by: Mapped[str | None]
    restores: Mapped[str | None]
    """The change that it rolls back."""
    prices: Mapped[int]
    tiles: Mapped[int]


class ChangeLineRow(Base):
    """What a draft does to one product's price. All of `amount` and `entry` None: take it away."""

    __tablename__ = "change_lines"
    __table_args__ = ({"sqlite_with_rowid": False},)

    change_id: Mapped[str] = mapped_column(ForeignKey("changes.id"), primary_key=True)
    sku: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int | None]
    """What one piece costs from then on."""
    entry: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The whole price entry."""
    seen: Mapped[int | None]
    """The revision of the price that the author saw; None: there was none."""


class ChangePromotionRow(Base):
    """A promotion that a draft starts, changes or ends, as a document with its SKUs."""

    __tablename__ = "change_promotions"
    __table_args__ = ({"sqlite_with_rowid": False},)

    change_id: Mapped[str] = mapped_column(ForeignKey("changes.id"), primary_key=True)
    promotion_id: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)


class ChangeListRow(Base):
    """A price list that waits; its rows stand in LISTED until it is published or cancelled."""

    __tablename__ = "change_lists"
    __table_args__ = ({"sqlite_with_rowid": False},)

    change_id: Mapped[str] = mapped_column(ForeignKey("changes.id"), primary_key=True)
    facts: Mapped[list[str]] = mapped_column(JSON)
    """What of a product the list speaks of."""
    rows: Mapped[int]


def _listed_columns() -> list[Column[Any]]:
    """Return the columns of a staged row, but for its line and its key."""
    kinds: dict[type, Any] = {bool: Boolean(), str: String()}
    number = BigInteger().with_variant(Integer(), "sqlite")
    hints = {
        name: hint for name, hint in get_type_hints(StagedRow).items() if name not in {"row", "sku"}
    }
    columns: list[Column[Any]] = []
    for name, hint in hints.items():
        kind = next((kinds[one] for one in kinds if hint in {one, one | None}), number)
        columns.append(Column(name, kind, nullable=hint not in kinds))
    return columns


LISTED = Table(
    "change_list_rows",
    Base.metadata,
    Column("change_id", String(), ForeignKey("changes.id"), primary_key=True),
    Column("sku", String(), primary_key=True),
    Column("seen", BigInteger().with_variant(Integer(), "sqlite")),
    Column("seen_product", BigInteger().with_variant(Integer(), "sqlite")),
    *_listed_columns(),
    sqlite_with_rowid=False,
)
"""What a waiting list changes: its rows that differ from the book, each with the revisions of the
price (`seen`) and of the product that stood there then; None: there was none."""
