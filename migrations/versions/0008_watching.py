"""What was done around a shift so that somebody is in the house, and calls for a second person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_watching"
down_revision = "0007_peers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shift_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("told_id", sa.Uuid(), nullable=True),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_shift_step_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_step")),
        sa.UniqueConstraint(
            "about_id",
            "holder_id",
            "begins_at",
            "step",
            "n",
            name=op.f("uq_shift_step_about_id_holder_id_begins_at_step_n"),
        ),
    )
    with op.batch_alter_table("shift_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shift_step_about_id"), ["about_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shift_step_house_id"), ["house_id"], unique=False)

    op.create_table(
        "call_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comes_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["comes_id"], ["person.id"], name=op.f("fk_call_in_comes_id_person")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_call_in_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_in")),
    )
    with op.batch_alter_table("call_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_in_comes_id"), ["comes_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_call_in_ended_at"), ["ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_call_in_house_id"), ["house_id"], unique=False)


def downgrade() -> None:
    op.drop_table("call_in")
    op.drop_table("shift_step")
