"""What a guest agreed may be told outside, each time it was told, and whether a notice goes with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051_disclosures"
down_revision = "0050_night_entry"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("house_rules") as batch_op:
        batch_op.add_column(sa.Column("part_two", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("house_rules") as batch_op:
        batch_op.alter_column("part_two", server_default=None)
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("purpose_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("part_two", sa.Boolean(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("once", sa.Boolean(), nullable=False),
        sa.Column("written_by", sa.String(length=60), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_how", sa.String(length=10), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_disclosure_guest_id_guest")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_disclosure_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    op.create_index(op.f("ix_disclosure_guest_id"), "disclosure", ["guest_id"])
    op.create_index(op.f("ix_disclosure_house_id"), "disclosure", ["house_id"])
    op.create_table(
        "disclosure_told",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("disclosure_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("recipient_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["disclosure_id"], ["disclosure.id"], name=op.f("fk_disclosure_told_disclosure_id_disclosure")
        ),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_disclosure_told_guest_id_guest")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_disclosure_told_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_told")),
    )
    for column in ("disclosure_id", "guest_id", "house_id"):
        op.create_index(op.f(f"ix_disclosure_told_{column}"), "disclosure_told", [column])


def downgrade() -> None:
    op.drop_table("disclosure_told")
    op.drop_table("disclosure")
    with op.batch_alter_table("house_rules") as batch_op:
        batch_op.drop_column("part_two")
