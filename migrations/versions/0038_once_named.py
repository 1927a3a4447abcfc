"""Who bore a name when somebody said that they would not want to meet them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038_once_named"
down_revision = "0037_funder_questions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "once_named",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["wish_id"], ["apart_wish.id"], name=op.f("fk_once_named_wish_id_apart_wish")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_once_named_guest_id_guest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_once_named")),
        sa.UniqueConstraint("wish_id", "guest_id", name=op.f("uq_once_named_wish_id_guest_id")),
    )
    with op.batch_alter_table("once_named", schema=None) as batch_op:
        for column in ("wish_id", "guest_id"):
            batch_op.create_index(batch_op.f(f"ix_once_named_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("once_named")
