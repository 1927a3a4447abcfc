"""Time that two people spent on the work itself, and what somebody wrote for themselves and one other."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to


class TimeTogether(Versioned, Base):
    """Supervision or co-reflection: who, with whom, how long. What was said stays with the two, so it has no column."""

    __tablename__ = "time_together"
    __table_args__ = (
        sa.CheckConstraint("minutes > 0", name="takes_time"),
        sa.CheckConstraint("person_id <> with_person_id", name="takes_two"),
    )

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    person_id: Mapped[uuid.UUID] = to("person.id")  # whose hours they are
    with_person_id: Mapped[uuid.UUID] = to("person.id")
    kind: Mapped[str] = kept(Kept.STAFF, sa.String(14))  # policy.together.How
    minutes: Mapped[int] = kept(Kept.STAFF)
    day: Mapped[date] = kept(Kept.STAFF)
    value: Mapped[str | None] = kept(Kept.STAFF, sa.String(20))  # policy.together.VALUES; the two alone see it
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))


class Reflection(Versioned, Base):
    """What somebody wrote about a boundary. Only they can open it, and the supervisor they chose while it is shared.

    It stands in no log, figure or export. It belongs to its author rather than to a house; `house_id` is the one in
    which the chosen supervisor has that role.
    """

    __tablename__ = "reflection"
    __table_args__ = (
        sa.CheckConstraint("(supervisor_id IS NULL) = (shared_at IS NULL)", name="shared_with_somebody"),
        sa.CheckConstraint("(supervisor_id IS NULL) = (house_id IS NULL)", name="shared_in_a_house"),
    )

    id: Mapped[uuid.UUID] = key()
    person_id: Mapped[uuid.UUID] = to("person.id")
    house_id: Mapped[uuid.UUID | None] = to("house.id")
    supervisor_id: Mapped[uuid.UUID | None] = to("person.id")
    words_sealed: Mapped[bytes] = kept(Kept.STAFF)
    wants_to_talk: Mapped[bool] = kept(Kept.STAFF, default=False)
    written_at: Mapped[datetime] = kept(Kept.STAFF)
    shared_at: Mapped[datetime | None] = kept(Kept.STAFF)
    opened_at: Mapped[datetime | None] = kept(Kept.STAFF)
    talked_at: Mapped[datetime | None] = kept(Kept.STAFF)

    words = Sealed("words_sealed")
