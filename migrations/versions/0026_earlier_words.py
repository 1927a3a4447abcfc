"""What stood before a guest's name, number or hours were changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026_earlier_words"
down_revision = "0025_asks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "earlier_word",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_earlier_word_house_id_house")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_earlier_word_guest_id_guest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_word")),
    )
    with op.batch_alter_table("earlier_word", schema=None) as batch_op:
        for column in ("house_id", "guest_id"):
            batch_op.create_index(batch_op.f(f"ix_earlier_word_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("earlier_word")
