"""About whom a house can offer a bed, by number and version; what was answered; where else to turn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024_bed_rules"
down_revision = "0023_read_together"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bed_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("least_age", sa.Integer(), nullable=True),
        sa.Column("words_en", sa.String(length=160), nullable=False),
        sa.Column("words_es", sa.String(length=160), nullable=False),
        sa.Column("no_en", sa.String(length=240), nullable=False),
        sa.Column("no_es", sa.String(length=240), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_bed_rule_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed_rule")),
        sa.UniqueConstraint("house_id", "number", "edition", name=op.f("uq_bed_rule_house_id_number_edition")),
    )
    op.create_table(
        "rule_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=5), nullable=False),
        sa.Column("changes_on", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_rule_answer_house_id_house")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_rule_answer_guest_id_guest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_answer")),
        sa.UniqueConstraint("guest_id", "number", name=op.f("uq_rule_answer_guest_id_number")),
    )
    op.create_table(
        "elsewhere",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("general", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("text_to", sa.String(length=80), nullable=False),
        sa.Column("hours", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=160), nullable=False),
        sa.Column("note_es", sa.String(length=160), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_elsewhere_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elsewhere")),
        sa.UniqueConstraint("house_id", "general", name=op.f("uq_elsewhere_house_id_general")),
    )
    for table, columns in (
        ("bed_rule", ("house_id",)),
        ("rule_answer", ("house_id", "guest_id")),
        ("elsewhere", ("house_id",)),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("elsewhere")
    op.drop_table("rule_answer")
    op.drop_table("bed_rule")
