"""Guests: a chosen name, and what they like to be seen of it. Their words are sealed."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to


class WallChoice(StrEnum):
    """What a guest chose to show on the wall; it stops the moment they change their mind."""

    NOTHING = "nothing"
    PICTURE = "picture"
    INITIAL = "initial"
    NAME = "name"


class Guest(Versioned, Base):
    """A chosen name and as little else as the guest likes."""

    __tablename__ = "guest"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    name_sealed: Mapped[bytes] = kept(Kept.GUEST_WORDS)
    name_index: Mapped[bytes] = kept(Kept.SECRET, index=True)
    pronouns_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    phone_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    phone_index: Mapped[bytes | None] = kept(Kept.SECRET, index=True)
    wall_choice: Mapped[str] = kept(Kept.GUEST, sa.String(10), default=WallChoice.NOTHING)
    picture: Mapped[str | None] = kept(Kept.GUEST, sa.String(16))  # one emoji from a short list
    made_at: Mapped[datetime] = kept(Kept.WORKING)

    name = Sealed("name_sealed")
    pronouns = Sealed("pronouns_sealed")
    phone = Sealed("phone_sealed")

    @property
    def heard_phone(self) -> str | None:
        """The number, once somebody here has gone through it with them.

        One that they wrote on their own page alone has no index: nobody is found by it, nothing that came from it is
        told as theirs, and no text goes there.
        """
        return self.phone if self.phone_index is not None else None


class LeftLine(Base):
    """A line a guest chose to leave for the next, shown on the wall's house face. It names nobody."""

    __tablename__ = "left_line"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID | None] = to("guest.id")
    words_sealed: Mapped[bytes] = kept(Kept.GUEST_WORDS)
    at: Mapped[datetime] = kept(Kept.GUEST)
    taken_down_at: Mapped[datetime | None] = kept(Kept.GUEST)

    words = Sealed("words_sealed")
