"""What the catalogue keeps: stores, products, devices and positions. Instants are UTC seconds."""

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cloud_service.storage.base import Base


class StoreRow(Base):
    """A store. Its price zone is where its prices are kept; by default its own."""

    __tablename__ = "stores"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    tz: Mapped[str]
    currency: Mapped[str]
    locale: Mapped[str]
    jurisdiction: Mapped[str]
    zone: Mapped[str] = mapped_column(index=True)


class ProductRow(Base):
    """A product, the same in all stores. `revision` is the one that last changed it.

    Net content is `net_milli` thousandths of `net_measure`. `folded` is what search compares.
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

    `wanted_revision` is the newest revision that concerns it: what a shelf must have followed.
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
    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    panel: Mapped[str]
    sku: Mapped[str | None]
    wanted_revision: Mapped[int]
