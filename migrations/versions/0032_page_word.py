"""A word that a guest chose, without which the link to their page opens nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032_page_word"
down_revision = "0031_agreements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("guest_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("word_hash", sa.String(length=200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("guest_link", schema=None) as batch_op:
        batch_op.drop_column("word_hash")
