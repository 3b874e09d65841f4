"""Entries without a foreign key: on PostgreSQL it costs more than writing them."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_WITHOUT_ROWID = {"sqlite_with_rowid": False}


def upgrade() -> None:
    """Drop the key from price entries to revisions."""
    with op.batch_alter_table("price_entries", table_kwargs=_WITHOUT_ROWID) as table:
        table.drop_constraint(op.f("fk_price_entries_revision"), type_="foreignkey")


def downgrade() -> None:
    """Have it again."""
    with op.batch_alter_table("price_entries", table_kwargs=_WITHOUT_ROWID) as table:
        table.create_foreign_key(
            op.f("fk_price_entries_revision"), "revisions", ["revision"], ["id"]
        )
