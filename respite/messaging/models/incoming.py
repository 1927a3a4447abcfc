"""Texts that come in, the thread of each number, and what somebody is asked to read soon."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to


class Thread(Versioned, Base):
    """What a house and one number wrote to each other. Whose number it is is asked each time: phones are shared."""

    __tablename__ = "thread"
    __table_args__ = (sa.UniqueConstraint("house_id", "number_index"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    number_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    number_index: Mapped[bytes] = kept(Kept.SECRET, index=True)
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    last_at: Mapped[datetime] = kept(Kept.GUEST, index=True)
    unseen_since: Mapped[datetime | None] = kept(Kept.GUEST, index=True)
    assigned_to: Mapped[uuid.UUID | None] = kept(Kept.KEY, sa.ForeignKey("person.id"))
    # "Rest from this number": one person asks for so many days, another agrees, and it ends by itself. It is asked for
    # while `rest_until` is empty.
    rest_asked_by: Mapped[str | None] = kept(Kept.KEY, sa.String(60))
    rest_asked_at: Mapped[datetime | None] = kept(Kept.WORKING)
    rest_days: Mapped[int | None] = kept(Kept.WORKING)
    rest_until: Mapped[datetime | None] = kept(Kept.GUEST)

    number = Sealed("number_sealed")


class Inbound(Base):
    """A text that came in, stored once for each SID together with whatever it stops."""

    __tablename__ = "inbound"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    thread_id: Mapped[uuid.UUID] = to("thread.id")
    sid: Mapped[str] = kept(Kept.GUEST, sa.String(40), unique=True)
    body_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    number_index: Mapped[bytes] = kept(Kept.SECRET, index=True)
    means: Mapped[str] = kept(Kept.GUEST, sa.String(15))  # policy.stopping_words.Means
    opt_out_type: Mapped[str | None] = kept(Kept.GUEST, sa.String(10))
    media: Mapped[int] = kept(Kept.GUEST, default=0)
    via: Mapped[str] = kept(Kept.WORKING, sa.String(10))  # webhook, sweep, simulator
    sent_at: Mapped[datetime] = kept(Kept.GUEST)  # by the provider's clock where it says so
    received_at: Mapped[datetime] = kept(Kept.GUEST)
    seen_at: Mapped[datetime | None] = kept(Kept.GUEST)
    seen_by: Mapped[str | None] = kept(Kept.KEY, sa.String(60))
    hidden_at: Mapped[datetime | None] = kept(Kept.GUEST)
    hidden_by: Mapped[str | None] = kept(Kept.KEY, sa.String(60))

    body = Sealed("body_sealed")


class ReadSoon(Versioned, Base):
    """A person is asked to read a text soon. It moves on until somebody says yes, and vanishes a week after."""

    __tablename__ = "read_soon"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    thread_id: Mapped[uuid.UUID | None] = to("thread.id")
    inbound_id: Mapped[uuid.UUID | None] = to("inbound.id")
    # words, help, stop, detector ("please read the inbox"), flood, cannot-text
    why: Mapped[str] = kept(Kept.GUEST, sa.String(15))
    raised_at: Mapped[datetime] = kept(Kept.GUEST)
    step: Mapped[int] = kept(Kept.WORKING, default=0)
    asked_person_id: Mapped[uuid.UUID | None] = kept(Kept.KEY, sa.ForeignKey("person.id"))
    cannot_text: Mapped[bool] = kept(Kept.GUEST, default=False)  # call: no text reaches this number
    taken_by: Mapped[str | None] = kept(Kept.KEY, sa.String(60))
    taken_at: Mapped[datetime | None] = kept(Kept.GUEST)
