"""A house's plan by version, and what a guest chose of it for after a stay. No words of anybody stand here."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, Versioned, kept, key, to


class State(StrEnum):
    CHOSEN = "chosen"  # the stay goes on
    PLANNED = "planned"
    ASKED = "asked"
    ANSWERED = "answered"
    OVER = "over"


class Came(StrEnum):
    """Why nothing more comes of it."""

    NOT_WANTED = "not-wanted"
    NO_YES = "no-yes"  # texts for this are not agreed to, or not any more
    STOPPED = "stopped"  # the number asked for no texts
    MISSED = "missed"
    NOT_SENT = "not-sent"
    QUIET = "quiet"  # three were not answered
    NO_ANSWER = "no-answer"  # of a call
    LET_GO = "let-go"  # of a call
    NEWER = "newer"  # another stay has its own
    ENDED = "ended"  # nothing is to be asked of them at all


class FollowUpPlan(Base):
    """What a house does after a stay, by version; a house without a row has what ships. Rows are never changed."""

    __tablename__ = "follow_up_plan"
    __table_args__ = (sa.UniqueConstraint("house_id", "number"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    number: Mapped[int] = kept(Kept.HOUSE)
    steps: Mapped[list[Any]] = kept(Kept.HOUSE, sa.JSON)  # policy.steps.as_stored
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))


class FollowUp(Versioned, Base):
    """One step of the plan after one stay, as its guest chose it, and what came of it. The step is kept as it was."""

    __tablename__ = "follow_up"
    __table_args__ = (sa.UniqueConstraint("stay_id", "window"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID] = to("guest.id")
    stay_id: Mapped[uuid.UUID] = to("stay.id")
    plan_number: Mapped[int] = kept(Kept.HOUSE)
    window: Mapped[str] = kept(Kept.GUEST, sa.String(10))  # policy.steps.window_of
    after: Mapped[int] = kept(Kept.HOUSE)  # hours
    asks: Mapped[str] = kept(Kept.HOUSE, sa.String(10))
    connections: Mapped[bool] = kept(Kept.HOUSE)
    way: Mapped[str] = kept(Kept.GUEST, sa.String(6))  # policy.steps.Way
    state: Mapped[str] = kept(Kept.GUEST, sa.String(10))
    came: Mapped[str | None] = kept(Kept.GUEST, sa.String(12))
    chosen_at: Mapped[datetime] = kept(Kept.GUEST)
    chosen_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    # Who went through it with them: they call, where a call was chosen and they still work here.
    caller_id: Mapped[uuid.UUID | None] = to("person.id")
    planned_at: Mapped[datetime | None] = kept(Kept.GUEST)
    asked_at: Mapped[datetime | None] = kept(Kept.GUEST)
    reached_at: Mapped[datetime | None] = kept(Kept.GUEST)
    answered_at: Mapped[datetime | None] = kept(Kept.GUEST)
    promise_id: Mapped[uuid.UUID | None] = kept(Kept.KEY, index=True)

    @property
    def seed(self) -> bytes:
        """What its minute is drawn by: what was chosen at the same time has the same, as in a demo made anew."""
        return f"{self.window} {self.chosen_at.timestamp():.0f}".encode()
