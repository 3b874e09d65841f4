"""Arrivals: the last file of each name, so that each is taken once."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table of arrivals."""
    op.create_table(
        "arrivals",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("at", _WIDE, nullable=False),
        sa.Column("change_id", sa.String(), nullable=True),
        sa.Column("refused", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_arrivals_store_id")),
        sa.PrimaryKeyConstraint("store_id", "name", name=op.f("pk_arrivals")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Forget which files arrived."""
    op.drop_table("arrivals")
