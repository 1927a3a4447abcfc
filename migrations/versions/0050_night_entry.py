"""Entries of overnight pages that were taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050_night_entry"
down_revision = "0049_connections"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "night_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("entry_key", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_night_entry_house_id_house")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_night_entry_entered_by_person")),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"], name=op.f("fk_night_entry_sent_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_night_entry")),
        sa.UniqueConstraint("house_id", "entry_key", name=op.f("uq_night_entry_house_id_entry_key")),
    )
    for column in ("house_id", "entered_by", "sent_by", "taken_at"):
        op.create_index(op.f(f"ix_night_entry_{column}"), "night_entry", [column])


def downgrade() -> None:
    op.drop_table("night_entry")
