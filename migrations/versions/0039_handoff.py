"""The shift's log, handoffs and who took them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039_handoff"
down_revision = "0038_once_named"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "log_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_log_entry_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_entry")),
    )
    op.create_table(
        "handoff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("log_from", sa.Integer(), nullable=False),
        sa.Column("log_until", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("feelings_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("would_talk", sa.Boolean(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("log_from <= log_until", name=op.f("ck_handoff_from_before_until")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_handoff_house_id_house")),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_handoff_given_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff")),
    )
    op.create_table(
        "handoff_taken",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handoff_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("log_seen", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoff.id"], name=op.f("fk_handoff_taken_handoff_id_handoff"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_handoff_taken_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_taken")),
        sa.UniqueConstraint("handoff_id", "person_id", name=op.f("uq_handoff_taken_handoff_id_person_id")),
    )
    indexed = (
        ("log_entry", ("house_id", "written_at")),
        ("handoff", ("house_id", "given_at", "given_by")),
        ("handoff_taken", ("handoff_id", "person_id")),
    )
    for table, columns in indexed:
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def downgrade() -> None:
    for table in ("handoff_taken", "handoff", "log_entry"):
        op.drop_table(table)
