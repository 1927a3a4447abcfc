"""Whom to call, in which order: for a night in which the line may be gone."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.models import Membership, Person
from respite.accounts.roles import Role
from respite.messaging.models import Correspondent
from respite.messaging.models.people import CorrespondentKind
from respite.staffing.models import Shift
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.queries.shifts import live_between

NO_SEAT = 1_000  # beside the pattern: after those in it
LEADS = (Role.COORDINATOR, Role.DIRECTOR)


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to call, with when they are on call; a lead has no times. No number: the house has none of them."""

    name: str
    phone: str | None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def phone_order(session: Session, house_id: uuid.UUID, begin: datetime, end: datetime) -> list[Call]:
    """Who is on call from `begin`, before `end`, by time, those at once as they are asked by text; then those who lead
    the house and are not on call already, by name."""
    on_call = [
        shift for shift in live_between(session, house_id, begin, end)
        if shift.kind == ShiftKind.ON_CALL and shift.went_at is None and shift.person_id is not None
    ]  # fmt: skip
    leads = session.execute(
        sa.select(Person.id, Person.name)
        .join(Membership)
        .where(
            Membership.house_id == house_id,
            Membership.ended_at.is_(None),
            Membership.role.in_(LEADS),
            Person.deactivated_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    ).all()
    ids = {shift.person_id for shift in on_call if shift.person_id} | {lead.id for lead in leads}
    phones = _phones(session, house_id, ids)
    seats = _seats(session, [shift.shift_id for shift in on_call])
    on_call.sort(key=lambda shift: (max(shift.starts_at, begin), seats[shift.shift_id], shift.name or ""))
    calls: list[Call] = []
    whose: list[uuid.UUID | None] = []
    for shift in on_call:
        if whose and (whose[-1], calls[-1].ends_at) == (shift.person_id, shift.starts_at):
            calls[-1] = replace(calls[-1], ends_at=shift.ends_at)  # one goes on from the other
        elif shift.person_id is not None:
            calls.append(Call(shift.name or "", phones.get(shift.person_id), shift.starts_at, shift.ends_at))
            whose.append(shift.person_id)
    on_now = {who for who, call in zip(whose, calls, strict=True) if call.starts_at and call.starts_at <= begin}
    return [*calls, *(Call(lead.name, phones.get(lead.id)) for lead in leads if lead.id not in on_now)]


def _seats(session: Session, shifts: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Who is first and second on call, by their place in the pattern."""
    found = session.execute(sa.select(Shift.id, Shift.seat).where(Shift.id.in_(shifts)))
    return {shift_id: NO_SEAT if seat is None else seat for shift_id, seat in found}


def _phones(session: Session, house_id: uuid.UUID, people: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    found = session.scalars(
        sa.select(Correspondent).where(
            Correspondent.house_id == house_id,
            Correspondent.kind == CorrespondentKind.PEER,
            Correspondent.subject_id.in_(people),
        )
    )
    return {each.subject_id: each.number for each in found if each.number and not each.number_bad}
