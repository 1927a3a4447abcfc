"""Numbers that were somebody's before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045_former_numbers"
down_revision = "0044_wording"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_number",
        sa.Column("correspondent_id", sa.Uuid(), nullable=False),
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["correspondent_id"],
            ["correspondent.id"],
            name=op.f("fk_former_number_correspondent_id_correspondent"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("correspondent_id", "number_index", name=op.f("pk_former_number")),
    )


def downgrade() -> None:
    op.drop_table("former_number")
