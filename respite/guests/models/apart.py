"""Two guests who are not to meet here, and what a coordinator has to say yes to first.

Nothing of it stands on the page of whoever is meant, and nobody but a coordinator and whoever said it can read it.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to


class ApartWish(Versioned, Base):
    """A guest would not want to meet somebody here. Who is meant is a name, until a coordinator says who it is."""

    __tablename__ = "apart_wish"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID] = to("guest.id")
    other_name_sealed: Mapped[bytes] = kept(Kept.GUEST_WORDS)
    other_name_index: Mapped[bytes] = kept(Kept.SECRET, index=True)
    other_guest_id: Mapped[uuid.UUID | None] = kept(Kept.GUEST, sa.ForeignKey("guest.id"), index=True)
    until: Mapped[date] = kept(Kept.GUEST)  # the first day on which it does not count
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    at: Mapped[datetime] = kept(Kept.GUEST)

    other_name = Sealed("other_name_sealed")


class SomeoneElse(Base):
    """A guest of that name is not whoever is meant."""

    __tablename__ = "someone_else"
    __table_args__ = (sa.UniqueConstraint("wish_id", "guest_id"),)

    id: Mapped[uuid.UUID] = key()
    wish_id: Mapped[uuid.UUID] = to("apart_wish.id")
    guest_id: Mapped[uuid.UUID] = to("guest.id")


class OnceNamed(Base):
    """A guest who bore the name when it was said, and is called otherwise by now: they may be meant all the same."""

    __tablename__ = "once_named"
    __table_args__ = (sa.UniqueConstraint("wish_id", "guest_id"),)

    id: Mapped[uuid.UUID] = key()
    wish_id: Mapped[uuid.UUID] = to("apart_wish.id")
    guest_id: Mapped[uuid.UUID] = to("guest.id")


class YesAsk(Versioned, Base):
    """Something that a coordinator has to say yes to first. Gone once its days are over."""

    __tablename__ = "yes_ask"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID | None] = to("guest.id")  # none: the house does not know them yet
    name_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    name_index: Mapped[bytes | None] = kept(Kept.SECRET, index=True)
    what: Mapped[str] = kept(Kept.GUEST, sa.String(10))  # policy.apart.What
    first: Mapped[date] = kept(Kept.GUEST)
    until: Mapped[date] = kept(Kept.GUEST)
    asked_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    asked_at: Mapped[datetime] = kept(Kept.GUEST)
    answer: Mapped[str | None] = kept(Kept.GUEST, sa.String(10))  # policy.apart.Answer
    answered_by: Mapped[str | None] = kept(Kept.KEY, sa.String(60))
    answered_at: Mapped[datetime | None] = kept(Kept.GUEST)
    for_wishes: Mapped[list[Any]] = kept(Kept.KEY, sa.JSON, default=list)  # those that a yes was given over
    note_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)

    name = Sealed("name_sealed")
    note = Sealed("note_sealed")


class YesRules(Versioned, Base):
    """How a house goes about it; without a row the defaults count."""

    __tablename__ = "yes_rules"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = kept(Kept.KEY, sa.ForeignKey("house.id"), unique=True)
    everything: Mapped[bool] = kept(Kept.HOUSE, default=False)  # each bed and chair needs a yes just now
    apart_months: Mapped[int] = kept(Kept.HOUSE, default=3)
