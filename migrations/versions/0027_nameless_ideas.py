"""Suggestions that were sent without a name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027_nameless_ideas"
down_revision = "0026_earlier_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nameless_idea",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_nameless_idea_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nameless_idea")),
    )
    with op.batch_alter_table("nameless_idea", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nameless_idea_house_id"), ["house_id"], unique=False)


def downgrade() -> None:
    op.drop_table("nameless_idea")
