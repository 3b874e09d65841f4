"""Price lists that wait for approval: what they change, row by row."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXTS = ("gtin", "brand", "size", "net_measure", "category", "reference_date")
_NUMBERS = (
    "seen", "seen_product", "net_milli", "regular", "special", "special_from", "special_until",
    "low_30", "reference", "multi_quantity", "multi_price", "multi_from", "multi_until",
)  # fmt: skip


def upgrade() -> None:
    """Add the tables of waiting lists."""
    op.create_table(
        "change_lists",
        sa.Column("change_id", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("rows", _WIDE, nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["changes.id"], name=op.f("fk_change_lists_change_id")
        ),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_change_lists")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "change_list_rows",
        sa.Column("change_id", sa.String(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("weighed", sa.Boolean(), nullable=False),
        sa.Column("multi_must_buy", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=True) for name in _TEXTS),
        *(sa.Column(name, _WIDE, nullable=True) for name in _NUMBERS),
        sa.ForeignKeyConstraint(
            ["change_id"], ["changes.id"], name=op.f("fk_change_list_rows_change_id")
        ),
        sa.PrimaryKeyConstraint("change_id", "sku", name=op.f("pk_change_list_rows")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Forget the lists that wait."""
    op.drop_table("change_list_rows")
    op.drop_table("change_lists")
