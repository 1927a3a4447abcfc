"""Who was in touch, as counts; and what the house could not offer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020_contacts"
down_revision = "0019_door_card"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("led_to", sa.String(length=15), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 0 AND 1440", name=op.f("ck_contact_within_a_day")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_contact_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_at"), ["at"], unique=False)
    op.create_table(
        "could_not_offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=15), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_could_not_offer_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_could_not_offer")),
    )
    with op.batch_alter_table("could_not_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_could_not_offer_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_could_not_offer_answered_at"), ["answered_at"], unique=False)


def downgrade() -> None:
    op.drop_table("could_not_offer")
    op.drop_table("contact")
