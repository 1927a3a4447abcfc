"""Rosters: the draft of some weeks, who chose or was put where in it, and each time it was filled."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, Versioned, kept, key, to


class Roster(Versioned, Base):
    """Some days of a house, from `first_day`, before `until`, whose places are being given out.

    In a `choosing` week peers take places themselves; a `draft` is seen by those who keep shifts alone; publishing
    puts each of its seats into its shift.
    """

    __tablename__ = "roster"
    __table_args__ = (sa.CheckConstraint("first_day < until", name="ends_after_it_begins"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    first_day: Mapped[date] = kept(Kept.STAFF, index=True)
    until: Mapped[date] = kept(Kept.STAFF)
    state: Mapped[str] = kept(Kept.STAFF, sa.String(10))  # choosing, draft, published, dropped
    choose_until: Mapped[datetime | None] = kept(Kept.STAFF)
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    published_at: Mapped[datetime | None] = kept(Kept.STAFF)
    published_by: Mapped[str | None] = kept(Kept.KEY, sa.String(60))


class RosterSeat(Versioned, Base):
    """Who is to have a shift by a roster that is not published yet. A locked one stays when it is filled."""

    __tablename__ = "roster_seat"
    __table_args__ = (sa.UniqueConstraint("roster_id", "shift_id"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    roster_id: Mapped[uuid.UUID] = to("roster.id")
    shift_id: Mapped[uuid.UUID] = to("shift.id")
    person_id: Mapped[uuid.UUID | None] = to("person.id")
    how: Mapped[str] = kept(Kept.STAFF, sa.String(10))  # chosen, set, filled
    locked: Mapped[bool] = kept(Kept.STAFF, default=False)


class RosterAnswer(Base):
    """Somebody who was asked for a roster, and whether they said that they are done choosing."""

    __tablename__ = "roster_answer"
    __table_args__ = (sa.UniqueConstraint("roster_id", "person_id"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    roster_id: Mapped[uuid.UUID] = to("roster.id")
    person_id: Mapped[uuid.UUID] = to("person.id")
    asked_at: Mapped[datetime] = kept(Kept.STAFF)
    answered_at: Mapped[datetime | None] = kept(Kept.STAFF)
    nudged_at: Mapped[datetime | None] = kept(Kept.STAFF)


class RosterRun(Base):
    """One filling of a roster: what it was given, how it went, and what it found. It never changes after its end."""

    __tablename__ = "roster_run"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    roster_id: Mapped[uuid.UUID] = to("roster.id")
    roster_version: Mapped[int] = kept(Kept.WORKING)  # it was given; another one at the end, and nothing is written
    state: Mapped[str] = kept(Kept.WORKING, sa.String(10))  # waiting, running, done, stopped, lost, overtaken
    seconds: Mapped[int] = kept(Kept.WORKING)  # it may take
    seed: Mapped[int] = kept(Kept.WORKING)
    inputs: Mapped[bytes] = kept(Kept.WORKING)  # digest of the problem
    engine: Mapped[str] = kept(Kept.WORKING, sa.String(40))  # the solver's name and version
    objective: Mapped[int | None] = kept(Kept.WORKING)
    bound: Mapped[int | None] = kept(Kept.WORKING)
    took: Mapped[int | None] = kept(Kept.WORKING)  # milliseconds
    proven: Mapped[bool] = kept(Kept.WORKING, default=False)
    uncovered: Mapped[int | None] = kept(Kept.WORKING)
    uncovered_proven: Mapped[bool] = kept(Kept.WORKING, default=False)
    found: Mapped[dict[str, Any] | None] = kept(Kept.STAFF, sa.JSON)  # what stays uncovered, why, and what would mend
    stop_asked_at: Mapped[datetime | None] = kept(Kept.WORKING)
    begun_at: Mapped[datetime | None] = kept(Kept.WORKING)
    heard_at: Mapped[datetime | None] = kept(Kept.WORKING)  # its last sign, by the machine's clock
    ended_at: Mapped[datetime | None] = kept(Kept.WORKING)
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))


class Override(Base):
    """Somebody was put on although a rule spoke against it: who decided so, and why.

    With a roster it waits in its draft, and stands beside the shift from when that is published.
    """

    __tablename__ = "shift_override"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    shift_id: Mapped[uuid.UUID] = to("shift.id")
    person_id: Mapped[uuid.UUID] = to("person.id")
    roster_id: Mapped[uuid.UUID | None] = to("roster.id")
    rules: Mapped[list[Any]] = kept(Kept.STAFF, sa.JSON)  # names of roster.reasons.Rule
    why: Mapped[str] = kept(Kept.STAFF, sa.String(200))
    by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    at: Mapped[datetime] = kept(Kept.STAFF)
