"""What peers are called and choose to share, as lists of the house; stepping back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_peers"
down_revision = "0006_credentials"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "peer_word",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_peer_word_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_word")),
    )
    with op.batch_alter_table("peer_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_peer_word_house_id"), ["house_id"], unique=False)

    with op.batch_alter_table("peer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("shares_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(
            sa.Column("shares_with_colleagues", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.create_index(batch_op.f("ix_peer_title_id"), ["title_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_peer_title_id_peer_word"), "peer_word", ["title_id"], ["id"])
        batch_op.drop_column("title")
        batch_op.drop_column("shares")
    with op.batch_alter_table("peer", schema=None) as batch_op:
        batch_op.alter_column("shares_with_colleagues", server_default=None)

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("role_before", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("stepped_back_by", sa.Uuid(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_column("stepped_back_by")
        batch_op.drop_column("role_before")

    with op.batch_alter_table("peer", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_peer_title_id_peer_word"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_peer_title_id"))
        batch_op.drop_column("shares_with_colleagues")
        batch_op.drop_column("shares_sealed")
        batch_op.drop_column("title_id")
        batch_op.add_column(sa.Column("title", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("shares", sa.JSON(), nullable=False, server_default="[]"))

    op.drop_table("peer_word")
