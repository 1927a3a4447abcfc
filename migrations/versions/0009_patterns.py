"""How far a pattern's shifts are made, and which gaps were told of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_patterns"
down_revision = "0008_watching"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("shift_pattern", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rolled_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("made_by", sa.String(length=60), nullable=True))
    op.create_table(
        "gap_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("gap", sa.String(length=80), nullable=False),
        sa.Column("horizon", sa.String(length=10), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_gap_notice_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap_notice")),
        sa.UniqueConstraint("house_id", "gap", "horizon", name=op.f("uq_gap_notice_house_id_gap_horizon")),
    )
    with op.batch_alter_table("gap_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gap_notice_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_gap_notice_told"), ["told"], unique=False)


def downgrade() -> None:
    op.drop_table("gap_notice")
    with op.batch_alter_table("shift_pattern", schema=None) as batch_op:
        batch_op.drop_column("made_by")
        batch_op.drop_column("rolled_until")
