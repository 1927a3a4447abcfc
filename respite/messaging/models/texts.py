"""Texts that leave: the outbox, each try to hand one to the provider, and what the provider said."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to

#: Texts that a person has to decide about. In SQL, so that the database sees that the index below answers it.
UNDECIDED = (
    "decided_at IS NULL AND (state IN ('needs-human', 'failed', 'undelivered')"
    " OR (state IN ('suppressed', 'expired') AND rank = 0) OR reason = 'maybe-twice')"
)


class Message(Versioned, Base):
    """One text to one number: written in the transaction of its cause, sent once, told about until it ended.

    `next_at` (house clock) is set while it waits to be tried and null otherwise; the claim reads nothing else.
    `lease_until` and the attempts are by the machine's clock.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.Index(
            "ix_message_waiting",
            "rank",
            "next_at",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        ),
        sa.Index("ix_message_state_sent_at", "state", "posted_at"),
        sa.Index(
            "ix_message_undecided",
            "house_id",
            "decided_at",  # always null here: it makes SQLite see that this index narrows more than that of the house
            "made_at",
            sqlite_where=sa.text(UNDECIDED),
            postgresql_where=sa.text(UNDECIDED),
        ),
    )

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    correspondent_id: Mapped[uuid.UUID | None] = to("correspondent.id")  # none: an answer to an unknown number
    thread_id: Mapped[uuid.UUID | None] = to("thread.id")
    purpose: Mapped[str] = kept(Kept.GUEST, sa.String(20))
    template: Mapped[str | None] = kept(Kept.HOUSE, sa.String(40))  # none: a person wrote it
    wording: Mapped[int | None] = kept(Kept.HOUSE)  # the version of the template's words that is frozen here
    language: Mapped[str] = kept(Kept.GUEST, sa.String(5))
    body_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    segments: Mapped[int] = kept(Kept.WORKING)
    number_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    number_index: Mapped[bytes] = kept(Kept.SECRET, index=True)
    dedupe_key: Mapped[str] = kept(Kept.WORKING, sa.String(120), unique=True)
    answers_id: Mapped[uuid.UUID | None] = kept(Kept.KEY)  # the inbound text that this one answers
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    made_at: Mapped[datetime] = kept(Kept.GUEST)

    rank: Mapped[int] = kept(Kept.WORKING, default=1)  # 0 goes first: somebody is waiting for it
    not_before: Mapped[datetime] = kept(Kept.GUEST)
    not_after: Mapped[datetime] = kept(Kept.GUEST)
    state: Mapped[str] = kept(Kept.GUEST, sa.String(12))  # policy.states.State
    reason: Mapped[str | None] = kept(Kept.GUEST, sa.String(40))  # why it waits, or ended so; a word of a list
    next_at: Mapped[datetime | None] = kept(Kept.WORKING)
    attempt_no: Mapped[int] = kept(Kept.WORKING, default=0)
    tries: Mapped[int] = kept(Kept.WORKING, default=0)  # those that count; a busy provider's refusals do not
    lease_until: Mapped[datetime | None] = kept(Kept.WORKING, index=True)
    sid: Mapped[str | None] = kept(Kept.GUEST, sa.String(40), unique=True)
    error_code: Mapped[int | None] = kept(Kept.GUEST)
    posted_at: Mapped[datetime | None] = kept(Kept.GUEST)  # house clock: the provider took it
    looked_at: Mapped[datetime | None] = kept(Kept.WORKING)  # house clock: its status was last asked for
    ended_at: Mapped[datetime | None] = kept(Kept.GUEST)
    # A person has to decide or to know; empty again once the house's log says so.
    to_tell: Mapped[bool] = kept(Kept.WORKING, default=False, index=True)
    decided_at: Mapped[datetime | None] = kept(Kept.WORKING)

    body = Sealed("body_sealed")
    number = Sealed("number_sealed")


class Attempt(Base):
    """One try to hand a text to the provider. Its id (128 random bits) is the address of its status callbacks."""

    __tablename__ = "attempt"
    __table_args__ = (sa.UniqueConstraint("message_id", "n"),)

    id: Mapped[uuid.UUID] = key()
    message_id: Mapped[uuid.UUID] = to("message.id")
    n: Mapped[int] = kept(Kept.WORKING)
    started_at: Mapped[datetime] = kept(Kept.WORKING)
    # The provider's own clock at the first listing that did not show it: the settle time is counted from here.
    missed_at: Mapped[datetime | None] = kept(Kept.WORKING)
    outcome: Mapped[str] = kept(Kept.WORKING, sa.String(12), default="open")  # service.settling.Outcome
    http: Mapped[int | None] = kept(Kept.WORKING)
    code: Mapped[int | None] = kept(Kept.WORKING)
    sid: Mapped[str | None] = kept(Kept.GUEST, sa.String(40), unique=True)
    ended_at: Mapped[datetime | None] = kept(Kept.WORKING)


class ProviderEvent(Base):
    """What the provider told us, once each, append-only; the form it came in is sealed."""

    __tablename__ = "provider_event"
    __table_args__ = (sa.UniqueConstraint("source", "sid", "status", "error_code"),)

    id: Mapped[uuid.UUID] = key()
    source: Mapped[str] = kept(Kept.WORKING, sa.String(10))  # status, inbound, poll, listing
    sid: Mapped[str] = kept(Kept.GUEST, sa.String(40), index=True)
    status: Mapped[str] = kept(Kept.WORKING, sa.String(40))
    error_code: Mapped[int] = kept(Kept.WORKING, default=0)
    attempt_id: Mapped[uuid.UUID | None] = kept(Kept.KEY, index=True)
    raw_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    heard_at: Mapped[datetime] = kept(Kept.WORKING, index=True)
    # moved, nothing-new, conflict, nobodys (no such attempt), strange (no such word)
    made_of_it: Mapped[str] = kept(Kept.WORKING, sa.String(12))

    raw = Sealed("raw_sealed")


class Pause(Base):
    """Texts that wait until somebody lets them go on: of one house or all, for one purpose or all."""

    __tablename__ = "text_pause"
    __table_args__ = (
        sa.Index(
            "uq_text_pause_line",
            "why",
            unique=True,
            sqlite_where=sa.text("house_id IS NULL AND purpose IS NULL AND ended_at IS NULL"),
            postgresql_where=sa.text("house_id IS NULL AND purpose IS NULL AND ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID | None] = to("house.id")
    purpose: Mapped[str | None] = kept(Kept.HOUSE, sa.String(20))
    why: Mapped[str] = kept(Kept.HOUSE, sa.String(20))  # person, provider
    code: Mapped[int | None] = kept(Kept.WORKING)
    since: Mapped[datetime] = kept(Kept.WORKING)
    by: Mapped[str | None] = kept(Kept.KEY, sa.String(60))
    ended_at: Mapped[datetime | None] = kept(Kept.WORKING, index=True)
    to_tell: Mapped[bool] = kept(Kept.WORKING, default=False)  # the houses' logs do not say so yet


class Mark(Base):
    """When something of the line last went well, such as a sweep or a signed webhook."""

    __tablename__ = "text_mark"

    name: Mapped[str] = kept(Kept.KEY, sa.String(40), primary_key=True)
    at: Mapped[datetime] = kept(Kept.WORKING)
    count: Mapped[int] = kept(Kept.WORKING, default=0)
