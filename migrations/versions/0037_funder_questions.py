"""What a funder asks, and what was answered, joined to nobody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037_funder_questions"
down_revision = "0036_activities"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "funder_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("words_en", sa.String(length=200), nullable=False),
        sa.Column("words_es", sa.String(length=200), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_funder_question_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funder_question")),
    )
    op.create_table(
        "funder_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Date(), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_funder_answer_house_id_house")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["funder_question.id"], name=op.f("fk_funder_answer_question_id_funder_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funder_answer")),
    )
    for table, columns in (("funder_question", ("house_id",)), ("funder_answer", ("house_id", "question_id"))):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def downgrade() -> None:
    for table in ("funder_answer", "funder_question"):
        op.drop_table(table)
