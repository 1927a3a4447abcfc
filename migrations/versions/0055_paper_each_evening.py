"""The sheet for the night, each evening at an hour of the house, and a text to whoever is on call where it is: both off
where nobody said otherwise. Until it is printed the desk says so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055_paper_each_evening"
down_revision = "0054_kind_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paper_at", sa.Time(), nullable=True))
        batch_op.add_column(sa.Column("paper_to_on_call", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        batch_op.alter_column("paper_to_on_call", server_default=None)
    op.create_table(
        "paper_printed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_paper_printed_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_printed")),
        sa.UniqueConstraint("house_id", name=op.f("uq_paper_printed_house_id")),
    )


def downgrade() -> None:
    op.drop_table("paper_printed")
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        batch_op.drop_column("paper_to_on_call")
        batch_op.drop_column("paper_at")
