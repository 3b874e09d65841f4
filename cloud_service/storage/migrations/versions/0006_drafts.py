"""Drafts: changes that are worked on before they are published, and the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NEW = (
    ("scope", sa.String(), "''"),
    ("state", sa.String(), "'published'"),
    ("version", _WIDE, "1"),
    ("needs_approval", sa.Boolean(), sa.false()),
    ("confirmed", sa.Boolean(), sa.false()),
)
_OPTIONAL = (
    ("effective_from", _WIDE),
    ("effective_until", _WIDE),
    ("approved_by", sa.String()),
    ("restores", sa.String()),
)


def upgrade() -> None:
    """Let changes be drafts; those there are were published at once."""
    with op.batch_alter_table("changes") as table:
        for name, kind, default in _NEW:
            given = sa.text(default) if isinstance(default, str) else default
            table.add_column(sa.Column(name, kind, nullable=False, server_default=given))
        for name, kind in _OPTIONAL:
            table.add_column(sa.Column(name, kind, nullable=True))
        table.alter_column("revision", existing_type=_WIDE, nullable=True)
    op.execute(
        "UPDATE changes SET scope = COALESCE("
        "(SELECT zone FROM revisions WHERE revisions.id = changes.revision), '')"
    )
    with op.batch_alter_table("changes") as table:
        for name, kind, _ in _NEW:
            table.alter_column(name, existing_type=kind, server_default=None)
        table.create_index("ix_changes_state", ["state"])
    op.create_table(
        "change_lines",
        sa.Column("change_id", sa.String(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("amount", _WIDE, nullable=True),
        sa.Column("entry", sa.JSON(), nullable=True),
        sa.Column("seen", _WIDE, nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"], ["changes.id"], name=op.f("fk_change_lines_change_id")
        ),
        sa.PrimaryKeyConstraint("change_id", "sku", name=op.f("pk_change_lines")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "change_promotions",
        sa.Column("change_id", sa.String(), nullable=False),
        sa.Column("promotion_id", sa.String(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["changes.id"], name=op.f("fk_change_promotions_change_id")
        ),
        sa.PrimaryKeyConstraint("change_id", "promotion_id", name=op.f("pk_change_promotions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit_trail",
        sa.Column("id", _WIDE, nullable=False),
        sa.Column("at", _WIDE, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_trail")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_trail_subject", "audit_trail", ["subject"], unique=False)


def downgrade() -> None:
    """Drop them; what was never published is gone."""
    op.drop_index("ix_audit_trail_subject", table_name="audit_trail")
    op.drop_table("audit_trail")
    op.drop_table("change_promotions")
    op.drop_table("change_lines")
    op.execute("DELETE FROM changes WHERE revision IS NULL")
    with op.batch_alter_table("changes") as table:
        table.drop_index("ix_changes_state")
        table.alter_column("revision", existing_type=_WIDE, nullable=False)
        for name, _ in _OPTIONAL:
            table.drop_column(name)
        for name, _, _ in _NEW:
            table.drop_column(name)
