"""Reads of what follows a stay."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.followup.models import FollowUp, FollowUpPlan, State
from respite.followup.policy.steps import SHIPPED, Step, Way, from_stored
from respite.guests.models import Guest
from respite.messaging.models import Correspondent, NumberStop
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.service.stopping import PERHAPS


@dataclass(frozen=True, slots=True)
class Plan:
    """A house's steps by version; number 0 is what ships."""

    number: int
    steps: tuple[Step, ...]

    @property
    def on(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.on)


def plan_now(session: Session, house_id: uuid.UUID, number: int | None = None) -> Plan:
    """The plan in force, or the one of a number."""
    wanted = sa.select(FollowUpPlan).where(FollowUpPlan.house_id == house_id)
    if number is not None:
        wanted = wanted.where(FollowUpPlan.number == number)
    row = session.scalar(wanted.order_by(FollowUpPlan.number.desc()).limit(1))
    return Plan(row.number, from_stored(row.steps)) if row is not None else Plan(0, SHIPPED)


def plan_versions(session: Session, house_id: uuid.UUID) -> list[FollowUpPlan]:
    """Each plan the house decided on, the newest first."""
    wanted = sa.select(FollowUpPlan).where(FollowUpPlan.house_id == house_id)
    return list(session.scalars(wanted.order_by(FollowUpPlan.number.desc())))


def rows_of_stay(session: Session, stay_id: uuid.UUID) -> list[FollowUp]:
    return list(session.scalars(sa.select(FollowUp).where(FollowUp.stay_id == stay_id).order_by(FollowUp.after)))


def plan_of_stay(session: Session, house_id: uuid.UUID, rows: Iterable[FollowUp]) -> Plan:
    """The plan that a stay's guest chose from, by the rows of the stay; the one in force where nobody chose yet."""
    number = max((row.plan_number for row in rows), default=None)
    return plan_now(session, house_id, number) if number else _shipped_or_now(session, house_id, number)


def _shipped_or_now(session: Session, house_id: uuid.UUID, number: int | None) -> Plan:
    return plan_now(session, house_id) if number is None else Plan(0, SHIPPED)


def coming(session: Session, house_id: uuid.UUID, now: datetime, within: timedelta) -> list[tuple[FollowUp, Guest]]:
    """What the house has planned, the soonest first. Of whom a guest keeps it from, nothing; and no text to a number
    that asked for none."""
    rests = (
        sa.select(NumberStop.id)
        .join(Correspondent, Correspondent.number_index == NumberStop.number_index)
        .where(
            Correspondent.house_id == house_id,
            Correspondent.kind == CorrespondentKind.GUEST,
            Correspondent.subject_id == FollowUp.guest_id,
            NumberStop.ended_at.is_(None),
            NumberStop.source != PERHAPS,
        )
    )
    rows = session.execute(
        sa.select(FollowUp, Guest)
        .join(Guest, Guest.id == FollowUp.guest_id)
        .where(
            FollowUp.house_id == house_id,
            FollowUp.state == State.PLANNED,
            FollowUp.planned_at <= now + within,
            sa.or_(FollowUp.way != Way.TEXT, ~rests.exists()),
        )
        .order_by(FollowUp.planned_at, FollowUp.id)
    )
    return [(row, guest) for row, guest in rows]
