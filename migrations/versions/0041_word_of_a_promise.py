"""A word to whom a promise was for, when it is let go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041_word_of_a_promise"
down_revision = "0040_names_on_paper"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.add_column(sa.Column("word_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.drop_column("word_sealed")
