"""Questions between peers: take my shift, or swap it for one of yours."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_swap_requests"
down_revision = "0012_shift_offers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "swap_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("shift_version", sa.Integer(), nullable=False),
        sa.Column("asker_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("other_shift_id", sa.Uuid(), nullable=True),
        sa.Column("other_version", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("against", sa.JSON(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.String(length=10), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_swap_request_house_id_house")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_swap_request_shift_id_shift")),
        sa.ForeignKeyConstraint(["asker_id"], ["person.id"], name=op.f("fk_swap_request_asker_id_person")),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_swap_request_other_id_person")),
        sa.ForeignKeyConstraint(["other_shift_id"], ["shift.id"], name=op.f("fk_swap_request_other_shift_id_shift")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swap_request")),
    )
    with op.batch_alter_table("swap_request", schema=None) as batch_op:
        for column in ("house_id", "shift_id", "asker_id", "other_id", "other_shift_id"):
            batch_op.create_index(batch_op.f(f"ix_swap_request_{column}"), [column], unique=False)
        batch_op.create_index(
            "uq_swap_request_open",
            ["shift_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )


def downgrade() -> None:
    op.drop_table("swap_request")
