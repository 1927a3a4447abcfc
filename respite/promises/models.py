"""The table of promises. Their words are sealed; whom one is for is an id that means something to upper features."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to


class Promise(Versioned, Base):
    """One thing that somebody of the house said they would do, or that the house was told to expect.

    `subject_id` is a guest or somebody waiting, by `subject_kind`; none where it is for the house or for nobody.
    Without an owner it is the house's: whoever is on.
    """

    __tablename__ = "promise"
    __table_args__ = (
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_or_open"),
        sa.CheckConstraint("(subject_kind IS NULL) = (subject_id IS NULL)", name="subject_whole"),
        sa.Index("ix_promise_house_id_state", "house_id", "state"),
    )

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    kind: Mapped[str] = kept(Kept.GUEST, sa.String(12))  # policy.Kind
    way: Mapped[str | None] = kept(Kept.GUEST, sa.String(8))  # policy.Way, of a callback
    words_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)  # none: a callback says itself
    subject_kind: Mapped[str | None] = kept(Kept.KEY, sa.String(10))
    subject_id: Mapped[uuid.UUID | None] = kept(Kept.KEY, index=True)
    due_at: Mapped[datetime | None] = kept(Kept.GUEST)  # none: no hurry
    by_day: Mapped[bool] = kept(Kept.GUEST, default=False)  # a day was said, and no hour
    owner_id: Mapped[uuid.UUID | None] = to("person.id")
    state: Mapped[str] = kept(Kept.WORKING, sa.String(8), default="open")  # policy.State
    outcome: Mapped[str | None] = kept(Kept.GUEST, sa.String(10))  # policy.Outcome, of a callback
    word_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)  # to whom it was for, when it was let go
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    ended_by: Mapped[str | None] = kept(Kept.KEY, sa.String(60))
    ended_at: Mapped[datetime | None] = kept(Kept.WORKING, index=True)

    words = Sealed("words_sealed")
    word = Sealed("word_sealed")
