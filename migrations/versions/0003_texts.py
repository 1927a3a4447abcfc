"""Texts: correspondents, consents, the outbox, what came in, and the phones of the simulator."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_texts"
down_revision = "0002_append_only"
branch_labels = None
depends_on = None


UNDECIDED = (
    "decided_at IS NULL AND (state IN ('needs-human', 'failed', 'undelivered')"
    " OR (state IN ('suppressed', 'expired') AND rank = 0) OR reason = 'maybe-twice')"
)


def upgrade() -> None:

    op.create_table(
        "number_stop",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.String(length=15), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_how", sa.String(length=15), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_stop")),
    )
    with op.batch_alter_table("number_stop", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_number_stop_number_index"), ["number_index"], unique=False)
        batch_op.create_index(
            "uq_number_stop_live",
            ["number_index"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "provider_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("sid", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("error_code", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=True),
        sa.Column("raw_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_of_it", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_event")),
        sa.UniqueConstraint(
            "source", "sid", "status", "error_code", name=op.f("uq_provider_event_source_sid_status_error_code")
        ),
    )
    with op.batch_alter_table("provider_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_provider_event_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_provider_event_heard_at"), ["heard_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_provider_event_sid"), ["sid"], unique=False)

    op.create_table(
        "sim_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sid", sa.String(length=40), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.Column("to_phone", sa.Boolean(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sim_text")),
        sa.UniqueConstraint("sid", name=op.f("uq_sim_text_sid")),
    )
    with op.batch_alter_table("sim_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sim_text_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sim_text_number_index"), ["number_index"], unique=False)

    op.create_table(
        "text_mark",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_text_mark")),
    )
    op.create_table(
        "correspondent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("number_index", sa.LargeBinary(), nullable=True),
        sa.Column("number_bad", sa.String(length=20), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=True),
        sa.Column("hours_from", sa.Time(), nullable=False),
        sa.Column("hours_until", sa.Time(), nullable=False),
        sa.Column("safe_to_text", sa.Boolean(), nullable=False),
        sa.Column("may_be_shared", sa.Boolean(), nullable=False),
        sa.Column("sign_off_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_correspondent_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correspondent")),
        sa.UniqueConstraint("house_id", "subject_id", name=op.f("uq_correspondent_house_id_subject_id")),
    )
    with op.batch_alter_table("correspondent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correspondent_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_correspondent_number_index"), ["number_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_correspondent_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "house_texts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("reply_hours", sa.String(length=40), nullable=False),
        sa.Column("danger_words", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_house_texts_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_texts")),
    )
    with op.batch_alter_table("house_texts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_house_texts_house_id"), ["house_id"], unique=True)

    op.create_table(
        "text_pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.String(length=20), nullable=True),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("to_tell", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_text_pause_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_pause")),
    )
    with op.batch_alter_table("text_pause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_text_pause_ended_at"), ["ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_text_pause_house_id"), ["house_id"], unique=False)
        batch_op.create_index(
            "uq_text_pause_line",
            ["why"],
            unique=True,
            sqlite_where=sa.text("house_id IS NULL AND purpose IS NULL AND ended_at IS NULL"),
            postgresql_where=sa.text("house_id IS NULL AND purpose IS NULL AND ended_at IS NULL"),
        )

    op.create_table(
        "thread",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unseen_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_to", sa.Uuid(), nullable=True),
        sa.Column("rest_asked_by", sa.String(length=60), nullable=True),
        sa.Column("rest_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rest_days", sa.Integer(), nullable=True),
        sa.Column("rest_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assigned_to"], ["person.id"], name=op.f("fk_thread_assigned_to_person")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_thread_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
        sa.UniqueConstraint("house_id", "number_index", name=op.f("uq_thread_house_id_number_index")),
    )
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thread_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_thread_last_at"), ["last_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_thread_number_index"), ["number_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_thread_unseen_since"), ["unseen_since"], unique=False)

    op.create_table(
        "wording",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=480), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_wording_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
        sa.UniqueConstraint(
            "house_id", "template", "language", "number", name=op.f("uq_wording_house_id_template_language_number")
        ),
    )
    with op.batch_alter_table("wording", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wording_house_id"), ["house_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("correspondent_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=12), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=60), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.String(length=20), nullable=True),
        sa.Column("ended_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["correspondent_id"], ["correspondent.id"], name=op.f("fk_consent_correspondent_id_correspondent")
        ),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_consent_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_correspondent_id"), ["correspondent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_number_index"), ["number_index"], unique=False)
        batch_op.create_index(
            "uq_consent_live",
            ["correspondent_id", "purpose", "number_index"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "inbound",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("sid", sa.String(length=40), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.Column("means", sa.String(length=15), nullable=False),
        sa.Column("opt_out_type", sa.String(length=10), nullable=True),
        sa.Column("media", sa.Integer(), nullable=False),
        sa.Column("via", sa.String(length=10), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.String(length=60), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_inbound_house_id_house")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_inbound_thread_id_thread")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound")),
        sa.UniqueConstraint("sid", name=op.f("uq_inbound_sid")),
    )
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbound_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbound_number_index"), ["number_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbound_thread_id"), ["thread_id"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("correspondent_id", sa.Uuid(), nullable=True),
        sa.Column("thread_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=True),
        sa.Column("wording", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("answers_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempt_no", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sid", sa.String(length=40), nullable=True),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("to_tell", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["correspondent_id"], ["correspondent.id"], name=op.f("fk_message_correspondent_id_correspondent")
        ),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_message_house_id_house")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_message_thread_id_thread")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_message_dedupe_key")),
        sa.UniqueConstraint("sid", name=op.f("uq_message_sid")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_correspondent_id"), ["correspondent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_lease_until"), ["lease_until"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_number_index"), ["number_index"], unique=False)
        batch_op.create_index("ix_message_state_sent_at", ["state", "posted_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_thread_id"), ["thread_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_to_tell"), ["to_tell"], unique=False)
        batch_op.create_index(
            "ix_message_undecided",
            ["house_id", "decided_at", "made_at"],
            unique=False,
            sqlite_where=sa.text(UNDECIDED),
            postgresql_where=sa.text(UNDECIDED),
        )
        batch_op.create_index(
            "ix_message_waiting",
            ["rank", "next_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )

    op.create_table(
        "attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("http", sa.Integer(), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("sid", sa.String(length=40), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_attempt_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("message_id", "n", name=op.f("uq_attempt_message_id_n")),
        sa.UniqueConstraint("sid", name=op.f("uq_attempt_sid")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_message_id"), ["message_id"], unique=False)

    op.create_table(
        "read_soon",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=True),
        sa.Column("inbound_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(length=15), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("asked_person_id", sa.Uuid(), nullable=True),
        sa.Column("cannot_text", sa.Boolean(), nullable=False),
        sa.Column("taken_by", sa.String(length=60), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asked_person_id"], ["person.id"], name=op.f("fk_read_soon_asked_person_id_person")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_read_soon_house_id_house")),
        sa.ForeignKeyConstraint(["inbound_id"], ["inbound.id"], name=op.f("fk_read_soon_inbound_id_inbound")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_read_soon_thread_id_thread")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_soon")),
    )
    with op.batch_alter_table("read_soon", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_read_soon_house_id"), ["house_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_read_soon_inbound_id"), ["inbound_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_read_soon_thread_id"), ["thread_id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("read_soon", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_read_soon_thread_id"))
        batch_op.drop_index(batch_op.f("ix_read_soon_inbound_id"))
        batch_op.drop_index(batch_op.f("ix_read_soon_house_id"))

    op.drop_table("read_soon")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_message_id"))

    op.drop_table("attempt")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_undecided", sqlite_where=sa.text(UNDECIDED), postgresql_where=sa.text(UNDECIDED)
        )
        batch_op.drop_index(
            "ix_message_waiting",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_message_to_tell"))
        batch_op.drop_index(batch_op.f("ix_message_thread_id"))
        batch_op.drop_index("ix_message_state_sent_at")
        batch_op.drop_index(batch_op.f("ix_message_number_index"))
        batch_op.drop_index(batch_op.f("ix_message_lease_until"))
        batch_op.drop_index(batch_op.f("ix_message_house_id"))
        batch_op.drop_index(batch_op.f("ix_message_correspondent_id"))

    op.drop_table("message")
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbound_thread_id"))
        batch_op.drop_index(batch_op.f("ix_inbound_number_index"))
        batch_op.drop_index(batch_op.f("ix_inbound_house_id"))

    op.drop_table("inbound")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_consent_live", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_consent_number_index"))
        batch_op.drop_index(batch_op.f("ix_consent_house_id"))
        batch_op.drop_index(batch_op.f("ix_consent_correspondent_id"))

    op.drop_table("consent")
    with op.batch_alter_table("wording", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wording_house_id"))

    op.drop_table("wording")
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_thread_unseen_since"))
        batch_op.drop_index(batch_op.f("ix_thread_number_index"))
        batch_op.drop_index(batch_op.f("ix_thread_last_at"))
        batch_op.drop_index(batch_op.f("ix_thread_house_id"))

    op.drop_table("thread")
    with op.batch_alter_table("text_pause", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_text_pause_line",
            sqlite_where=sa.text("house_id IS NULL AND purpose IS NULL AND ended_at IS NULL"),
            postgresql_where=sa.text("house_id IS NULL AND purpose IS NULL AND ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_text_pause_house_id"))
        batch_op.drop_index(batch_op.f("ix_text_pause_ended_at"))

    op.drop_table("text_pause")
    with op.batch_alter_table("house_texts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_house_texts_house_id"))

    op.drop_table("house_texts")
    with op.batch_alter_table("correspondent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_correspondent_subject_id"))
        batch_op.drop_index(batch_op.f("ix_correspondent_number_index"))
        batch_op.drop_index(batch_op.f("ix_correspondent_house_id"))

    op.drop_table("correspondent")
    op.drop_table("text_mark")
    with op.batch_alter_table("sim_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sim_text_number_index"))
        batch_op.drop_index(batch_op.f("ix_sim_text_at"))

    op.drop_table("sim_text")
    with op.batch_alter_table("provider_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provider_event_sid"))
        batch_op.drop_index(batch_op.f("ix_provider_event_heard_at"))
        batch_op.drop_index(batch_op.f("ix_provider_event_attempt_id"))

    op.drop_table("provider_event")
    with op.batch_alter_table("number_stop", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_number_stop_live",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_number_stop_number_index"))

    op.drop_table("number_stop")
