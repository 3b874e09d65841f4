"""The price book: revisions that never change, and entries that are only added.

What a product costs in a zone is its entry with the highest revision. The key (zone, SKU,
revision) makes that one step down an index, so no second table of present prices can disagree.
Amounts are minor units of the store's currency, instants UTC seconds, windows half-open.
"""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cloud_service.storage.base import Base


class RevisionRow(Base):
    """One published step of the book. Ids rise over all zones."""

    __tablename__ = "revisions"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    zone: Mapped[str] = mapped_column(index=True)
    at: Mapped[int]
    actor: Mapped[str]
    note: Mapped[str]


class PriceRow(Base):
    """A product's whole price in a zone from a revision on."""

    __tablename__ = "price_entries"
    __table_args__ = ({"sqlite_with_rowid": False},)

    zone: Mapped[str] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    previous: Mapped[int | None]
    """The revision this one replaced; None: the product had no price in this zone."""
    regular: Mapped[int | None]
    special: Mapped[int | None]
    special_from: Mapped[int | None]
    special_until: Mapped[int | None]
    low_30: Mapped[int | None]
    """The lowest price of the 30 days before the special price began."""
    reference: Mapped[int | None]
    reference_date: Mapped[str | None]
    multi_quantity: Mapped[int | None]
    multi_price: Mapped[int | None]
    multi_must_buy: Mapped[bool]
    multi_from: Mapped[int | None]
    multi_until: Mapped[int | None]
