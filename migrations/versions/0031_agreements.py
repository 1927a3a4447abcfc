"""What a house and its guests agree on, by version, and which version a guest read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031_agreements"
down_revision = "0030_plans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agreement_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words_en", sa.Text(), nullable=False),
        sa.Column("words_es", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_agreement_text_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_text")),
        sa.UniqueConstraint("house_id", "topic", "number", name=op.f("uq_agreement_text_house_id_topic_number")),
    )
    op.create_table(
        "agreement_read",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_agreement_read_house_id_house")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_agreement_read_guest_id_guest")),
        sa.ForeignKeyConstraint(
            ["text_id"], ["agreement_text.id"], name=op.f("fk_agreement_read_text_id_agreement_text")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_read")),
        sa.UniqueConstraint("guest_id", "text_id", name=op.f("uq_agreement_read_guest_id_text_id")),
    )
    with op.batch_alter_table("agreement_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_text_house_id"), ["house_id"], unique=False)
    with op.batch_alter_table("agreement_read", schema=None) as batch_op:
        for column in ("house_id", "guest_id", "text_id"):
            batch_op.create_index(batch_op.f(f"ix_agreement_read_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("agreement_read")
    op.drop_table("agreement_text")
