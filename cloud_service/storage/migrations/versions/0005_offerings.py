"""Offerings: when a price holds, and promotions."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Let prices hold from the instant at which they were published; add promotions."""
    with op.batch_alter_table("price_entries") as table:
        table.add_column(sa.Column("effective_from", _WIDE, nullable=True))
        table.add_column(sa.Column("effective_until", _WIDE, nullable=True))
    op.execute(
        "UPDATE price_entries SET effective_from ="
        " (SELECT at FROM revisions WHERE revisions.id = price_entries.revision)"
    )
    _key_of_prices("zone", "sku", "revision", "effective_from")
    op.create_table(
        "promotions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("revision", _WIDE, nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("since", _WIDE, nullable=False),
        sa.Column("until", _WIDE, nullable=True),
        sa.Column("programme", sa.String(), nullable=True),
        sa.Column("limit", _WIDE, nullable=True),
        sa.Column("priority", _WIDE, nullable=False),
        sa.Column("stacks", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision"], ["revisions.id"], name=op.f("fk_promotions_revision")
        ),
        sa.PrimaryKeyConstraint("id", "revision", name=op.f("pk_promotions")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_promotions_scope", "promotions", ["scope"], unique=False)
    op.create_table(
        "promotion_products",
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("promotion_id", sa.String(), nullable=False),
        sa.Column("revision", _WIDE, nullable=False),
        sa.ForeignKeyConstraint(
            ["revision"], ["revisions.id"], name=op.f("fk_promotion_products_revision")
        ),
        sa.PrimaryKeyConstraint(
            "sku", "promotion_id", "revision", name=op.f("pk_promotion_products")
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them; prices that hold for a while, or later, are dropped with their windows."""
    op.drop_table("promotion_products")
    op.drop_index("ix_promotions_scope", table_name="promotions")
    op.drop_table("promotions")
    op.execute("DELETE FROM price_entries WHERE effective_until IS NOT NULL")
    op.execute(
        "DELETE FROM price_entries WHERE EXISTS (SELECT 1 FROM price_entries AS other"
        " WHERE other.zone = price_entries.zone AND other.sku = price_entries.sku"
        " AND other.revision = price_entries.revision"
        " AND other.effective_from > price_entries.effective_from)"
    )
    _key_of_prices("zone", "sku", "revision")
    with op.batch_alter_table("price_entries") as table:
        table.drop_column("effective_until")
        table.drop_column("effective_from")


def _key_of_prices(*columns: str) -> None:
    nullable = "effective_from" not in columns
    with op.batch_alter_table("price_entries", table_kwargs={"sqlite_with_rowid": False}) as table:
        table.drop_constraint(op.f("pk_price_entries"), type_="primary")
        table.alter_column("effective_from", existing_type=_WIDE, nullable=nullable)
        table.create_primary_key(op.f("pk_price_entries"), list(columns))
