"""Kind words to guests who asked for them: who writes, when each comes, and a house's own steps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054_kind_words"
down_revision = "0053_farewells"
branch_labels = None
depends_on = None


def _to(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


def _index(table: str, *columns: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in columns:
            batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def upgrade() -> None:
    op.create_table(
        "caring_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("writer_id", sa.Uuid(), nullable=True),
        sa.Column("discreet", sa.Boolean(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.String(length=12), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("caring_plan", "house_id", "house"),
        _to("caring_plan", "guest_id", "guest"),
        _to("caring_plan", "writer_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caring_plan")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name=op.f("ck_caring_plan_ended_for_a_reason")),
    )
    _index("caring_plan", "house_id", "guest_id", "writer_id")
    with op.batch_alter_table("caring_plan", schema=None) as batch_op:
        live = sa.text("ended_at IS NULL")
        batch_op.create_index(
            "uq_caring_plan_live", ["guest_id"], unique=True, sqlite_where=live, postgresql_where=live
        )
    op.create_table(
        "caring_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        _to("caring_text", "house_id", "house"),
        _to("caring_text", "plan_id", "caring_plan", "CASCADE"),
        _to("caring_text", "guest_id", "guest"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caring_text")),
        sa.UniqueConstraint("plan_id", "place", name=op.f("uq_caring_text_plan_id_place")),
    )
    _index("caring_text", "house_id", "plan_id", "guest_id")
    op.create_table(
        "caring_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("caring_rules", "house_id", "house"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caring_rules")),
        sa.UniqueConstraint("house_id", name=op.f("uq_caring_rules_house_id")),
    )


def downgrade() -> None:
    for table in ("caring_rules", "caring_text", "caring_plan"):
        op.drop_table(table)
