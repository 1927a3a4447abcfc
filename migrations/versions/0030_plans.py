"""A guest's plan, part by part, and how each part read before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030_plans"
down_revision = "0029_waiting_own"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_plan_part_house_id_house")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_plan_part_guest_id_guest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_part")),
    )
    op.create_table(
        "plan_word",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_plan_word_guest_id_guest")),
        sa.ForeignKeyConstraint(["part_id"], ["plan_part.id"], name=op.f("fk_plan_word_part_id_plan_part")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_word")),
    )
    for table, columns in (("plan_part", ("house_id", "guest_id")), ("plan_word", ("guest_id", "part_id"))):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("plan_word")
    op.drop_table("plan_part")
