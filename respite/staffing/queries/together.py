"""Time together: one's own entries, and sums for who keeps them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from respite.accounts.models import Person
from respite.staffing.models import TimeTogether
from respite.staffing.policy.together import How

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Sum:
    """Minutes of one person, each kind by itself."""

    person_id: uuid.UUID
    name: str
    individual: int
    group: int
    co_reflection: int

    @property
    def supervision(self) -> int:
        return self.individual + self.group


def own_entries(session: Session, house_id: uuid.UUID, person_id: uuid.UUID) -> list[tuple[TimeTogether, str, str]]:
    """What somebody shared in, the newest first, with the names of whose hours they are and of the other."""
    whose, other = aliased(Person), aliased(Person)
    rows = session.execute(
        sa.select(TimeTogether, whose.name, other.name)
        .join(whose, whose.id == TimeTogether.person_id)
        .join(other, other.id == TimeTogether.with_person_id)
        .where(
            TimeTogether.house_id == house_id,
            sa.or_(TimeTogether.person_id == person_id, TimeTogether.with_person_id == person_id),
        )
        .order_by(TimeTogether.day.desc(), TimeTogether.made_at.desc(), TimeTogether.id)
        .limit(SHOWN)
    )
    return [(entry, name, with_name) for entry, name, with_name in rows]


def sums(session: Session, house_id: uuid.UUID, first: date, until: date) -> list[Sum]:
    """Minutes of everybody who has some on days from `first`, before `until`; by name."""
    rows = session.execute(
        sa.select(Person.id, Person.name, TimeTogether.kind, sa.func.sum(TimeTogether.minutes))
        .join(TimeTogether, TimeTogether.person_id == Person.id)
        .where(TimeTogether.house_id == house_id, TimeTogether.day >= first, TimeTogether.day < until)
        .group_by(Person.id, Person.name, TimeTogether.kind)
    )
    names: dict[uuid.UUID, str] = {}
    minutes: dict[uuid.UUID, dict[str, int]] = defaultdict(dict)
    for person_id, name, kind, total in rows:
        names[person_id], minutes[person_id][kind] = name, int(total)
    return [
        Sum(
            person_id,
            names[person_id],
            minutes[person_id].get(How.INDIVIDUAL, 0),
            minutes[person_id].get(How.GROUP, 0),
            minutes[person_id].get(How.CO_REFLECTION, 0),
        )
        for person_id in sorted(names, key=lambda each: (names[each].casefold(), each))
    ]
