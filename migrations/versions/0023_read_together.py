"""What is read together at both ends of a stay: the house's words to guests, and what a guest said on those screens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023_read_together"
down_revision = "0022_conversation"
branch_labels = None
depends_on = None

WORDS = [f"{topic}_{language}" for topic in ("welcome", "police", "rights") for language in ("en", "es")]


def upgrade() -> None:
    op.create_table(
        "guest_words",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(length=1200), nullable=False) for name in WORDS),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_guest_words_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_words")),
        sa.UniqueConstraint("house_id", name=op.f("uq_guest_words_house_id")),
    )
    _of_a_stay(
        "arrival_wish",
        sa.Column("stay_words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("if_gone", sa.String(length=10), nullable=True),
        sa.Column("gone_words_sealed", sa.LargeBinary(), nullable=True),
    )
    _of_a_stay(
        "parting_talk",
        sa.Column("people_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("places_sealed", sa.LargeBinary(), nullable=True),
    )


def _of_a_stay(table: str, *columns: sa.Column) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("stay_id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f(f"fk_{table}_house_id_house")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f(f"fk_{table}_guest_id_guest")),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f(f"fk_{table}_stay_id_stay")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("stay_id", name=op.f(f"uq_{table}_stay_id")),
    )
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in ("house_id", "guest_id"):
            batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def downgrade() -> None:
    for table in ("parting_talk", "arrival_wish", "guest_words"):
        op.drop_table(table)
