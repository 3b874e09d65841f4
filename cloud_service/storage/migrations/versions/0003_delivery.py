"""Delivery: what was pushed to each device and what it confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _integer() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "delivered_tiles",
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("pushed_epoch", _integer(), nullable=True),
        sa.Column("pushed_rev", _integer(), nullable=True),
        sa.Column("epoch", _integer(), nullable=True),
        sa.Column("rev", _integer(), nullable=True),
        sa.Column("price", _integer(), nullable=True),
        sa.Column("frame", sa.String(), nullable=True),
        sa.Column("at", _integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("proved", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("misdrawn", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("since", _integer(), nullable=True),
        sa.Column("holds_until", _integer(), nullable=True),
        sa.PrimaryKeyConstraint("device_id", "position", name=op.f("pk_delivered_tiles")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "deliveries",
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("epoch", _integer(), server_default="0", nullable=False),
        sa.Column("rev", _integer(), server_default="0", nullable=False),
        sa.Column("desired", sa.String(), nullable=True),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("covers_until", _integer(), server_default="0", nullable=False),
        sa.Column("due_at", _integer(), server_default="0", nullable=False),
        sa.Column("lease_until", _integer(), nullable=True),
        sa.Column("revision", _integer(), server_default="0", nullable=False),
        sa.Column("sent_at", _integer(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("failures", _integer(), server_default="0", nullable=False),
        sa.Column("grave", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("heard_epoch", _integer(), server_default="0", nullable=False),
        sa.Column("heard_rev", _integer(), server_default="0", nullable=False),
        sa.Column("heard_keys", _integer(), server_default="0", nullable=False),
        sa.Column("refused", sa.String(), nullable=True),
        sa.Column("refused_rev", _integer(), nullable=True),
        sa.Column("refusals", _integer(), server_default="0", nullable=False),
        sa.Column("renderer", sa.String(), nullable=True),
        sa.Column("connected", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stale", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("seen_at", _integer(), nullable=True),
        sa.Column("twin_version", _integer(), server_default="0", nullable=False),
        sa.Column("look_at", _integer(), nullable=True),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_deliveries")),
    )
    op.create_index("ix_deliveries_look_at", "deliveries", ["look_at"], unique=False)
    op.create_table(
        "delivery_epoch",
        sa.Column("id", _integer(), nullable=False),
        sa.Column("epoch", _integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_epoch")),
    )
    op.create_table(
        "tile_words",
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("epoch", _integer(), nullable=False),
        sa.Column("rev", _integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(
            "device_id", "position", "epoch", "rev", name=op.f("pk_tile_words")
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("tile_words")
    op.drop_table("delivery_epoch")
    op.drop_index("ix_deliveries_look_at", table_name="deliveries")
    op.drop_table("deliveries")
    op.drop_table("delivered_tiles")
