"""A reason to overrule a rule in a draft waits with it until it is published."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013_draft_overrides"
down_revision = "0014_swap_requests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("shift_override", schema=None) as batch_op:
        batch_op.add_column(sa.Column("roster_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_shift_override_roster_id"), ["roster_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_shift_override_roster_id_roster"), "roster", ["roster_id"], ["id"])


def downgrade() -> None:
    op.execute("DELETE FROM shift_override WHERE roster_id IS NOT NULL")
    with op.batch_alter_table("shift_override", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_shift_override_roster_id_roster"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_shift_override_roster_id"))
        batch_op.drop_column("roster_id")
