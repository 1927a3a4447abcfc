"""What was offered to a guest, and what was said about it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049_connections"
down_revision = "0048_follow_up"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "connection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("place_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("contact", sa.Boolean(), nullable=False),
        sa.Column("guest_confirmed", sa.Boolean(), nullable=False),
        sa.Column("service_confirmed", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_connection_guest_id_guest")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_connection_house_id_house")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["directory_service.id"], name=op.f("fk_connection_service_id_directory_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection")),
    )
    op.create_index("ix_connection_guest_id_state", "connection", ["guest_id", "state"], unique=False)
    op.create_index(op.f("ix_connection_house_id"), "connection", ["house_id"], unique=False)
    op.create_index("ix_connection_service_id_offered_at", "connection", ["service_id", "offered_at"], unique=False)

    op.create_table(
        "connection_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("who", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connection.id"],
            name=op.f("fk_connection_step_connection_id_connection"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection_step")),
        sa.UniqueConstraint("connection_id", "number", name=op.f("uq_connection_step_connection_id_number")),
    )


def downgrade() -> None:
    op.drop_table("connection_step")
    op.drop_index("ix_connection_service_id_offered_at", "connection")
    op.drop_index(op.f("ix_connection_house_id"), "connection")
    op.drop_index("ix_connection_guest_id_state", "connection")

    op.drop_table("connection")
