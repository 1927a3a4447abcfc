"""A request that goes on to another house, with what was agreed to; and whether a house counts the first asking."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034_transfers"
down_revision = "0033_concerns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "transfer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("waiting_id", sa.Uuid(), nullable=False),
        sa.Column("to_house_id", sa.Uuid(), nullable=True),
        sa.Column("new_waiting_id", sa.Uuid(), nullable=True),
        sa.Column("goes", sa.JSON(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_transfer_house_id_house")),
        sa.ForeignKeyConstraint(["to_house_id"], ["house.id"], name=op.f("fk_transfer_to_house_id_house")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_transfer_guest_id_guest")),
        sa.ForeignKeyConstraint(["waiting_id"], ["waiting.id"], name=op.f("fk_transfer_waiting_id_waiting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        for column in ("house_id", "guest_id", "waiting_id"):
            batch_op.create_index(batch_op.f(f"ix_transfer_{column}"), [column], unique=False)
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        batch_op.add_column(sa.Column("counts_first_asking", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        batch_op.alter_column("counts_first_asking", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        batch_op.drop_column("counts_first_asking")
    op.drop_table("transfer")
