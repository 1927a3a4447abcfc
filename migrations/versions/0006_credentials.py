"""Credentials, training, time together and reflections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_credentials"
down_revision = "0005_calendar_feed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credential",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("issuer", sa.String(length=80), nullable=False),
        sa.Column("exam_on", sa.Date(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("renews_id", sa.Uuid(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "expires_on IS NULL OR issued_on <= expires_on", name=op.f("ck_credential_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_credential_house_id_house")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_credential_person_id_person")),
        sa.ForeignKeyConstraint(["renews_id"], ["credential.id"], name=op.f("fk_credential_renews_id_credential")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
    )
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credential_expires_on"), ["expires_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_credential_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credential_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credential_renews_id"), ["renews_id"], unique=False)

    op.create_table(
        "credential_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("issuer", sa.String(length=80), nullable=False),
        sa.Column("issuer_until", sa.Date(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("until IS NULL OR since <= until", name=op.f("ck_credential_rules_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_credential_rules_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential_rules")),
        sa.UniqueConstraint("house_id", "slug", "since", name=op.f("uq_credential_rules_house_id_slug_since")),
    )
    with op.batch_alter_table("credential_rules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credential_rules_house_id"), ["house_id"], unique=False)

    op.create_table(
        "reflection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=True),
        sa.Column("supervisor_id", sa.Uuid(), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("wants_to_talk", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("talked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(supervisor_id IS NULL) = (house_id IS NULL)", name=op.f("ck_reflection_shared_in_a_house")
        ),
        sa.CheckConstraint(
            "(supervisor_id IS NULL) = (shared_at IS NULL)", name=op.f("ck_reflection_shared_with_somebody")
        ),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_reflection_house_id_house")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reflection_person_id_person")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["person.id"], name=op.f("fk_reflection_supervisor_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reflection")),
    )
    with op.batch_alter_table("reflection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reflection_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reflection_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reflection_supervisor_id"), ["supervisor_id"], unique=False)

    op.create_table(
        "time_together",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("with_person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=14), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.String(length=20), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_time_together_takes_time")),
        sa.CheckConstraint("person_id <> with_person_id", name=op.f("ck_time_together_takes_two")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_time_together_house_id_house")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_time_together_person_id_person")),
        sa.ForeignKeyConstraint(["with_person_id"], ["person.id"], name=op.f("fk_time_together_with_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_together")),
    )
    with op.batch_alter_table("time_together", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_time_together_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_time_together_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_time_together_with_person_id"), ["with_person_id"], unique=False)

    op.create_table(
        "training",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("sort", sa.String(length=10), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("provider", sa.String(length=80), nullable=False),
        sa.Column("in_group", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_training_takes_time")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_training_house_id_house")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_training_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
    )
    with op.batch_alter_table("training", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_training_person_id"), ["person_id"], unique=False)

    op.create_table(
        "credential_reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("texted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credential.id"],
            name=op.f("fk_credential_reminder_credential_id_credential"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_credential_reminder_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential_reminder")),
        sa.UniqueConstraint(
            "credential_id", "expires_on", "days", name=op.f("uq_credential_reminder_credential_id_expires_on_days")
        ),
    )
    with op.batch_alter_table("credential_reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credential_reminder_credential_id"), ["credential_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credential_reminder_house_id"), ["house_id"], unique=False)


def downgrade() -> None:
    for table in ("credential_reminder", "training", "time_together", "reflection", "credential_rules", "credential"):
        op.drop_table(table)
