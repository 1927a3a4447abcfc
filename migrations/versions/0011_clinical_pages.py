"""Pages to the clinical on-call."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_clinical_pages"
down_revision = "0010_company"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clinical_page",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("stay_id", sa.Uuid(), nullable=True),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("guest_asked", sa.String(length=10), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["person.id"], name=op.f("fk_clinical_page_acknowledged_by_person")
        ),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_clinical_page_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinical_page")),
    )
    with op.batch_alter_table("clinical_page", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clinical_page_acknowledged_by"), ["acknowledged_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinical_page_ended_at"), ["ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinical_page_guest_id"), ["guest_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinical_page_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinical_page_stay_id"), ["stay_id"], unique=False)


def downgrade() -> None:
    op.drop_table("clinical_page")
