"""What a house knows of somebody who works in it, and when they can be there."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to

#: When somebody may be asked for open shifts who has not said anything else.
ASKED_FROM, ASKED_UNTIL = time(8), time(22)


class PeerWord(Base):
    """A word of the house's own lists: what peers are called there, and what they may choose to share.

    Rows point to it, so another name for it is at once on every page. One that is taken off the list stays a row.
    """

    __tablename__ = "peer_word"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    kind: Mapped[str] = kept(Kept.HOUSE, sa.String(10))  # policy.peer_words.WordKind
    name: Mapped[str] = kept(Kept.HOUSE, sa.String(40))
    off_at: Mapped[datetime | None] = kept(Kept.WORKING)


class Peer(Versioned, Base):
    """Somebody who works in a house: what they are called there, and how they would like to be put on.

    Their number, hours and consents stand with the correspondent of the same house and person. `shares` are ids of
    words about their own experience that they choose to show to guests (a veteran, a new mother); sealed, and nothing
    asks for them, weighs or counts them.
    """

    __tablename__ = "peer"
    __table_args__ = (sa.UniqueConstraint("house_id", "person_id"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    person_id: Mapped[uuid.UUID] = to("person.id")
    title_id: Mapped[uuid.UUID | None] = to("peer_word.id")
    pronouns: Mapped[str | None] = kept(Kept.STAFF, sa.String(30))
    languages: Mapped[list[Any]] = kept(Kept.STAFF, sa.JSON, default=list)
    shares_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    shares_with_colleagues: Mapped[bool] = kept(Kept.STAFF, default=False)
    wanted_minutes: Mapped[int | None] = kept(Kept.STAFF)  # a week; none: not said
    most_minutes: Mapped[int | None] = kept(Kept.STAFF)  # a week; none: the house's rule
    most_nights_in_a_row: Mapped[int | None] = kept(Kept.STAFF)
    least_rest_minutes: Mapped[int | None] = kept(Kept.STAFF)
    no_nights_until: Mapped[date | None] = kept(Kept.STAFF)
    on_call_willing: Mapped[bool] = kept(Kept.STAFF, default=True)
    asked_from: Mapped[time] = kept(Kept.STAFF, sa.Time, default=ASKED_FROM)  # for open shifts, by their own clock
    asked_until: Mapped[time] = kept(Kept.STAFF, sa.Time, default=ASKED_UNTIL)
    made_at: Mapped[datetime] = kept(Kept.WORKING)

    _shares = Sealed("shares_sealed")

    @property
    def shares(self) -> list[uuid.UUID]:
        return [uuid.UUID(each) for each in (self._shares or "").split()]

    @shares.setter
    def shares(self, words: Iterable[uuid.UUID]) -> None:
        self._shares = " ".join(str(each) for each in words) or None


class Availability(Base):
    """Hours of a weekday at which somebody cannot, would rather not, or gladly would. Until `until`, if it ends."""

    __tablename__ = "availability"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    person_id: Mapped[uuid.UUID] = to("person.id")
    how: Mapped[str] = kept(Kept.STAFF, sa.String(12))  # policy.availability.How
    weekday: Mapped[int] = kept(Kept.STAFF)  # 0 is Monday
    begins: Mapped[time] = kept(Kept.STAFF, sa.Time)
    ends: Mapped[time] = kept(Kept.STAFF, sa.Time)  # at or before the begin: on the next day
    first_day: Mapped[date | None] = kept(Kept.STAFF)
    until: Mapped[date | None] = kept(Kept.STAFF)


class TimeOff(Versioned, Base):
    """Days on which somebody is away. No reason is asked or kept."""

    __tablename__ = "time_off"
    __table_args__ = (sa.CheckConstraint("first_day < until", name="ends_after_it_begins"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    person_id: Mapped[uuid.UUID] = to("person.id")
    first_day: Mapped[date] = kept(Kept.STAFF)
    until: Mapped[date] = kept(Kept.STAFF)  # the day after the last
    state: Mapped[str] = kept(Kept.STAFF, sa.String(10), default="asked")  # asked, agreed, declined, withdrawn
    asked_at: Mapped[datetime] = kept(Kept.STAFF)
    decided_at: Mapped[datetime | None] = kept(Kept.STAFF)
    decided_by: Mapped[str | None] = kept(Kept.KEY, sa.String(60))
