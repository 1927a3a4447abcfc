"""Who may be texted, what they agreed to, and numbers that are left alone."""

from __future__ import annotations

import uuid
from datetime import datetime, time
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to

#: Why a number rests: its phone is lost. Only its owner says that it is theirs again.
LOST = "lost"


class CorrespondentKind(StrEnum):
    GUEST = "guest"
    PEER = "peer"


class PersonState(StrEnum):
    """What stands in the way of any text that nobody is waiting for."""

    OPEN = "open"
    BACK = "back"  # in the house again: people talk, nobody texts
    NO_CONTACT = "no-contact"
    DIED = "died"


class Correspondent(Versioned, Base):
    """A guest or a peer as somebody who may be texted: their number, language, zone, hours and wishes.

    `subject_id` is the guest's or the person's own id; upper features keep the two in step.
    """

    __tablename__ = "correspondent"
    __table_args__ = (sa.UniqueConstraint("house_id", "subject_id"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    kind: Mapped[str] = kept(Kept.GUEST, sa.String(10))
    subject_id: Mapped[uuid.UUID] = kept(Kept.KEY, index=True)
    name_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    number_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    number_index: Mapped[bytes | None] = kept(Kept.SECRET, index=True)
    # Set when the number turned out to be somebody else's or no mobile; it is not texted until given anew.
    number_bad: Mapped[str | None] = kept(Kept.GUEST, sa.String(20))
    language: Mapped[str] = kept(Kept.GUEST, sa.String(5), default="en")
    timezone: Mapped[str | None] = kept(Kept.GUEST, sa.String(60))  # none: not known, so every candidate counts
    hours_from: Mapped[time] = kept(Kept.GUEST, sa.Time, default=time(9))
    hours_until: Mapped[time] = kept(Kept.GUEST, sa.Time, default=time(20))
    safe_to_text: Mapped[bool] = kept(Kept.GUEST, default=True)
    may_be_shared: Mapped[bool] = kept(Kept.GUEST, default=False)  # somebody else may read this phone
    sign_off_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)  # how they would like texts to be signed
    state: Mapped[str] = kept(Kept.GUEST, sa.String(12), default=PersonState.OPEN)
    confirmed_at: Mapped[datetime | None] = kept(Kept.GUEST)  # number and wishes were gone through with them
    made_at: Mapped[datetime] = kept(Kept.WORKING)

    name = Sealed("name_sealed")
    number = Sealed("number_sealed")
    sign_off = Sealed("sign_off_sealed")


class FormerNumber(Base):
    """A number that was somebody's before: what came from it stays theirs, to be kept from others and forgotten."""

    __tablename__ = "former_number"

    correspondent_id: Mapped[uuid.UUID] = kept(
        Kept.KEY, sa.ForeignKey("correspondent.id", ondelete="CASCADE"), primary_key=True
    )
    number_index: Mapped[bytes] = kept(Kept.SECRET, primary_key=True)


class Consent(Base):
    """A yes to texts for one purpose at one number. It ends and is never rewritten; a new yes is a new row."""

    __tablename__ = "consent"
    __table_args__ = (
        sa.Index(
            "uq_consent_live",
            "correspondent_id",
            "purpose",
            "number_index",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    correspondent_id: Mapped[uuid.UUID] = to("correspondent.id")
    purpose: Mapped[str] = kept(Kept.GUEST, sa.String(20))
    number_index: Mapped[bytes] = kept(Kept.SECRET, index=True)
    wording: Mapped[int] = kept(Kept.GUEST)  # the version of the sentence that was read out or shown
    method: Mapped[str] = kept(Kept.GUEST, sa.String(12))  # in-person, phone, text, paper, web
    given_at: Mapped[datetime] = kept(Kept.GUEST)
    recorded_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    ended_at: Mapped[datetime | None] = kept(Kept.GUEST)
    # withdrawn, stopped, wrong-number, new-number, new-words
    ended_why: Mapped[str | None] = kept(Kept.GUEST, sa.String(20))
    ended_by: Mapped[str | None] = kept(Kept.KEY, sa.String(60))


class NumberStop(Base):
    """A number that is left alone, by every house of the installation, since they share the sender."""

    __tablename__ = "number_stop"
    __table_args__ = (
        sa.Index(
            "uq_number_stop_live",
            "number_index",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = key()
    number_index: Mapped[bytes] = kept(Kept.SECRET, index=True)
    source: Mapped[str] = kept(Kept.GUEST, sa.String(15))  # stop, words, asked, wrong-number, twilio, perhaps
    said_at: Mapped[datetime] = kept(Kept.GUEST)  # by the provider's clock where it came as a text
    heard_at: Mapped[datetime] = kept(Kept.WORKING)
    ended_at: Mapped[datetime | None] = kept(Kept.GUEST)
    ended_how: Mapped[str | None] = kept(Kept.GUEST, sa.String(15))  # start, person
