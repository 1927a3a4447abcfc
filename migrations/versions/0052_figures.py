"""What a house tells of itself: that it does, its closed months, and totals released to funders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052_figures"
down_revision = "0051_disclosures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "figure_sharing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("year_begins", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_figure_sharing_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_sharing")),
        sa.UniqueConstraint("house_id", name=op.f("uq_figure_sharing_house_id")),
    )
    op.create_table(
        "figure_month",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_figure_month_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_month")),
        sa.UniqueConstraint("house_id", "month", name=op.f("uq_figure_month_house_id_month")),
    )
    op.create_index(op.f("ix_figure_month_house_id"), "figure_month", ["house_id"])
    op.create_table(
        "figure_release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("funder", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_figure_release_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_release")),
        sa.UniqueConstraint(
            "house_id",
            "what",
            "first",
            "until",
            "funder",
            name=op.f("uq_figure_release_house_id_what_first_until_funder"),
        ),
    )
    op.create_index(op.f("ix_figure_release_house_id"), "figure_release", ["house_id"])


def downgrade() -> None:
    op.drop_table("figure_release")
    op.drop_table("figure_month")
    op.drop_table("figure_sharing")
