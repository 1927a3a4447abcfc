"""With whom a guest would like to sit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_company"
down_revision = "0009_patterns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "company_wish",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("how", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_company_wish_house_id_house")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_company_wish_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_wish")),
        sa.UniqueConstraint("guest_id", "person_id", name=op.f("uq_company_wish_guest_id_person_id")),
    )
    with op.batch_alter_table("company_wish", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_company_wish_guest_id"), ["guest_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_company_wish_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_company_wish_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("company_wish")
