"""What a guest said when they came and when they left, on the screens that are read together. All of it is optional."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to


class ArrivalWish(Versioned, Base):
    """What they would like while they are here, and what is to be done if they leave without a talk."""

    __tablename__ = "arrival_wish"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID] = to("guest.id")
    stay_id: Mapped[uuid.UUID] = kept(Kept.KEY, sa.ForeignKey("stay.id"), unique=True)
    stay_words_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    if_gone: Mapped[str | None] = kept(Kept.GUEST, sa.String(10))  # policy.together.IfGone; none: nothing
    gone_words_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    at: Mapped[datetime] = kept(Kept.GUEST)

    stay_words = Sealed("stay_words_sealed")
    gone_words = Sealed("gone_words_sealed")


class PartingTalk(Versioned, Base):
    """That they talked before leaving, and whom and what they would like to be in touch with, in their words."""

    __tablename__ = "parting_talk"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID] = to("guest.id")
    stay_id: Mapped[uuid.UUID] = kept(Kept.KEY, sa.ForeignKey("stay.id"), unique=True)
    people_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    places_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    at: Mapped[datetime] = kept(Kept.GUEST)

    people = Sealed("people_sealed")
    places = Sealed("places_sealed")
