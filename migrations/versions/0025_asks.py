"""What guests ask from their page, and within how many days they have an answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025_asks"
down_revision = "0024_bed_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guest_ask",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_by", sa.String(length=60), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_guest_ask_house_id_house")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_guest_ask_guest_id_guest")),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"], name=op.f("fk_guest_ask_taken_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_ask")),
    )
    with op.batch_alter_table("guest_ask", schema=None) as batch_op:
        for column in ("house_id", "guest_id", "taken_by"):
            batch_op.create_index(batch_op.f(f"ix_guest_ask_{column}"), [column], unique=False)
        batch_op.create_index("ix_guest_ask_open", ["house_id", "ended_at"], unique=False)
        batch_op.create_index(
            "uq_guest_ask_forget",
            ["guest_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'forget' AND ended_at IS NULL"),
            postgresql_where=sa.text("kind = 'forget' AND ended_at IS NULL"),
        )
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answer_days", sa.Integer(), nullable=False, server_default="7"))
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        batch_op.alter_column("answer_days", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        batch_op.drop_column("answer_days")
    op.drop_table("guest_ask")
