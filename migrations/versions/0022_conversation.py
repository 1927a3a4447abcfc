"""The conversation before a stay, by version, and the house's rule about it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022_conversation"
down_revision = "0021_bed_offers"
branch_labels = None
depends_on = None

QUESTIONS = ("good_day", "hard_day", "helps", "helps_not", "access", "language", "company")


def upgrade() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_until", sa.Date(), nullable=False),
        sa.Column("written", sa.String(length=10), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        *(sa.Column(f"{question}_sealed", sa.LargeBinary(), nullable=True) for question in QUESTIONS),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_conversation_house_id_house")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_conversation_guest_id_guest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("guest_id", "number", name=op.f("uq_conversation_guest_id_number")),
    )
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        for column in ("house_id", "guest_id"):
            batch_op.create_index(batch_op.f(f"ix_conversation_{column}"), [column], unique=False)
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        batch_op.add_column(sa.Column("conversation_first", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("conversation_months", sa.Integer(), nullable=False, server_default="12"))
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        for column in ("conversation_first", "conversation_months"):
            batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        for column in ("conversation_first", "conversation_months"):
            batch_op.drop_column(column)
    op.drop_table("conversation")
