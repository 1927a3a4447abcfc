"""Two guests who are not to meet, and what a coordinator says yes to first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035_yes_first"
down_revision = "0034_transfers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "apart_wish",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("other_name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("other_name_index", sa.LargeBinary(), nullable=False),
        sa.Column("other_guest_id", sa.Uuid(), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_apart_wish_house_id_house")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_apart_wish_guest_id_guest")),
        sa.ForeignKeyConstraint(["other_guest_id"], ["guest.id"], name=op.f("fk_apart_wish_other_guest_id_guest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_apart_wish")),
    )
    _indexed("apart_wish", "house_id", "guest_id", "other_name_index", "other_guest_id")
    op.create_table(
        "someone_else",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["wish_id"], ["apart_wish.id"], name=op.f("fk_someone_else_wish_id_apart_wish")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_someone_else_guest_id_guest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_someone_else")),
        sa.UniqueConstraint("wish_id", "guest_id", name=op.f("uq_someone_else_wish_id_guest_id")),
    )
    _indexed("someone_else", "wish_id", "guest_id")
    op.create_table(
        "yes_ask",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("name_index", sa.LargeBinary(), nullable=True),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("answered_by", sa.String(length=60), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("for_wishes", sa.JSON(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_yes_ask_house_id_house")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_yes_ask_guest_id_guest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_yes_ask")),
    )
    _indexed("yes_ask", "house_id", "guest_id", "name_index")
    op.create_table(
        "yes_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("everything", sa.Boolean(), nullable=False),
        sa.Column("apart_months", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_yes_rules_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_yes_rules")),
        sa.UniqueConstraint("house_id", name=op.f("uq_yes_rules_house_id")),
    )


def _indexed(table: str, *columns: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in columns:
            batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def downgrade() -> None:
    for table in ("yes_rules", "yes_ask", "someone_else", "apart_wish"):
        op.drop_table(table)
