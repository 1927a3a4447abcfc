"""Handoffs, who took them, and what people wrote into the shift's log. All of it goes after a week."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to


class LogEntry(Base):
    """A line that somebody wrote into the shift's log: matters of the house.

    What a guest asks to pass on is a note of theirs, which they see.
    """

    __tablename__ = "log_entry"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    words_sealed: Mapped[bytes] = kept(Kept.STAFF)
    at: Mapped[datetime] = kept(Kept.STAFF)  # when it happened
    written_at: Mapped[datetime] = kept(Kept.WORKING, index=True)
    written_by: Mapped[str] = kept(Kept.KEY, sa.String(60))

    words = Sealed("words_sealed")


class Handoff(Versioned, Base):
    """What one shift gives to the next: the house's log from one version to another, and the giver's own words.

    Who is here, what is promised and who comes is not copied: it is read as it stands, so that it is true when read.
    """

    __tablename__ = "handoff"
    __table_args__ = (sa.CheckConstraint("log_from <= log_until", name="from_before_until"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    log_from: Mapped[int] = kept(Kept.WORKING)  # the last version of the log that an earlier handoff told
    log_until: Mapped[int] = kept(Kept.WORKING)  # the last version it tells
    given_at: Mapped[datetime] = kept(Kept.STAFF, index=True)
    given_by: Mapped[uuid.UUID | None] = to("person.id")  # none: nobody gave it, and somebody took it all the same
    words_sealed: Mapped[bytes | None] = kept(Kept.STAFF)
    # How those who go are doing. Gone once the handoff is taken, and in no log or figure.
    feelings_sealed: Mapped[bytes | None] = kept(Kept.STAFF)
    would_talk: Mapped[bool | None] = kept(Kept.STAFF)  # somebody would like to co-reflect; goes with the feelings
    taken_at: Mapped[datetime | None] = kept(Kept.STAFF)

    words = Sealed("words_sealed")
    feelings = Sealed("feelings_sealed")

    taken: Mapped[list[HandoffTaken]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="HandoffTaken.at, HandoffTaken.id"
    )

    @property
    def forgotten(self) -> bool:
        """Nothing is left of it but its place in the log."""
        return self.taken_at is not None and not self.taken


class PaperPrinted(Base):
    """The night for which a house's sheet was printed last; only whether it is tonight's matters."""

    __tablename__ = "paper_printed"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = kept(Kept.KEY, sa.ForeignKey("house.id"), unique=True)
    night: Mapped[date] = kept(Kept.WORKING)


class HandoffTaken(Base):
    """That somebody took a handoff, by name and time, and up to which version of the log they had it."""

    __tablename__ = "handoff_taken"
    __table_args__ = (sa.UniqueConstraint("handoff_id", "person_id"),)

    id: Mapped[uuid.UUID] = key()
    handoff_id: Mapped[uuid.UUID] = kept(Kept.KEY, sa.ForeignKey("handoff.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[uuid.UUID] = to("person.id")
    at: Mapped[datetime] = kept(Kept.STAFF)
    how: Mapped[str] = kept(Kept.STAFF, sa.String(10))  # policy.How
    log_seen: Mapped[int] = kept(Kept.WORKING)
