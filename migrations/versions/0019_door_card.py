"""What a house says for itself when somebody at the door asks who is here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019_door_card"
down_revision = "0018_parting_answers"
branch_labels = None
depends_on = None

LINES = ("door_line_en", "door_line_es")


def upgrade() -> None:
    with op.batch_alter_table("house", schema=None) as batch_op:
        for line in LINES:
            batch_op.add_column(sa.Column(line, sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("door_phone", sa.String(length=20), nullable=True))
    with op.batch_alter_table("house", schema=None) as batch_op:
        for line in LINES:
            batch_op.alter_column(line, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("house", schema=None) as batch_op:
        for column in (*LINES, "door_phone"):
            batch_op.drop_column(column)
