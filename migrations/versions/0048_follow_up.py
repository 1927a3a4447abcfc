"""What follows a stay: a house's plan by version, and what guests chose of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048_follow_up"
down_revision = "0047_finding"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follow_up_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_follow_up_plan_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_plan")),
        sa.UniqueConstraint("house_id", "number", name=op.f("uq_follow_up_plan_house_id_number")),
    )
    with op.batch_alter_table("follow_up_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_up_plan_house_id"), ["house_id"], unique=False)
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("stay_id", sa.Uuid(), nullable=False),
        sa.Column("plan_number", sa.Integer(), nullable=False),
        sa.Column("window", sa.String(length=10), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("asks", sa.String(length=10), nullable=False),
        sa.Column("connections", sa.Boolean(), nullable=False),
        sa.Column("way", sa.String(length=6), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("came", sa.String(length=12), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen_by", sa.String(length=60), nullable=False),
        sa.Column("caller_id", sa.Uuid(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promise_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["caller_id"], ["person.id"], name=op.f("fk_follow_up_caller_id_person")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_follow_up_guest_id_guest")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_follow_up_house_id_house")),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_follow_up_stay_id_stay")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("stay_id", "window", name=op.f("uq_follow_up_stay_id_window")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        for column in ("caller_id", "guest_id", "house_id", "promise_id", "stay_id"):
            batch_op.create_index(batch_op.f(f"ix_follow_up_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("follow_up")
    op.drop_table("follow_up_plan")
