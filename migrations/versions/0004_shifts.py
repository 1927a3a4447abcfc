"""Patterns, rules of duty, peers, rosters, reply codes; a shift names its pattern and when it was published."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_shifts"
down_revision = "0003_texts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "availability",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_availability_house_id_house")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_availability_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability")),
    )
    with op.batch_alter_table("availability", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_availability_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_availability_person_id"), ["person_id"], unique=False)

    op.create_table(
        "duty_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_duty_rules_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_rules")),
        sa.UniqueConstraint("house_id", "first_day", name=op.f("uq_duty_rules_house_id_first_day")),
    )
    with op.batch_alter_table("duty_rules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_rules_house_id"), ["house_id"], unique=False)

    op.create_table(
        "peer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=True),
        sa.Column("pronouns", sa.String(length=30), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("shares", sa.JSON(), nullable=False),
        sa.Column("wanted_minutes", sa.Integer(), nullable=True),
        sa.Column("most_minutes", sa.Integer(), nullable=True),
        sa.Column("most_nights_in_a_row", sa.Integer(), nullable=True),
        sa.Column("least_rest_minutes", sa.Integer(), nullable=True),
        sa.Column("no_nights_until", sa.Date(), nullable=True),
        sa.Column("on_call_willing", sa.Boolean(), nullable=False),
        sa.Column("asked_from", sa.Time(), nullable=False),
        sa.Column("asked_until", sa.Time(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_peer_house_id_house")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_peer_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer")),
        sa.UniqueConstraint("house_id", "person_id", name=op.f("uq_peer_house_id_person_id")),
    )
    with op.batch_alter_table("peer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_peer_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_peer_person_id"), ["person_id"], unique=False)

    op.create_table(
        "reply_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_reply_code_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_code")),
    )
    with op.batch_alter_table("reply_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reply_code_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reply_code_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_reply_code_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index(
            "uq_reply_code_live",
            ["number"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "roster",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("choose_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(length=60), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_day < until", name=op.f("ck_roster_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_roster_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster")),
    )
    with op.batch_alter_table("roster", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_first_day"), ["first_day"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_house_id"), ["house_id"], unique=False)

    op.create_table(
        "shift_pattern",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("awake", sa.Boolean(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("everyone", sa.JSON(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("until IS NULL OR first_day <= until", name=op.f("ck_shift_pattern_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_shift_pattern_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_pattern")),
    )
    with op.batch_alter_table("shift_pattern", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shift_pattern_house_id"), ["house_id"], unique=False)

    op.create_table(
        "time_off",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_day < until", name=op.f("ck_time_off_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_time_off_house_id_house")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_time_off_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_off")),
    )
    with op.batch_alter_table("time_off", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_time_off_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_time_off_person_id"), ["person_id"], unique=False)

    op.create_table(
        "roster_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("roster_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_roster_answer_house_id_house")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_roster_answer_person_id_person")),
        sa.ForeignKeyConstraint(["roster_id"], ["roster.id"], name=op.f("fk_roster_answer_roster_id_roster")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_answer")),
        sa.UniqueConstraint("roster_id", "person_id", name=op.f("uq_roster_answer_roster_id_person_id")),
    )
    with op.batch_alter_table("roster_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_answer_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_answer_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_answer_roster_id"), ["roster_id"], unique=False)

    op.create_table(
        "roster_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("roster_id", sa.Uuid(), nullable=False),
        sa.Column("roster_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("inputs", sa.LargeBinary(), nullable=False),
        sa.Column("engine", sa.String(length=40), nullable=False),
        sa.Column("objective", sa.Integer(), nullable=True),
        sa.Column("bound", sa.Integer(), nullable=True),
        sa.Column("took", sa.Integer(), nullable=True),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.Column("uncovered", sa.Integer(), nullable=True),
        sa.Column("uncovered_proven", sa.Boolean(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=True),
        sa.Column("stop_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_roster_run_house_id_house")),
        sa.ForeignKeyConstraint(["roster_id"], ["roster.id"], name=op.f("fk_roster_run_roster_id_roster")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_run")),
    )
    with op.batch_alter_table("roster_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_run_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_run_roster_id"), ["roster_id"], unique=False)

    op.create_table(
        "roster_seat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("roster_id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_roster_seat_house_id_house")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_roster_seat_person_id_person")),
        sa.ForeignKeyConstraint(["roster_id"], ["roster.id"], name=op.f("fk_roster_seat_roster_id_roster")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_roster_seat_shift_id_shift")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_seat")),
        sa.UniqueConstraint("roster_id", "shift_id", name=op.f("uq_roster_seat_roster_id_shift_id")),
    )
    with op.batch_alter_table("roster_seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_seat_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_seat_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_seat_roster_id"), ["roster_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_seat_shift_id"), ["shift_id"], unique=False)

    op.create_table(
        "shift_override",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_shift_override_house_id_house")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_shift_override_person_id_person")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_shift_override_shift_id_shift")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_override")),
    )
    with op.batch_alter_table("shift_override", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shift_override_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shift_override_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shift_override_shift_id"), ["shift_id"], unique=False)

    with op.batch_alter_table("shift", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pattern_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("day", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("seat", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("on_way_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("asked_to_stay_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("stays_on_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_shift_pattern_id"), ["pattern_id"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_shift_pattern_id_day_seat"), ["pattern_id", "day", "seat"])
        batch_op.create_foreign_key(
            batch_op.f("fk_shift_pattern_id_shift_pattern"), "shift_pattern", ["pattern_id"], ["id"]
        )

    # All that stood in the list so far was seen by everybody.
    op.execute("UPDATE shift SET published_at = starts_at")


def downgrade() -> None:
    with op.batch_alter_table("shift", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_shift_pattern_id_shift_pattern"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_shift_pattern_id_day_seat"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_shift_pattern_id"))
        batch_op.drop_column("stays_on_at")
        batch_op.drop_column("asked_to_stay_at")
        batch_op.drop_column("on_way_at")
        batch_op.drop_column("published_at")
        batch_op.drop_column("seat")
        batch_op.drop_column("day")
        batch_op.drop_column("pattern_id")

    with op.batch_alter_table("shift_override", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shift_override_shift_id"))
        batch_op.drop_index(batch_op.f("ix_shift_override_person_id"))
        batch_op.drop_index(batch_op.f("ix_shift_override_house_id"))

    op.drop_table("shift_override")
    with op.batch_alter_table("roster_seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_seat_shift_id"))
        batch_op.drop_index(batch_op.f("ix_roster_seat_roster_id"))
        batch_op.drop_index(batch_op.f("ix_roster_seat_person_id"))
        batch_op.drop_index(batch_op.f("ix_roster_seat_house_id"))

    op.drop_table("roster_seat")
    with op.batch_alter_table("roster_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_run_roster_id"))
        batch_op.drop_index(batch_op.f("ix_roster_run_house_id"))

    op.drop_table("roster_run")
    with op.batch_alter_table("roster_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_answer_roster_id"))
        batch_op.drop_index(batch_op.f("ix_roster_answer_person_id"))
        batch_op.drop_index(batch_op.f("ix_roster_answer_house_id"))

    op.drop_table("roster_answer")
    with op.batch_alter_table("time_off", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_time_off_person_id"))
        batch_op.drop_index(batch_op.f("ix_time_off_house_id"))

    op.drop_table("time_off")
    with op.batch_alter_table("shift_pattern", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shift_pattern_house_id"))

    op.drop_table("shift_pattern")
    with op.batch_alter_table("roster", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_house_id"))
        batch_op.drop_index(batch_op.f("ix_roster_first_day"))

    op.drop_table("roster")
    with op.batch_alter_table("reply_code", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_reply_code_live", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_reply_code_subject_id"))
        batch_op.drop_index(batch_op.f("ix_reply_code_number"))
        batch_op.drop_index(batch_op.f("ix_reply_code_house_id"))

    op.drop_table("reply_code")
    with op.batch_alter_table("peer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_peer_person_id"))
        batch_op.drop_index(batch_op.f("ix_peer_house_id"))

    op.drop_table("peer")
    with op.batch_alter_table("duty_rules", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_rules_house_id"))

    op.drop_table("duty_rules")
    with op.batch_alter_table("availability", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_availability_person_id"))
        batch_op.drop_index(batch_op.f("ix_availability_house_id"))

    op.drop_table("availability")
