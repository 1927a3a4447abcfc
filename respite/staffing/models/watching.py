"""What was done around a shift so that the house is not without anybody."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, Versioned, kept, key, to

NOBODY = uuid.UUID(int=0)


class ShiftStep(Base):
    """A step that was done around a shift or a call for a second person, or an answer to one. Rows are only added.

    Each step happens once for a shift, whoever has it, and its begin; `n` counts those who were told in it. It says
    what the house did for the minutes in which it was short; nothing counts it by person.
    """

    __tablename__ = "shift_step"
    __table_args__ = (sa.UniqueConstraint("about_id", "holder_id", "begins_at", "step", "n"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    about_id: Mapped[uuid.UUID] = kept(Kept.KEY, index=True)  # the shift, which may be taken off later, or the call
    holder_id: Mapped[uuid.UUID] = kept(Kept.KEY)  # NOBODY: nobody has it
    begins_at: Mapped[datetime] = kept(Kept.STAFF)
    step: Mapped[str] = kept(Kept.STAFF, sa.String(20))  # policy.watching.Step, or what was answered
    n: Mapped[int] = kept(Kept.STAFF)
    told_id: Mapped[uuid.UUID | None] = kept(Kept.KEY)  # who was asked, or who answered; none: there is nobody
    how: Mapped[str] = kept(Kept.STAFF, sa.String(10))  # text, screen, call: no text may reach them
    at: Mapped[datetime] = kept(Kept.STAFF)


class CallIn(Versioned, Base):
    """ "A second person is wanted": those on call are asked one after another, then the leads. No reason is kept."""

    __tablename__ = "call_in"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    asked_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    asked_at: Mapped[datetime] = kept(Kept.STAFF)
    until: Mapped[datetime] = kept(Kept.STAFF)  # until when somebody is wanted
    comes_id: Mapped[uuid.UUID | None] = to("person.id")
    answered_at: Mapped[datetime | None] = kept(Kept.STAFF)
    ended_at: Mapped[datetime | None] = kept(Kept.STAFF, index=True)
