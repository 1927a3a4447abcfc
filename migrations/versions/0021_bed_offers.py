"""Offers of a bed to the next in line, and how long one stands by the house's rules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021_bed_offers"
down_revision = "0020_contacts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        batch_op.add_column(sa.Column("offer_minutes", sa.Integer(), nullable=False, server_default="120"))
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        batch_op.alter_column("offer_minutes", server_default=None)
    op.create_table(
        "bed_offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("waiting_id", sa.Uuid(), nullable=False),
        sa.Column("bed_id", sa.Uuid(), nullable=False),
        sa.Column("stay_id", sa.Uuid(), nullable=False),
        sa.Column("first_night", sa.Date(), nullable=False),
        sa.Column("nights", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("passed_over", sa.String(length=15), nullable=True),
        sa.Column("goes_on", sa.Boolean(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("runs_out_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_how", sa.String(length=10), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_bed_offer_house_id_house")),
        sa.ForeignKeyConstraint(["waiting_id"], ["waiting.id"], name=op.f("fk_bed_offer_waiting_id_waiting")),
        sa.ForeignKeyConstraint(["bed_id"], ["bed.id"], name=op.f("fk_bed_offer_bed_id_bed")),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_bed_offer_stay_id_stay")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed_offer")),
        sa.UniqueConstraint("stay_id", name=op.f("uq_bed_offer_stay_id")),
    )
    with op.batch_alter_table("bed_offer", schema=None) as batch_op:
        for column in ("house_id", "line_id", "waiting_id", "bed_id", "runs_out_at"):
            batch_op.create_index(batch_op.f(f"ix_bed_offer_{column}"), [column], unique=False)
        batch_op.create_index(
            "uq_bed_offer_open",
            ["waiting_id", "bed_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )


def downgrade() -> None:
    op.drop_table("bed_offer")
    with op.batch_alter_table("house_rules", schema=None) as batch_op:
        batch_op.drop_column("offer_minutes")
