"""Template bundles: what shelves draw with, which store uses which, and what was drawn with one."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _integer() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables; all stores use the installed bundle, and were drawn with it so far."""
    op.create_table(
        "bundles",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("manifest", sa.String(), nullable=False),
        sa.Column("added_at", _integer(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_bundles")),
    )
    op.create_table(
        "bundle_blobs",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_bundle_blobs")),
    )
    op.add_column("stores", sa.Column("bundle", sa.String(), nullable=True))
    op.add_column("tile_words", sa.Column("bundle", sa.String(), nullable=True))
    op.add_column("deliveries", sa.Column("bundle", sa.String(), nullable=True))
    op.add_column("deliveries", sa.Column("lacks", sa.String(), nullable=True))


def downgrade() -> None:
    """Drop the tables: shelves go back to the installed bundle with their next write."""
    op.drop_column("deliveries", "lacks")
    op.drop_column("deliveries", "bundle")
    op.drop_column("tile_words", "bundle")
    op.drop_column("stores", "bundle")
    op.drop_table("bundle_blobs")
    op.drop_table("bundles")
