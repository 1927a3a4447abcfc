"""What guests told when something went wrong, whom it is about, and the office outside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033_concerns"
down_revision = "0032_page_word"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "concern",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("code_digest", sa.LargeBinary(), nullable=True),
        sa.Column("to_person_id", sa.Uuid(), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed_on_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_concern_house_id_house")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_concern_guest_id_guest")),
        sa.ForeignKeyConstraint(["to_person_id"], ["person.id"], name=op.f("fk_concern_to_person_id_person")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_concern_answered_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_concern_code_digest")),
    )
    with op.batch_alter_table("concern", schema=None) as batch_op:
        for column in ("house_id", "guest_id", "to_person_id", "answered_by"):
            batch_op.create_index(batch_op.f(f"ix_concern_{column}"), [column], unique=False)
    op.create_table(
        "concern_about",
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name=op.f("fk_concern_about_concern_id_concern"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_concern_about_person_id_person")),
        sa.PrimaryKeyConstraint("concern_id", "person_id", name=op.f("pk_concern_about")),
    )
    op.create_table(
        "outside_office",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_outside_office_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_office")),
        sa.UniqueConstraint("house_id", name=op.f("uq_outside_office_house_id")),
    )


def downgrade() -> None:
    op.drop_table("outside_office")
    op.drop_table("concern_about")
    op.drop_table("concern")
