"""A peer asks one colleague to take a shift of theirs, or to swap it for one of the colleague's."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, Versioned, kept, key, to


class SwapRequest(Versioned, Base):
    """A shift and whom it is offered to; with `other_shift_id`, which of theirs is wanted for it.

    It holds the versions of the shifts as they were when it was asked: over newer ones nobody's yes counts. A shift
    stands in one request of whoever has it at a time. Let go some weeks after its end.
    """

    __tablename__ = "swap_request"
    __table_args__ = (
        sa.Index(
            "uq_swap_request_open",
            "shift_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    shift_id: Mapped[uuid.UUID] = to("shift.id")
    shift_version: Mapped[int] = kept(Kept.WORKING)
    asker_id: Mapped[uuid.UUID] = to("person.id")
    other_id: Mapped[uuid.UUID] = to("person.id")
    other_shift_id: Mapped[uuid.UUID | None] = to("shift.id")  # none: the shift is given away
    other_version: Mapped[int | None] = kept(Kept.WORKING)
    asked_at: Mapped[datetime] = kept(Kept.STAFF)
    until: Mapped[datetime] = kept(Kept.STAFF)  # from then on nobody's yes counts
    agreed_at: Mapped[datetime | None] = kept(Kept.STAFF)  # a yes that waits: a rule stands in the way
    against: Mapped[list[Any]] = kept(Kept.STAFF, sa.JSON, default=list)  # names of those rules
    ended_at: Mapped[datetime | None] = kept(Kept.STAFF)
    ended_why: Mapped[str | None] = kept(Kept.STAFF, sa.String(10))  # policy.swaps.Ended
