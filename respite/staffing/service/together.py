"""Time two people spent on the work: who, with whom, how long. What was said stays with them."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.models import Membership, Person
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing import events
from respite.staffing.models import TimeTogether
from respite.staffing.policy.together import How, Value

LONGEST = 8 * 60


def add_time(
    actor: Actor,
    house_id: uuid.UUID,
    *,
    people: Collection[uuid.UUID],
    with_person_id: uuid.UUID,
    kind: str,
    minutes: int,
    day: date,
    value: str | None = None,
    now: datetime,
) -> list[TimeTogether]:
    """One entry for each of `people`, whose hours they are; written by one who was there. Raises Invalid."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.SEE_SHIFTS)
        house, wrong = session.get_one(House, house_id), {}
        if not people or with_person_id in people or not _work_here(session, house_id, {*people, with_person_id}):
            wrong["people"] = _("Please choose two who work in this house.")
        elif kind != How.GROUP and len(people) > 1:
            wrong["people"] = _("Several people are a group.")
        if not 0 < minutes <= LONGEST:
            wrong["minutes"] = _("This must be a whole number from %(least)s to %(most)s.", least=1, most=LONGEST)
        if day > local(now, house.timezone).date():
            wrong["day"] = _("This must not be later than today.")
        if kind not in set(How) or (value is not None and value not in set(Value)):
            wrong["kind"] = _("Please choose one of the answers shown.")
        if wrong:
            raise Invalid(fields=wrong)
        if actor.kind != ActorKind.PERSON or actor.id not in {*people, with_person_id}:
            raise NotFound
        entries = [
            TimeTogether(
                house_id=house_id, person_id=person_id, with_person_id=with_person_id, kind=kind, minutes=minutes,
                day=day, value=value, made_at=now, made_by=actor.ref,
            )
            for person_id in sorted(set(people))
        ]  # fmt: skip
        session.add_all(entries)
        session.flush()
        for entry in entries:
            _say(session, entry, events.TOGETHER_ADDED, actor, now)
    return entries


def remove_time(actor: Actor, entry_id: uuid.UUID, *, now: datetime) -> TimeTogether:
    """Taken out by one of the two; returned as it stood, for Undo."""
    with transaction() as session:
        entry = locked_row(session, actor, TimeTogether, entry_id, May.SEE_SHIFTS)
        if actor.kind != ActorKind.PERSON or actor.id not in (entry.person_id, entry.with_person_id):
            raise NotFound
        session.delete(entry)
        session.flush()
        _say(session, entry, events.TOGETHER_REMOVED, actor, now)
    return entry


def _say(session: Session, entry: TimeTogether, kind: str, actor: Actor, now: datetime) -> None:
    record(
        session,
        entry.house_id,
        kind,
        subject=entry.id,
        actor=actor,
        at=now,
        person_id=entry.person_id,
        with_person_id=entry.with_person_id,
        minutes=entry.minutes,
        day=entry.day,
    )


def _work_here(session: Session, house_id: uuid.UUID, people: set[uuid.UUID]) -> bool:
    found = session.scalars(
        sa.select(Membership.person_id)
        .join(Person)
        .where(
            Membership.house_id == house_id,
            Membership.person_id.in_(people),
            Membership.ended_at.is_(None),
            Person.deactivated_at.is_(None),
        )
    )
    return set(found) == people
