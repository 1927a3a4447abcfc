"""Words that a house offers instead, and how often they stood in notes, by month."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044_wording"
down_revision = "0043_kept_from"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wording_hint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("entry", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column("say", sa.String(length=120), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_wording_hint_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_hint")),
        sa.UniqueConstraint("house_id", "entry", "number", name=op.f("uq_wording_hint_house_id_entry_number")),
    )
    op.create_table(
        "wording_month",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("notes", sa.Integer(), nullable=False),
        sa.Column("with_words", sa.Integer(), nullable=False),
        sa.Column("by_five", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_wording_month_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_month")),
        sa.UniqueConstraint("house_id", "month", name=op.f("uq_wording_month_house_id_month")),
    )
    op.create_table(
        "wording_count",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("entry", sa.String(length=60), nullable=False),
        sa.Column("notes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_wording_count_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_count")),
        sa.UniqueConstraint("house_id", "month", "entry", name=op.f("uq_wording_count_house_id_month_entry")),
    )
    op.create_table(
        "wording_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_wording_mark_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_mark")),
        sa.UniqueConstraint("house_id", "month", "mark", name=op.f("uq_wording_mark_house_id_month_mark")),
    )
    indexed = (
        ("wording_hint", ("house_id",)),
        ("wording_month", ("house_id",)),
        ("wording_count", ("house_id",)),
        ("wording_mark", ("house_id", "month")),
    )
    for table, columns in indexed:
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def downgrade() -> None:
    for table in ("wording_mark", "wording_count", "wording_month", "wording_hint"):
        op.drop_table(table)
