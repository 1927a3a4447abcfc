"""Cards: a few places of the directory behind a link that opens until a day. For whom one was made is not kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0056_resource_cards"
down_revision = "0055_paper_each_evening"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resource_card",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_resource_card_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_card")),
    )
    op.create_index(op.f("ix_resource_card_house_id"), "resource_card", ["house_id"])
    op.create_index(op.f("ix_resource_card_until"), "resource_card", ["until"])
    op.create_table(
        "resource_card_place",
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"],
            ["resource_card.id"],
            name=op.f("fk_resource_card_place_card_id_resource_card"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["directory_service.id"], name=op.f("fk_resource_card_place_service_id_directory_service")
        ),
        sa.PrimaryKeyConstraint("card_id", "number", name=op.f("pk_resource_card_place")),
    )
    op.create_index(op.f("ix_resource_card_place_service_id"), "resource_card_place", ["service_id"])


def downgrade() -> None:
    op.drop_table("resource_card_place")
    op.drop_table("resource_card")
