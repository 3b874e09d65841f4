"""The catalogue: price zones, opening hours, more of products, planograms with their history."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _of_stores() -> list[sa.Column[Any]]:
    return [
        sa.Column("hours", sa.JSON(), nullable=True),
        sa.Column("exceptions", sa.JSON(), nullable=True),
        sa.Column("day_begins", sa.String(), nullable=False, server_default="04:00"),
        sa.Column("version", _WIDE, nullable=False, server_default="1"),
    ]


def _of_products() -> list[sa.Column[Any]]:
    return [
        sa.Column("plu", sa.String(), nullable=True),
        sa.Column("cost", _WIDE, nullable=True),
        sa.Column("cost_currency", sa.String(), nullable=True),
        sa.Column("perishable", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("on_sale_since", sa.String(), nullable=True),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("image", sa.String(), nullable=True),
        sa.Column("facts", sa.String(), nullable=True),
    ]


def upgrade() -> None:
    """Add all of it; each zone that stores use becomes a row, what hangs begins its history."""
    _zones()
    _products()
    _planograms()


def downgrade() -> None:
    """Drop it; positions without a device are dropped as well."""
    op.drop_table("fixtures")
    op.drop_table("planogram_entries")
    op.execute("DELETE FROM positions WHERE device_id IS NULL")
    with op.batch_alter_table("positions") as table:
        table.drop_column("facings")
        table.alter_column("device_id", existing_type=sa.String(), nullable=False)
    op.drop_table("product_deposits")
    op.drop_index("ix_product_gtins_sku", table_name="product_gtins")
    op.drop_table("product_gtins")
    op.drop_index("ix_products_plu", table_name="products")
    for column in reversed(_of_products()):
        op.drop_column("products", column.name)
    for column in reversed(_of_stores()):
        op.drop_column("stores", column.name)
    op.drop_table("price_zones")


def _zones() -> None:
    op.create_table(
        "price_zones",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_zones")),
    )
    op.execute(
        "INSERT INTO price_zones (id, name, currency)"
        " SELECT zone, MIN(name), MIN(currency) FROM stores GROUP BY zone"
    )
    for column in _of_stores():
        op.add_column("stores", column)


def _products() -> None:
    for column in _of_products():
        op.add_column("products", column)
    op.create_index("ix_products_plu", "products", ["plu"], unique=False)
    op.create_table(
        "product_gtins",
        sa.Column("gtin14", sa.String(), nullable=False),
        sa.Column("gtin", sa.String(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["sku"], ["products.sku"], name=op.f("fk_product_gtins_sku")),
        sa.PrimaryKeyConstraint("gtin14", name=op.f("pk_product_gtins")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_product_gtins_sku", "product_gtins", ["sku"], unique=False)
    op.create_table(
        "product_deposits",
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("jurisdiction", sa.String(), nullable=False),
        sa.Column("amount", _WIDE, nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["sku"], ["products.sku"], name=op.f("fk_product_deposits_sku")),
        sa.PrimaryKeyConstraint("sku", "jurisdiction", name=op.f("pk_product_deposits")),
        sqlite_with_rowid=False,
    )


def _planograms() -> None:
    with op.batch_alter_table("positions") as table:
        table.alter_column("device_id", existing_type=sa.String(), nullable=True)
        table.add_column(sa.Column("facings", _WIDE, nullable=False, server_default="1"))
    op.create_table(
        "planogram_entries",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("revision", _WIDE, nullable=False),
        sa.Column("device_id", sa.String(), nullable=True),
        sa.Column("panel", sa.String(), nullable=True),
        sa.Column("sku", sa.String(), nullable=True),
        sa.Column("facings", _WIDE, nullable=False),
        sa.ForeignKeyConstraint(
            ["revision"], ["revisions.id"], name=op.f("fk_planogram_entries_revision")
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name=op.f("fk_planogram_entries_store_id")
        ),
        sa.PrimaryKeyConstraint(
            "store_id", "position", "revision", name=op.f("pk_planogram_entries")
        ),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO planogram_entries"
        " (store_id, position, revision, device_id, panel, sku, facings)"
        " SELECT store_id, position, COALESCE((SELECT MAX(changes.revision) FROM changes"
        " WHERE changes.kind = 'planogram' AND changes.store_id = positions.store_id),"
        " wanted_revision), device_id, panel, sku, 1 FROM positions"
    )
    op.create_table(
        "fixtures",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("bay", _WIDE, nullable=False),
        sa.Column("shelf", _WIDE, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_fixtures_store_id")),
        sa.PrimaryKeyConstraint("store_id", "bay", "shelf", name=op.f("pk_fixtures")),
        sqlite_with_rowid=False,
    )
