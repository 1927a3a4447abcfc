"""Whom a guest does not want to read of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043_kept_from"
down_revision = "0042_hard_moments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_from",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_kept_from_house_id_house")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_kept_from_guest_id_guest")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kept_from_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_from")),
        sa.UniqueConstraint("guest_id", "person_id", name=op.f("uq_kept_from_guest_id_person_id")),
    )
    with op.batch_alter_table("kept_from", schema=None) as batch_op:
        for column in ("house_id", "guest_id", "person_id"):
            batch_op.create_index(batch_op.f(f"ix_kept_from_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("kept_from")
