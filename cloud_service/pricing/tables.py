"""The price book: revisions that never change, and entries that are only added.

What a product costs follows from its records (see offering.py); no second table of present prices
can disagree. Where a price is kept is its zone, or a store's own scope: `@` and the store's id.
Amounts are minor units of the store's currency, instants UTC seconds, windows half-open.
"""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
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
    """A product's whole price in a zone, or in a store's own scope, for a span of time."""

    __tablename__ = "price_entries"
    __table_args__ = ({"sqlite_with_rowid": False},)

    zone: Mapped[str] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    """Of RevisionRow, without a foreign key: all rows of a list have one, see ADR 40."""
    effective_from: Mapped[int] = mapped_column(primary_key=True)
    effective_until: Mapped[int | None]
    previous: Mapped[int | None]
    """The newest revision before this one; None: the product had no price in this zone."""
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


class PromotionRow(Base):
    """A promotion as one revision wrote it; the newest revision of an id counts."""

    __tablename__ = "promotions"
    __table_args__ = (Index("ix_promotions_scope", "scope"), {"sqlite_with_rowid": False})

    id: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    scope: Mapped[str]
    name: Mapped[str]
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    """See terms.py."""
    since: Mapped[int]
    until: Mapped[int | None]
    programme: Mapped[str | None]
    limit: Mapped[int | None]
    priority: Mapped[int]
    stacks: Mapped[bool]


class PromotionProductRow(Base):
    """A product that a revision of a promotion names."""

    __tablename__ = "promotion_products"
    __table_args__ = ({"sqlite_with_rowid": False},)

    sku: Mapped[str] = mapped_column(primary_key=True)
    promotion_id: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
