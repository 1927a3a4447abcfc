"""Shifts from another system, taken into a house's list in one act: judged like any others, none made twice."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.core.db import transaction
from respite.core.errors import Invalid, Refusal
from respite.houses.models import House
from respite.houses.policy.house_time import span_of
from respite.staffing import events
from respite.staffing.errors import AlreadyOn, Judged, RulesAgainst
from respite.staffing.models import Roster, RosterSeat, Shift
from respite.staffing.queries.places import OPEN_STATES
from respite.staffing.service.overruling import Anyway, all_must_fit
from respite.staffing.service.shifts import give_to, settle, write_down

Hours = tuple[str, datetime, datetime]  # kind, begin, end


@dataclass(frozen=True, slots=True)
class Line:
    """One shift of the file; `number` is its line there. Without a person nobody has it yet."""

    number: int
    day: date
    begins: time
    ends: time
    kind: str
    person_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many shifts were made, how many open ones were given to somebody, and how many were there already."""

    made: int
    given: int
    stood: int


class NotTakenIn(Refusal):
    """Nothing was written: lines that cannot be, by number, and what speaks against others."""

    def __init__(self, wrong: dict[int, str], judged: dict[int, Judged]) -> None:
        super().__init__(_("Nothing was written."))
        self.wrong, self.judged = wrong, judged


@dataclass(slots=True)
class _Work:
    stood: int = 0
    made: dict[int, Shift] = field(default_factory=dict)
    given: dict[int, Shift] = field(default_factory=dict)
    wrong: dict[int, str] = field(default_factory=dict)


def take_in(
    actor: Actor, house_id: uuid.UUID, lines: Sequence[Line], *, why: str = "", only_look: bool = False, now: datetime
) -> TakenIn:
    """Write all lines, or none. A line that is in the list already is not made twice; an open shift of the same hours
    is given to whom the line names.

    Raises NotTakenIn where a line cannot be, where rules speak against one and there is no `why`, and with `only_look`
    where anything at all is to be said.
    """
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_SHIFTS)
        house, work = session.get_one(House, house_id), _Work()
        for line, shift in _places(session, house, lines, work):
            try:
                _write(session, house, line, shift, work, actor, now)
            except (AlreadyOn, Invalid) as refusal:
                work.wrong[line.number] = " ".join(map(str, getattr(refusal, "fields", {}).values())) or str(refusal)
        numbers = {shift.id: number for number, shift in (work.made | work.given).items()}
        judged = {}
        try:
            shifts = [*work.made.values(), *work.given.values()]
            all_must_fit(session, [(each, each.person_id) for each in shifts], Anyway(why), actor, now)
        except RulesAgainst as refusal:
            judged = {numbers[each.shift_id]: each for each in refusal.judged}
        if work.wrong or judged or only_look:
            raise NotTakenIn(work.wrong, judged)
    return TakenIn(made=len(work.made), given=len(work.given), stood=work.stood)


def _places(session: Session, house: House, lines: Sequence[Line], work: _Work) -> list[tuple[Line, Shift | None]]:
    """What each line is written into: an open shift of its hours, or none, and then it is made."""
    there = _same_hours(session, house, lines)
    left: list[Line] = []
    for line in lines:
        mine = [each for each in there[_hours(line, house)] if each.person_id == line.person_id is not None]
        if mine:
            there[_hours(line, house)].remove(mine[0])
            work.stood += 1
        else:
            left.append(line)
    found: list[tuple[Line, Shift | None]] = []
    for line in sorted(left, key=lambda each: (each.person_id is None, each.number)):
        places = there[_hours(line, house)]
        place = next((each for each in places if line.person_id is None or each.person_id is None), None)
        if place is not None:
            places.remove(place)
        if place is not None and line.person_id is None:
            work.stood += 1  # it is open, or somebody took it
        else:
            found.append((line, place))
    return found


def _same_hours(session: Session, house: House, lines: Sequence[Line]) -> defaultdict[Hours, list[Shift]]:
    found: defaultdict[Hours, list[Shift]] = defaultdict(list)
    spans = [_hours(line, house)[1:] for line in lines]
    if not spans:
        return found
    asked = (
        sa.select(Shift)
        .where(
            Shift.house_id == house.id,
            Shift.starts_at >= min(begin for begin, _end in spans),
            Shift.ends_at <= max(end for _begin, end in spans),
        )
        .order_by(Shift.seat, Shift.id)
    )
    for shift in session.scalars(asked).all():
        found[shift.kind, shift.starts_at, shift.ends_at].append(shift)
    return found


def _hours(line: Line, house: House) -> Hours:
    return (line.kind, *span_of(line.day, line.begins, line.ends, house.timezone))


def _write(
    session: Session, house: House, line: Line, shift: Shift | None, work: _Work, actor: Actor, now: datetime
) -> None:
    if shift is None:
        shift = Shift(house_id=house.id, published_at=now)
        write_down(session, shift, line.person_id, line.kind, line.day, line.begins, line.ends)
        session.add(shift)
        settle(session, shift, None, events.SHIFT_SET, actor, now)
        work.made[line.number] = shift
        return
    if _in_a_draft(session, shift):
        raise Invalid(fields={"person": _("A draft that is not given out has somebody on that shift.")})
    give_to(session, shift, line.person_id, actor, now)
    work.given[line.number] = shift


def _in_a_draft(session: Session, shift: Shift) -> bool:
    return (
        session.scalar(
            sa.select(RosterSeat.id)
            .join(Roster, Roster.id == RosterSeat.roster_id)
            .where(RosterSeat.shift_id == shift.id, RosterSeat.person_id.is_not(None), Roster.state.in_(OPEN_STATES))
            .limit(1)
        )
        is not None
    )
