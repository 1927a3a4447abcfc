"""A choosing week as pages show it: to each person who chooses, and to who keeps the shifts."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from respite.core.forms import Form
from respite.core.times import clock_words
from respite.houses.models import House
from respite.houses.policy.house_time import instant_of, local
from respite.messaging.purposes import Purpose
from respite.staffing.models import Roster
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.queries.availability import workers_of
from respite.staffing.queries.choosing import CHOSEN, Heard, answer_of, choosing_in, goes_on, heard_of, to_choose
from respite.staffing.queries.places import Place
from respite.staffing.service.choosing_asking import nudgeable
from respite.staffing.service.fitting import against
from respite.staffing.service.texting import reachable
from respite.staffing.views.reason_words import reason_words
from respite.staffing.views.shown import hours_words, whole_day
from respite.staffing.views.week import span_words

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ToChoose:
    """The places of the same hours, to one person. `mine` is the one they have; `may_give_back` if they chose it."""

    shift_id: uuid.UUID
    words: str  # the whole day and the hours, for whoever hears the page
    hours: str
    name: str
    on_call: bool
    open_words: str
    mine: bool
    may_give_back: bool
    reasons: list[str]  # why it does not fit


@dataclass(frozen=True, slots=True)
class DayToChoose:
    title: str
    turns: list[ToChoose]  # theirs, and those they can take
    others: list[ToChoose]  # open, and something speaks against them


@dataclass(frozen=True, slots=True)
class OwnWeek:
    """A week to choose in, on one's own page of shifts."""

    id: uuid.UUID
    house: str
    span: str
    until: str
    done: bool


@dataclass(frozen=True, slots=True)
class AskedOne:
    name: str
    nudged: bool
    to_call: bool  # no text reaches them


@dataclass(frozen=True, slots=True)
class Choosing:
    """Where a draft's choosing stands, for who keeps the shifts. Names alone, in their order."""

    goes_on: bool
    until: str
    day: str  # as a field for a day holds it
    time: str
    done: list[str]
    choosing: list[str]
    silent: list[AskedOne]
    to_nudge: int
    asked_at: datetime | None


# -- for each person -----------------------------------------------------------------------------------------------


def own_weeks_to_choose(
    session: Session, houses: Iterable[House], person_id: uuid.UUID, now: datetime
) -> list[OwnWeek]:
    by_id = {house.id: house for house in houses}
    found = []
    for roster in choosing_in(session, by_id.keys(), now):
        answer, house = answer_of(session, roster.id, person_id), by_id[roster.house_id]
        if answer is None and not _may_have_shifts(session, house, person_id):
            continue
        done = answer is not None and answer.answered_at is not None
        found.append(OwnWeek(roster.id, house.name, span_of(roster), until_words(roster, house), done))
    return found


def _may_have_shifts(session: Session, house: House, person_id: uuid.UUID) -> bool:
    """Whether somebody who was not asked, since they came later, may choose with the others."""
    return any(worker.is_filled for worker in workers_of(session, house, only=[person_id]))


def weeks_of(roster: Roster) -> list[tuple[date, date]]:
    """Its weeks: first day, and the day before which each is over."""
    count = -(-(roster.until - roster.first_day) // WEEK)
    begins = [roster.first_day + number * WEEK for number in range(count)]
    return [(first, min(first + WEEK, roster.until)) for first in begins]


def week_with(roster: Roster, day: date) -> int:
    """The number of the week that a day lies in, from 0."""
    return (day - roster.first_day) // WEEK


def days_to_choose(
    session: Session, house: House, roster: Roster, person_id: uuid.UUID, first: date, until: date, now: datetime
) -> list[DayToChoose]:
    """What is open, and what the person has, on some days. What others took is nowhere in it."""
    places = [each for each in to_choose(session, house, roster, now) if first <= each.day < until]
    days = []
    for day, of_day in groupby(places, lambda each: each.day):
        turns = list(_turns(session, house, list(of_day), person_id, now))
        if turns:
            fits = [each for each in turns if not each.reasons]
            days.append(DayToChoose(whole_day(day), fits, [each for each in turns if each.reasons]))
    return days


def _turns(
    session: Session, house: House, places: list[Place], person_id: uuid.UUID, now: datetime
) -> Iterator[ToChoose]:
    for _group, group in groupby(places, lambda each: each.group):
        turn = list(group)
        mine = next((each for each in turn if each.person_id == person_id), None)
        free = [each for each in turn if each.person_id is None]
        shown = mine or next(iter(free), None)
        if shown is None:
            continue
        # Places of one turn ask for the same, so one judgement holds for all of them.
        reasons = [] if mine else against(session, house, person_id, shown.shift_id, now, drafts=True)
        hours = hours_words(shown.starts_at, shown.ends_at, house)
        yield ToChoose(
            shift_id=shown.shift_id,
            words=_("%(day)s, %(hours)s", day=whole_day(shown.day), hours=hours),
            hours=hours,
            name=shown.name,
            on_call=shown.kind == ShiftKind.ON_CALL,
            open_words=ngettext("%(num)s place open", "%(num)s places open", len(free)) if len(turn) > 1 else "",
            mine=mine is not None,
            may_give_back=mine is not None and mine.how == CHOSEN,
            reasons=reason_words(session, house, shown.day, reasons, named=False),
        )


# -- for who keeps the shifts --------------------------------------------------------------------------------------


def choosing_shown(session: Session, house: House, roster: Roster, now: datetime) -> Choosing | None:
    """Where it stands or how it ended; none where nobody was asked to choose."""
    if roster.choose_until is None:
        return None
    heard, on = heard_of(session, roster), goes_on(roster, now)
    here = local(roster.choose_until, house.timezone)
    return Choosing(
        goes_on=on,
        until=until_words(roster, house),
        day=here.date().isoformat(),
        time=f"{here:%H:%M}",
        done=[name for _id, name in heard.done],
        choosing=[name for _id, name in heard.choosing],
        silent=list(_silent(session, house, heard)),
        to_nudge=len(nudgeable(session, roster)) if on else 0,
        asked_at=heard.asked_at,
    )


def _silent(session: Session, house: House, heard: Heard) -> Iterator[AskedOne]:
    for person_id, name in heard.silent:
        to_call = reachable(session, house.id, person_id, Purpose.SHIFTS) is None
        yield AskedOne(name, person_id in heard.nudged, to_call)


def choose_until_in(form: Form, house: House, *, needed: bool) -> datetime | None:
    """The end of choosing as a form has it, by the house's clock; none where no day was given."""
    day = form.day("choose_day", needed=needed)
    at = form.clock_time("choose_time", needed=day is not None)
    if day is None or at is None or form.wrong:
        return None
    return instant_of(datetime.combine(day, at), house.timezone)


def span_of(roster: Roster) -> str:
    return span_words(roster.first_day, roster.until - timedelta(days=1))


def until_words(roster: Roster, house: House) -> str:
    """ "Thursday 26 November, 6 pm"."""
    assert roster.choose_until is not None
    day = whole_day(local(roster.choose_until, house.timezone).date())
    return _("%(day)s, %(time)s", day=day, time=clock_words(roster.choose_until, house.timezone))
