"""Whether names of guests stand on the sheet for a night without the line: off, where nobody said otherwise."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040_names_on_paper"
down_revision = "0039_handoff"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        batch_op.add_column(sa.Column("names_on_paper", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        batch_op.alter_column("names_on_paper", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        batch_op.drop_column("names_on_paper")
