"""What the catalogue keeps: zones, stores, products, devices and positions.

Amounts are minor units of the currency beside them, instants UTC seconds, days `2026-06-21`.
"""

from sqlalchemy import JSON, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from cloud_service.storage.base import Base


class ZoneRow(Base):
    """A price zone: where prices are kept that several stores share."""

    __tablename__ = "price_zones"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    currency: Mapped[str]


class StoreRow(Base):
    """A store. Its price zone is where its prices are kept; by default its own.

    `hours` are seven days from Monday on, as `catalog.hours` reads them; None: not known.
    `exceptions` are days that go otherwise, by date. `version` counts edits.
    """

    __tablename__ = "stores"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    tz: Mapped[str]
    currency: Mapped[str]
    locale: Mapped[str]
    jurisdiction: Mapped[str]
    zone: Mapped[str] = mapped_column(index=True)
    bundle: Mapped[str | None]
    """The template bundle that its tiles are drawn with; None: the installed one."""
    hours: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    exceptions: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    day_begins: Mapped[str] = mapped_column(server_default="04:00")
    """When its business day begins."""
    version: Mapped[int] = mapped_column(server_default="1")


class ProductRow(Base):
    """A product, the same in all stores. `revision` is the one that last changed it.

    Net content is `net_milli` thousandths of `net_measure`. `folded` is what search compares.
    `gtin` is the one that is printed; others stand in product_gtins. `image` and `facts` are the
    SHA-256 of files that a template bundle brings, see contract.facts.
    """

    __tablename__ = "products"
    __table_args__ = ({"sqlite_with_rowid": False},)

    sku: Mapped[str] = mapped_column(primary_key=True)
    gtin: Mapped[str | None] = mapped_column(index=True)
    name: Mapped[str]
    brand: Mapped[str | None]
    size: Mapped[str | None]
    net_milli: Mapped[int | None]
    net_measure: Mapped[str | None]
    category: Mapped[str | None]
    weighed: Mapped[bool]
    folded: Mapped[str]
    revision: Mapped[int]
    plu: Mapped[str | None]
    cost: Mapped[int | None]
    """What it costs the chain, minor units of `cost_currency`; never leaves the service's house."""
    cost_currency: Mapped[str | None]
    perishable: Mapped[bool] = mapped_column(server_default=false())
    on_sale_since: Mapped[str | None]
    origin: Mapped[str | None]
    image: Mapped[str | None]
    facts: Mapped[str | None]


class GtinRow(Base):
    """A GTIN that names a product, beside the one that is printed.

    The key is the GTIN with 14 digits, so that one number never names two products.
    """

    __tablename__ = "product_gtins"
    __table_args__ = ({"sqlite_with_rowid": False},)

    gtin14: Mapped[str] = mapped_column(primary_key=True)
    gtin: Mapped[str]
    """As written, with its own number of digits."""
    sku: Mapped[str] = mapped_column(ForeignKey("products.sku"), index=True)


class DepositRow(Base):
    """The deposit on a product where a law asks for one: in a country, or in one of its parts."""

    __tablename__ = "product_deposits"
    __table_args__ = ({"sqlite_with_rowid": False},)

    sku: Mapped[str] = mapped_column(ForeignKey("products.sku"), primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]
    currency: Mapped[str]


class DeviceRow(Base):
    """A device and whether it must be looked at.

    `marks` counts what was published for it, `marks_done` how far a dispatcher has followed; the
    two differ while work waits. `due_at` wakes a device that nobody edits. A claim is a lease:
    when `claimed_until` has passed, another dispatcher may take the device.
    """

    __tablename__ = "devices"
    __table_args__ = (
        Index("ix_devices_marked", "marked_at", sqlite_where=text("marks > marks_done"),
              postgresql_where=text("marks > marks_done")),
        Index("ix_devices_due_at", "due_at"),
        Index("ix_devices_store_id", "store_id"),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True)
    store_id: Mapped[str] = mapped_column(ForeignKey("stores.id"))
    marks: Mapped[int] = mapped_column(server_default="0")
    marks_done: Mapped[int] = mapped_column(server_default="0")
    marked_at: Mapped[int | None]
    due_at: Mapped[int | None]
    claimed_until: Mapped[int | None]
    claimed_by: Mapped[str | None]


class PositionRow(Base):
    """A planogram place: its device and panel, and the product that stands there.

    Without a device its panel is paper. `wanted_revision` is the newest revision that concerns it:
    what a shelf must have followed.
    """

    __tablename__ = "positions"
    __table_args__ = (
        Index("ix_positions_store_id_sku", "store_id", "sku"),
        Index("ix_positions_sku", "sku"),
        Index("ix_positions_device_id", "device_id"),
        Index("ix_positions_wanted_revision", "wanted_revision"),
    )

    store_id: Mapped[str] = mapped_column(ForeignKey("stores.id"), primary_key=True)
    position: Mapped[str] = mapped_column(primary_key=True)
    device_id: Mapped[str | None] = mapped_column(ForeignKey("devices.id"))
    panel: Mapped[str]
    sku: Mapped[str | None]
    wanted_revision: Mapped[int]
    facings: Mapped[int] = mapped_column(server_default="1")
    """How many units of the product stand side by side."""


class HungRow(Base):
    """What hung at a position from a revision on; append-only. Without a panel: nothing."""

    __tablename__ = "planogram_entries"
    __table_args__ = ({"sqlite_with_rowid": False},)

    store_id: Mapped[str] = mapped_column(ForeignKey("stores.id"), primary_key=True)
    position: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    device_id: Mapped[str | None]
    panel: Mapped[str | None]
    sku: Mapped[str | None]
    facings: Mapped[int]


class FixtureRow(Base):
    """The name of a bay, or of one of its shelves: `Dairy`, `Yoghurt`. Shelf 0 is the bay."""

    __tablename__ = "fixtures"
    __table_args__ = ({"sqlite_with_rowid": False},)

    store_id: Mapped[str] = mapped_column(ForeignKey("stores.id"), primary_key=True)
    bay: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shelf: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
