"""Who is here, who is on call, who comes next, and the list of shifts."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.models import Membership, Person
from respite.accounts.rights import people_who_may
from respite.accounts.roles import RIGHTS, May, Role
from respite.houses.models import House
from respite.staffing.models import Shift, ShiftStep
from respite.staffing.policy.shifts import EARLIEST_COMING, LONGEST_STAYING, ShiftKind, is_here
from respite.staffing.policy.watching import LADDER


def can_be_there() -> sa.ColumnElement[bool]:
    """Of a shift's row: somebody has it who works in the house, and has not stepped back for now."""
    return sa.exists().where(
        Membership.person_id == Shift.person_id,
        Membership.house_id == Shift.house_id,
        Membership.ended_at.is_(None),
        Membership.role != Role.STEPPED_BACK,
        Person.id == Membership.person_id,
        Person.deactivated_at.is_(None),
    )


@dataclass(frozen=True, slots=True)
class OnShift:
    """A shift with the name of whoever has it; `person_id` and `name` are none where nobody has it yet."""

    shift_id: uuid.UUID
    house_id: uuid.UUID
    person_id: uuid.UUID | None
    name: str | None
    kind: str
    starts_at: datetime
    ends_at: datetime
    came_at: datetime | None
    went_at: datetime | None
    version: int
    on_way_at: datetime | None = None
    stays_on_at: datetime | None = None

    def is_here(self, now: datetime) -> bool:
        """Whether whoever has it counts as in the house, or for a shift on call as reachable."""
        return is_here(now, self.starts_at, self.ends_at, self.came_at, self.went_at, self.stays_on_at)


def here_now(session: Session, house_id: uuid.UUID, now: datetime) -> list[OnShift]:
    """Who is in the house on a floor shift now; came early counts, gone does not, nor who is asked after."""
    near = _of_house(session, house_id, now - timedelta(seconds=1), now + EARLIEST_COMING, live=True)
    here = [s for s in near if s.kind == ShiftKind.FLOOR and s.is_here(now)]
    asked_after = _asked_after(session, [s for s in here if s.came_at is None])
    return [s for s in here if s.shift_id not in asked_after]


def _asked_after(session: Session, shifts: Collection[OnShift]) -> set[uuid.UUID]:
    """Those of shifts whose holder did not say that they came, so that the house asks for them."""
    if not shifts:
        return set()
    asked = sa.select(ShiftStep.about_id, ShiftStep.holder_id, ShiftStep.begins_at).where(
        ShiftStep.about_id.in_([each.shift_id for each in shifts]), ShiftStep.step.in_(LADDER)
    )
    steps = {tuple(row) for row in session.execute(asked)}
    return {each.shift_id for each in shifts if (each.shift_id, each.person_id, each.starts_at) in steps}


def on_call_now(session: Session, house_id: uuid.UUID, now: datetime) -> list[OnShift]:
    """Who can be called now."""
    near = _of_house(session, house_id, now, now + timedelta(seconds=1), live=True)
    return [s for s in near if s.kind == ShiftKind.ON_CALL and s.is_here(now)]


def next_on(session: Session, house_id: uuid.UUID, now: datetime, most: int = 2) -> list[OnShift]:
    """Who comes to the house next, within a day: floor shifts that have not begun and nobody came to yet."""
    coming = _of_house(session, house_id, now, now + timedelta(hours=24), live=True)
    return [s for s in coming if s.kind == ShiftKind.FLOOR and s.starts_at > now and s.came_at is None][:most]


def asked_to_read(session: Session, house_id: uuid.UUID, step: int, now: datetime) -> list[uuid.UUID]:
    """Who is asked to read a text soon: at step 0 whoever is in the house, at 1 on call, later the coordinators.

    Only who may read texts.
    """
    if step >= 2:
        return _ids_of(session, house_id, (Role.COORDINATOR, Role.DIRECTOR))
    on = here_now(session, house_id, now) if step == 0 else on_call_now(session, house_id, now)
    may_read = set(_ids_of(session, house_id, [role for role in Role if May.KEEP_TEXTS in RIGHTS[role]]))
    return [each.person_id for each in on if each.person_id in may_read]


def _ids_of(session: Session, house_id: uuid.UUID, roles: Collection[Role]) -> list[uuid.UUID]:
    found = session.scalars(
        sa.select(Person.id)
        .join(Membership)
        .where(
            Membership.house_id == house_id,
            Membership.ended_at.is_(None),
            Membership.role.in_(list(roles)),
            Person.deactivated_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    )
    return list(found)


def shifts_between(session: Session, house_id: uuid.UUID, begin: datetime, end: datetime) -> list[OnShift]:
    """Every published shift of a house that touches the time from `begin`, before `end`; open ones too."""
    return _of_house(session, house_id, begin, end, live=False)


def shift_by_id(session: Session, shift_id: uuid.UUID) -> OnShift | None:
    row = session.execute(_selected().where(Shift.id == shift_id)).first()
    return OnShift(*row) if row else None


def live_between(session: Session, house_id: uuid.UUID, begin: datetime, end: datetime) -> list[OnShift]:
    """Shifts that touch the time from `begin`, before `end`, of people who work in the house."""
    return _of_house(session, house_id, begin, end, live=True)


def shifts_of_person(session: Session, person_id: uuid.UUID, begin: datetime, end: datetime) -> list[OnShift]:
    """One person's shifts in all houses where they work."""
    live = sa.select(Membership.house_id).where(Membership.person_id == person_id, Membership.ended_at.is_(None))
    found = session.execute(
        _selected().where(
            Shift.person_id == person_id,
            Shift.published_at.is_not(None),
            Shift.house_id.in_(live),
            Shift.ends_at > begin,
            Shift.starts_at < end,
        )
    )
    return [OnShift(*row) for row in found]


def next_turn(session: Session, house_id: uuid.UUID, now: datetime) -> datetime | None:
    """The next instant at which a shift begins or ends; none where no shift is coming."""
    return session.scalar(
        sa.select(sa.func.min(sa.case((Shift.starts_at > now, Shift.starts_at), else_=Shift.ends_at))).where(
            Shift.house_id == house_id, Shift.published_at.is_not(None), Shift.ends_at > now
        )
    )


def people_for_shifts(session: Session, house_id: uuid.UUID) -> list[Person]:
    """Who works in the house and can be put on, by name."""
    return people_who_may(session, house_id, May.SEE_SHIFTS)


def houses_by_id(session: Session, ids: set[uuid.UUID]) -> dict[uuid.UUID, House]:
    return {house.id: house for house in session.scalars(sa.select(House).where(House.id.in_(ids)))}


def _selected() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Shift.id,
            Shift.house_id,
            Shift.person_id,
            Person.name,
            Shift.kind,
            Shift.starts_at,
            Shift.ends_at,
            Shift.came_at,
            Shift.went_at,
            Shift.version,
            Shift.on_way_at,
            Shift.stays_on_at,
        )
        .outerjoin(Person, Person.id == Shift.person_id)
        .order_by(Shift.starts_at, Shift.kind, Person.name, Shift.id)
    )


def _of_house(session: Session, house_id: uuid.UUID, begin: datetime, end: datetime, *, live: bool) -> list[OnShift]:
    stay = sa.and_(Shift.stays_on_at.is_not(None), Shift.went_at.is_(None), Shift.ends_at > begin - LONGEST_STAYING)
    touches = sa.or_(Shift.ends_at > begin, stay) if live else Shift.ends_at > begin
    wanted = _selected().where(
        Shift.house_id == house_id, Shift.published_at.is_not(None), touches, Shift.starts_at < end
    )
    if live:
        works_here = sa.exists().where(
            Membership.person_id == Shift.person_id,
            Membership.house_id == Shift.house_id,
            Membership.ended_at.is_(None),
        )
        wanted = wanted.where(works_here, Person.deactivated_at.is_(None))
    return [OnShift(*row) for row in session.execute(wanted)]
