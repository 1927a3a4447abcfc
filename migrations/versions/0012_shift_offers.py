"""Open shifts on offer, and who was asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_shift_offers"
down_revision = "0011_clinical_pages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shift_offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("shift_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=60), nullable=False),
        sa.Column("all_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("to_phone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_why", sa.String(length=10), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_shift_offer_house_id_house")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_shift_offer_shift_id_shift")),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"], name=op.f("fk_shift_offer_taken_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_offer")),
    )
    with op.batch_alter_table("shift_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shift_offer_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shift_offer_shift_id"), ["shift_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shift_offer_taken_by"), ["taken_by"], unique=False)
        batch_op.create_index(
            "uq_shift_offer_open",
            ["shift_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "offer_asked",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("against", sa.JSON(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_offer_asked_house_id_house")),
        sa.ForeignKeyConstraint(["offer_id"], ["shift_offer.id"], name=op.f("fk_offer_asked_offer_id_shift_offer")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_offer_asked_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_asked")),
        sa.UniqueConstraint("offer_id", "person_id", name=op.f("uq_offer_asked_offer_id_person_id")),
    )
    with op.batch_alter_table("offer_asked", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_asked_asked_at"), ["asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_asked_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_asked_offer_id"), ["offer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_asked_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("offer_asked")
    op.drop_table("shift_offer")
