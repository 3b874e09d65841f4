"""Price book: stores, products, planograms, devices, prices, changes and events."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "products",
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("gtin", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=True),
        sa.Column("size", sa.String(), nullable=True),
        sa.Column("net_milli", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("net_measure", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("weighed", sa.Boolean(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("sku", name=op.f("pk_products")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_products_gtin"), "products", ["gtin"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_revisions_zone"), "revisions", ["zone"], unique=False)
    op.create_table(
        "stores",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tz", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("jurisdiction", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stores")),
    )
    op.create_index(op.f("ix_stores_zone"), "stores", ["zone"], unique=False)
    op.create_table(
        "changes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("store_id", sa.String(), nullable=True),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("prices", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tiles", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["revision"], ["revisions.id"], name=op.f("fk_changes_revision")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_changes_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
        sa.UniqueConstraint("revision", name=op.f("uq_changes_revision")),
    )
    op.create_index(op.f("ix_changes_store_id"), "changes", ["store_id"], unique=False)
    op.create_table(
        "devices",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column(
            "marks",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            server_default="0",
            nullable=False,
        ),
        sa.Column(
            "marks_done",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            server_default="0",
            nullable=False,
        ),
        sa.Column("marked_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "claimed_until", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_devices_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
    )
    op.create_index("ix_devices_due_at", "devices", ["due_at"], unique=False)
    op.create_index(
        "ix_devices_marked",
        "devices",
        ["marked_at"],
        unique=False,
        sqlite_where=sa.text("marks > marks_done"),
        postgresql_where=sa.text("marks > marks_done"),
    )
    op.create_index("ix_devices_store_id", "devices", ["store_id"], unique=False)
    op.create_table(
        "price_entries",
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("previous", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("regular", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("special", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "special_from", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "special_until", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("low_30", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reference", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reference_date", sa.String(), nullable=True),
        sa.Column(
            "multi_quantity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "multi_price", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("multi_must_buy", sa.Boolean(), nullable=False),
        sa.Column(
            "multi_from", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "multi_until", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["revision"], ["revisions.id"], name=op.f("fk_price_entries_revision")
        ),
        sa.PrimaryKeyConstraint("zone", "sku", "revision", name=op.f("pk_price_entries")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "positions",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("panel", sa.String(), nullable=False),
        sa.Column("sku", sa.String(), nullable=True),
        sa.Column(
            "wanted_revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_positions_device_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_positions_store_id")),
        sa.PrimaryKeyConstraint("store_id", "position", name=op.f("pk_positions")),
    )
    op.create_index("ix_positions_device_id", "positions", ["device_id"], unique=False)
    op.create_index("ix_positions_sku", "positions", ["sku"], unique=False)
    op.create_index("ix_positions_store_id_sku", "positions", ["store_id", "sku"], unique=False)
    op.create_index("ix_positions_wanted_revision", "positions", ["wanted_revision"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_positions_wanted_revision", table_name="positions")
    op.drop_index("ix_positions_store_id_sku", table_name="positions")
    op.drop_index("ix_positions_sku", table_name="positions")
    op.drop_index("ix_positions_device_id", table_name="positions")
    op.drop_table("positions")
    op.drop_table("price_entries")
    op.drop_index("ix_devices_store_id", table_name="devices")
    op.drop_index(
        "ix_devices_marked",
        table_name="devices",
        sqlite_where=sa.text("marks > marks_done"),
        postgresql_where=sa.text("marks > marks_done"),
    )
    op.drop_index("ix_devices_due_at", table_name="devices")
    op.drop_table("devices")
    op.drop_index(op.f("ix_changes_store_id"), table_name="changes")
    op.drop_table("changes")
    op.drop_index(op.f("ix_stores_zone"), table_name="stores")
    op.drop_table("stores")
    op.drop_index(op.f("ix_revisions_zone"), table_name="revisions")
    op.drop_table("revisions")
    op.drop_index(op.f("ix_products_gtin"), table_name="products")
    op.drop_table("products")
    op.drop_table("events")
