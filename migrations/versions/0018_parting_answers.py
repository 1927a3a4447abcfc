"""What people say when they leave, joined to nobody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018_parting_answers"
down_revision = "0017_promises"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parting_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("helpful", sa.String(length=10), nullable=True),
        sa.Column("instead_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_parting_answer_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parting_answer")),
    )
    with op.batch_alter_table("parting_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parting_answer_house_id"), ["house_id"], unique=False)


def downgrade() -> None:
    op.drop_table("parting_answer")
