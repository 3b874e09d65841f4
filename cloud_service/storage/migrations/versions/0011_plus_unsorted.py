"""Look-up codes without an index: search reads all products for its words, and no other asks."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the index of PLUs, which every new product had to be written into."""
    op.drop_index("ix_products_plu", table_name="products")


def downgrade() -> None:
    """Have it again."""
    op.create_index("ix_products_plu", "products", ["plu"], unique=False)
