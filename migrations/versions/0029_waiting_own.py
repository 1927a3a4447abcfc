"""What somebody who waits says on their own page, and whether they read how many asked before them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029_waiting_own"
down_revision = "0028_contact_sources"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("waiting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tell_if", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("waiting", schema=None) as batch_op:
        batch_op.alter_column("tell_if", server_default=None)
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tells_place", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        batch_op.alter_column("tells_place", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        batch_op.drop_column("tells_place")
    with op.batch_alter_table("waiting", schema=None) as batch_op:
        batch_op.drop_column("tell_if")
