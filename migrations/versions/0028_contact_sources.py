"""How people come to a house, as the house has it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028_contact_sources"
down_revision = "0027_nameless_ideas"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.String(length=20), nullable=False),
        sa.Column("words_en", sa.String(length=60), nullable=False),
        sa.Column("words_es", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_contact_source_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_source")),
        sa.UniqueConstraint("house_id", "mark", name=op.f("uq_contact_source_house_id_mark")),
    )
    with op.batch_alter_table("contact_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_source_house_id"), ["house_id"], unique=False)


def downgrade() -> None:
    op.drop_table("contact_source")
