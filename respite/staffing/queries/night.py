"""What the desk shows of the living night: who is not here yet, who was asked, whom to call. Values only."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.models import Person
from respite.houses.models import House
from respite.messaging.models import Correspondent
from respite.messaging.models.people import CorrespondentKind
from respite.staffing.models import NOBODY, CallIn, ClinicalPage, Shift, ShiftStep
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.policy.watching import COMES, LADDER, LOOKS_AFTER, PASSES
from respite.staffing.queries.resting import next_floor_shift, rest_wanted
from respite.staffing.queries.watching import outgoing, waits_for

BEFORE_BEGIN = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who was asked, or is to be called because no text may reach them, and what they said."""

    person_id: uuid.UUID
    name: str
    number: str | None
    by_text: bool
    at: datetime
    lead: bool
    answer: str  # comes, passes, looks-after, or nothing yet


@dataclass(frozen=True, slots=True)
class Staying:
    shift_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    stays: bool


@dataclass(frozen=True, slots=True)
class NotHere:
    """A shift to which nobody came, nor anybody in their stead. `alone`: nobody is known to be in the house at all."""

    shift_id: uuid.UUID
    holder_id: uuid.UUID | None
    holder: str | None
    number: str | None
    starts_at: datetime
    ends_at: datetime
    waits_until: datetime | None  # they are on their way
    asked: tuple[Asked, ...]
    staying: tuple[Staying, ...]
    alone: bool

    def said(self, answer: str) -> str | None:
        """Who gave this answer."""
        return next((each.name for each in self.asked if each.answer == answer), None)


@dataclass(frozen=True, slots=True)
class Call:
    """A second person is wanted."""

    call_id: uuid.UUID
    until: datetime
    asked: tuple[Asked, ...]
    comes: str | None
    answered_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class Page:
    """The clinical on-call was asked for. Of whom and why stands with the stay, and not here."""

    page_id: uuid.UUID
    asked_at: datetime
    asked: tuple[Asked, ...]
    has_it: str | None


@dataclass(frozen=True, slots=True)
class ShortRest:
    """Somebody stayed on, and their next shift comes sooner than the house's rest. For whoever keeps the shifts."""

    shift_id: uuid.UUID  # the next one
    name: str
    since: datetime  # when they went, or now while they are still on
    starts_at: datetime
    rest: timedelta
    wanted: timedelta


@dataclass(frozen=True, slots=True)
class Night:
    """Everything of it; nothing, where all is well."""

    not_here: tuple[NotHere, ...] = ()
    calls: tuple[Call, ...] = ()
    short_rest: tuple[ShortRest, ...] = ()
    pages: tuple[Page, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.not_here or self.calls or self.pages)


ALL_IS_WELL = Night()


def anything_to_watch(house_id: uuid.UUID, now: datetime) -> sa.ColumnElement[bool]:
    """Whether `watched_now` has anything to find: a column, so that a quiet night costs no read of its own."""
    return sa.or_(*(sa.exists(each) for each in _signs(house_id, now)))


def watched_now(session: Session, house: House, now: datetime) -> Night:
    """All of it."""
    shifts = list(
        session.scalars(sa.select(Shift).where(*_nobody_came(house.id, now)).order_by(Shift.starts_at, Shift.id))
    )
    calls = list(session.scalars(sa.select(CallIn).where(*_wanted(house.id, now)).order_by(CallIn.asked_at)))
    short = tuple(_short_rest(session, house, now))
    pages = list(session.scalars(sa.select(ClinicalPage).where(*_paged(house.id)).order_by(ClinicalPage.asked_at)))
    about = [*(each.id for each in shifts), *(each.id for each in calls), *(each.id for each in pages)]
    rows = session.scalars(
        sa.select(ShiftStep).where(ShiftStep.about_id.in_(about)).order_by(ShiftStep.at, ShiftStep.step, ShiftStep.n)
    ).all()
    watched = [(each, _rows_of(rows, each)) for each in shifts]
    there = _there(session, house.id, now) if watched else set()
    watched = [
        (each, steps)
        for each, steps in watched
        if any(row.step in LADDER for row in steps)
        and not any(row.step == COMES and row.told_id in there for row in steps)
    ]
    if not watched and not calls and not pages:
        return Night(short_rest=short)
    people = _people(session, house.id, rows, shifts)
    alone = not there
    return Night(
        tuple(_not_here(session, house, shift, steps, people, alone, now) for shift, steps in watched),
        tuple(_call(each, rows, people) for each in calls),
        short,
        tuple(_page(session, each, rows, people) for each in pages),
    )


def _short_rest(session: Session, house: House, now: datetime) -> Iterable[ShortRest]:
    stayed = session.scalars(sa.select(Shift).where(*_stayed(house.id, now)))
    for shift in stayed:
        if shift.person_id is None:
            continue
        since = shift.went_at or max(now, shift.ends_at)
        coming = next_floor_shift(session, shift.person_id, since)
        wanted = rest_wanted(session, house, shift.person_id, now).rest
        if coming is None or coming.house_id != house.id or coming.starts_at <= now:
            continue
        if coming.starts_at - since < wanted:
            name = session.get_one(Person, shift.person_id).name
            yield ShortRest(coming.id, name, since, coming.starts_at, coming.starts_at - since, wanted)


Where = tuple[sa.ColumnElement[bool], ...]


def _signs(house_id: uuid.UUID, now: datetime) -> tuple[sa.Select[Any], ...]:
    """What makes it worth to look closer: steps of a shift that nobody came to, a call, somebody who stayed on."""
    return (
        sa.select(Shift.id)
        .join(ShiftStep, ShiftStep.about_id == Shift.id)
        .where(*_nobody_came(house_id, now), ShiftStep.step.in_(LADDER)),
        sa.select(CallIn.id).where(*_wanted(house_id, now)),
        sa.select(ClinicalPage.id).where(*_paged(house_id)),
        sa.select(Shift.id).where(*_stayed(house_id, now)),
    )


def _nobody_came(house_id: uuid.UUID, now: datetime) -> Where:
    return (
        Shift.house_id == house_id,
        Shift.kind == ShiftKind.FLOOR,
        Shift.published_at.is_not(None),
        Shift.came_at.is_(None),
        Shift.went_at.is_(None),
        Shift.starts_at < now + BEFORE_BEGIN,
        Shift.ends_at > now,
    )


def _wanted(house_id: uuid.UUID, now: datetime) -> Where:
    return (CallIn.house_id == house_id, CallIn.ended_at.is_(None), CallIn.until > now)


def _paged(house_id: uuid.UUID) -> Where:
    return (ClinicalPage.house_id == house_id, ClinicalPage.ended_at.is_(None))


def _stayed(house_id: uuid.UUID, now: datetime) -> Where:
    return (Shift.house_id == house_id, Shift.stays_on_at.is_not(None), Shift.ends_at > now - timedelta(days=1))


def _rows_of(rows: Iterable[ShiftStep], shift: Shift) -> list[ShiftStep]:
    key = (shift.id, shift.person_id or NOBODY, shift.starts_at)
    return [row for row in rows if (row.about_id, row.holder_id, row.begins_at) == key]


People = Mapping[uuid.UUID, tuple[str, str | None]]  # name and number by person


def _people(session: Session, house_id: uuid.UUID, rows: Iterable[ShiftStep], shifts: Iterable[Shift]) -> People:
    ids = {row.told_id for row in rows if row.told_id} | {each.person_id for each in shifts if each.person_id}
    if not ids:
        return {}
    known = session.scalars(
        sa.select(Correspondent).where(
            Correspondent.subject_id.in_(ids),
            Correspondent.house_id == house_id,
            Correspondent.kind == CorrespondentKind.PEER,
        )
    )
    numbers = {each.subject_id: each.number for each in known}
    people = session.scalars(sa.select(Person).where(Person.id.in_(ids)))
    return {person.id: (person.name, numbers.get(person.id)) for person in people}


def _not_here(
    session: Session, house: House, shift: Shift, steps: Sequence[ShiftStep], people: People, alone: bool, now: datetime
) -> NotHere:
    name, number = people.get(shift.person_id or NOBODY, (None, None))
    return NotHere(
        shift.id,
        shift.person_id,
        name,
        number,
        shift.starts_at,
        shift.ends_at,
        waits_for(session, house, shift, now),
        _asked([row for row in steps if row.told_id != shift.person_id], people),
        tuple(
            Staying(each.id, person_id, session.get_one(Person, person_id).name, each.stays_on_at is not None)
            for each in outgoing(session, shift)
            if each.asked_to_stay_at is not None and (person_id := each.person_id) is not None
        ),
        alone,
    )


def _call(call: CallIn, rows: Iterable[ShiftStep], people: People) -> Call:
    mine = [row for row in rows if row.about_id == call.id]
    comes = people.get(call.comes_id or NOBODY, (None, None))[0]
    return Call(call.id, call.until, _asked(mine, people), comes, call.answered_at, call.version)


def _page(session: Session, page: ClinicalPage, rows: Iterable[ShiftStep], people: People) -> Page:
    mine = [row for row in rows if row.about_id == page.id]
    has_it = session.get_one(Person, page.acknowledged_by).name if page.acknowledged_by is not None else None
    return Page(page.id, page.asked_at, _asked(mine, people), has_it)


def _asked(rows: Sequence[ShiftStep], people: People) -> tuple[Asked, ...]:
    """Each once, in the order in which they were asked, with the last thing they said."""
    answers = {row.told_id: row.step for row in rows if row.step in (COMES, PASSES, LOOKS_AFTER)}
    found: dict[uuid.UUID, Asked] = {}
    for row in rows:
        if row.told_id is None or row.told_id not in people or row.step not in LADDER:
            continue
        name, number = people[row.told_id]
        answer = answers.get(row.told_id, "")
        lead = row.step == LADDER[-1]
        found.setdefault(row.told_id, Asked(row.told_id, name, number, row.how == "text", row.at, lead, answer))
    return tuple(found.values())


def _there(session: Session, house_id: uuid.UUID, now: datetime) -> set[uuid.UUID | None]:
    """Who said that they came, or that they stay on, and is not gone."""
    there = sa.select(Shift.person_id).where(
        Shift.house_id == house_id,
        Shift.kind == ShiftKind.FLOOR,
        Shift.published_at.is_not(None),
        Shift.went_at.is_(None),
        sa.or_(
            sa.and_(Shift.came_at.is_not(None), Shift.ends_at > now),
            sa.and_(Shift.stays_on_at.is_not(None), Shift.ends_at > now - timedelta(hours=12)),
        ),
    )
    return set(session.scalars(there))
