"""Who is on, and who is on call."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, Versioned, kept, key, to


class Shift(Versioned, Base):
    """A stretch of time in which a person is in the house (`floor`) or reachable (`on-call`). Half-open.

    One row is one place: a shift for two is two rows. Those that a pattern made bear its day and the number of the
    place. A row without `published_at` belongs to a roster that is still a draft, and has no person.
    """

    __tablename__ = "shift"
    __table_args__ = (
        sa.CheckConstraint("starts_at < ends_at", name="ends_after_it_begins"),
        sa.UniqueConstraint("pattern_id", "day", "seat"),
    )

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    person_id: Mapped[uuid.UUID | None] = to("person.id")  # none: open, nobody has it yet
    kind: Mapped[str] = kept(Kept.STAFF, sa.String(10))
    pattern_id: Mapped[uuid.UUID | None] = to("shift_pattern.id")
    day: Mapped[date | None] = kept(Kept.STAFF)  # of its begin, by the pattern
    seat: Mapped[int | None] = kept(Kept.STAFF)  # from 0
    starts_at: Mapped[datetime] = kept(Kept.STAFF, index=True)
    ends_at: Mapped[datetime] = kept(Kept.STAFF, index=True)
    published_at: Mapped[datetime | None] = kept(Kept.STAFF)
    on_way_at: Mapped[datetime | None] = kept(Kept.STAFF)
    came_at: Mapped[datetime | None] = kept(Kept.STAFF)
    went_at: Mapped[datetime | None] = kept(Kept.STAFF)
    # Whoever is on was asked to stay until somebody relieves them, and said yes.
    asked_to_stay_at: Mapped[datetime | None] = kept(Kept.STAFF)
    stays_on_at: Mapped[datetime | None] = kept(Kept.STAFF)
