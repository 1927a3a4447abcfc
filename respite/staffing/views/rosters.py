"""Giving shifts out: a draft of some weeks, filled while one looks on, and published. For those who keep shifts."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

import sqlalchemy as sa
from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now, machine_now
from respite.core.db import db
from respite.core.errors import Invalid, Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing import solver
from respite.staffing.models import Roster, RosterRun
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.queries.overrides import Overruled, overruled_in
from respite.staffing.queries.places import OPEN_STATES, Place, places_between
from respite.staffing.queries.runs import last_run
from respite.staffing.service import choosing_weeks, publishing, rosters, runs
from respite.staffing.service.rolling import AHEAD
from respite.staffing.views import blueprint
from respite.staffing.views.against import against_shown, decided, read_anyway
from respite.staffing.views.choosing_shown import Choosing, choose_until_in, choosing_shown
from respite.staffing.views.reason_words import Wording
from respite.staffing.views.roster_words import RunShown, run_shown
from respite.staffing.views.shown import hours_words, whole_day
from respite.staffing.views.week import span_words

SECONDS = (10, 30, 60, 120)
MOST_WEEKS = 8


@dataclass(frozen=True, slots=True)
class PlaceOut:
    shift_id: uuid.UUID
    person_id: uuid.UUID | None
    name: str | None  # none: nobody has it
    stays: bool
    decided: str  # against a rule, by whom and why


@dataclass(frozen=True, slots=True)
class TurnOut:
    """The places of the same hours in a draft."""

    hours: str
    on_call: bool
    places: list[PlaceOut]


@dataclass(frozen=True, slots=True)
class Drafted:
    id: uuid.UUID
    span: str
    run: RunShown | None
    run_id: uuid.UUID | None
    open_places: int
    days: list[tuple[str, list[TurnOut]]]
    touched: bool  # somebody was put on
    choosing: Choosing | None


@blueprint.get("/houses/<slug>/roster")
@for_house(May.KEEP_SHIFTS)
def roster(house: House) -> ResponseReturnValue:
    return draw(house)


@blueprint.post("/houses/<slug>/roster")
@for_house(May.KEEP_SHIFTS)
def begin_roster(house: House) -> ResponseReturnValue:
    return or_redraw(lambda: _begin(house), lambda refusal: draw(house, refusal))


@blueprint.post("/rosters/<uuid:roster_id>/fill")
@for_row(Roster, "roster", May.KEEP_SHIFTS)
def fill_roster(roster: Roster) -> ResponseReturnValue:
    house, roster_id = _house(roster), roster.id
    return or_redraw(lambda: _fill(house, roster_id), lambda refusal: draw(house, refusal))


@blueprint.post("/roster-runs/<uuid:run_id>/stop")
@for_row(RosterRun, "run", May.KEEP_SHIFTS)
def stop_filling(run: RosterRun) -> ResponseReturnValue:
    page, run_id = url_for("staffing.roster", slug=_house(run).slug), run.id

    def act() -> Answer:
        runs.stop_run(acting(), run_id, now=house_now())
        return done(page)

    return act_form(acting(), act)


@blueprint.post("/rosters/<uuid:roster_id>/publish")
@for_row(Roster, "roster", May.KEEP_SHIFTS)
def publish_roster(roster: Roster) -> ResponseReturnValue:
    house, roster_id = _house(roster), roster.id
    return or_redraw(lambda: _publish(roster), lambda refusal: draw(house, refusal, gives_out=roster_id))


def _publish(roster: Roster) -> ResponseReturnValue:
    form, house, roster_id, first = Form(request.form), _house(roster), roster.id, roster.first_day
    anyway = read_anyway(form)
    form.done()
    days = {"from": first.isoformat()}
    page = url_for("staffing.shifts", slug=house.slug, **days)  # type: ignore[arg-type]  # "from" is no Python name

    def act() -> Answer:
        found = publishing.publish(acting(), roster_id, anyway=anyway, now=house_now())
        told = ngettext("%(num)s person is told by text.", "%(num)s people are told by text.", len(found.told))
        return done(page, _("The shifts are given out. %(told)s", told=told))

    return act_form(acting(), act)


@blueprint.post("/rosters/<uuid:roster_id>/put-away")
@for_row(Roster, "roster", May.KEEP_SHIFTS)
def put_roster_away(roster: Roster) -> ResponseReturnValue:
    return _moved(roster, rosters.drop_roster, _("The draft is put away."), "staffing.take_roster_up")


@blueprint.post("/rosters/<uuid:roster_id>/take-up")
@for_row(Roster, "roster", May.KEEP_SHIFTS)
def take_roster_up(roster: Roster) -> ResponseReturnValue:
    return _moved(roster, rosters.take_up, _("The draft is here again."), "staffing.put_roster_away")


def _moved(roster: Roster, move: Callable[..., Roster], said: str, undo: str) -> ResponseReturnValue:
    house, roster_id = _house(roster), roster.id

    def act() -> Answer:
        move(acting(), roster_id, now=house_now())
        return done(url_for("staffing.roster", slug=house.slug), said, url_for(undo, roster_id=roster_id))

    return or_redraw(lambda: act_form(acting(), act), lambda refusal: draw(house, refusal))


def _begin(house: House) -> ResponseReturnValue:
    form, house_id, slug = Form(request.form), house.id, house.slug
    first = form.day("first")
    weeks = form.whole_number("weeks", least=1, most=MOST_WEEKS)
    choose_until = choose_until_in(form, house, needed=False)
    form.done()
    until = first + timedelta(weeks=weeks)
    _must_have_shifts(house, first, until)

    def act() -> Answer:
        page, now = url_for("staffing.roster", slug=slug), house_now()
        if choose_until is None:
            rosters.begin_roster(acting(), house_id, first_day=first, until=until, now=now)
            return done(page, _("Here is the draft. Nobody else sees it."))
        choosing_weeks.begin_week(acting(), house_id, first_day=first, until=until, choose_until=choose_until, now=now)
        return done(page, _("People can choose now. Whoever agreed to texts about shifts is asked by text."))

    return act_form(acting(), act)


def _must_have_shifts(house: House, first: date, until: date) -> None:
    today = local(house_now(), house.timezone).date()
    if first < today or until > today + AHEAD + timedelta(days=1):
        last = whole_day(today + AHEAD)
        raise Invalid(fields={"first": _("Please choose days from today on, before %(day)s.", day=last)})
    if not places_between(db.session(), house, first, until, drafts=True):
        raise Invalid(
            fields={"first": _("No shift begins in these days. What your days ask for is set in the patterns.")}
        )


def _fill(house: House, roster_id: uuid.UUID) -> ResponseReturnValue:
    form, slug = Form(request.form), house.slug
    seconds = form.whole_number("seconds", least=SECONDS[0], most=SECONDS[-1])
    form.done()
    begun: list[uuid.UUID] = []

    def act() -> Answer:
        begun.append(runs.begin_run(acting(), roster_id, seconds=seconds, now=house_now()).id)
        return done(url_for("staffing.roster", slug=slug))

    answer = act_form(acting(), act)
    for run_id in begun:  # committed; a second tap of the same form begins none
        solver.start(run_id)
    return answer


def draw(
    house: House,
    refusal: Refusal | None = None,
    wrong_for: uuid.UUID | None = None,
    gives_out: uuid.UUID | None = None,
) -> str:
    """The page; a refusal stands beside the form of a draft: the one for choosing, or the one that gives it out."""
    session, now = db.session(), house_now()
    today = local(now, house.timezone).date()
    monday = today + timedelta(days=7 - today.weekday())
    found = session.scalars(
        sa.select(Roster)
        .where(Roster.house_id == house.id, Roster.state.in_(OPEN_STATES))
        .order_by(Roster.first_day, Roster.id)
    ).all()
    return drawn(
        "staffing/roster.html",
        house=house,
        drafts=[_drafted(session, house, each, now) for each in found],
        form=shown({"first": monday.isoformat(), "weeks": "4", "choose_day": "", "choose_time": "18:00"}, refusal),
        wrong_for=wrong_for,
        gives_out=gives_out,
        against=against_shown(session, house, refusal, several=True) if gives_out is not None else None,
        seconds=[(each, ngettext("%(num)s second", "%(num)s seconds", each)) for each in SECONDS],
        weeks=[(str(each), ngettext("%(num)s week", "%(num)s weeks", each)) for each in range(1, MOST_WEEKS + 1)],
    )


def _drafted(session: Session, house: House, draft: Roster, now: datetime) -> Drafted:
    places = places_between(session, house, draft.first_day, draft.until, drafts=True)
    words, run = Wording(session, house, draft.first_day), last_run(session, draft.id)
    found = overruled_in(session, draft.id)
    choosing = choosing_shown(session, house, draft, now)
    if run is not None and choosing is not None and choosing.asked_at is not None and run.made_at <= choosing.asked_at:
        run = None  # what it filled in was opened again for choosing
    return Drafted(
        id=draft.id,
        span=span_words(draft.first_day, draft.until - timedelta(days=1)),
        run=run_shown(run, words, machine_now()) if run is not None else None,
        run_id=run.id if run is not None else None,
        open_places=sum(place.person_id is None for place in places),
        days=[
            (whole_day(day), _turns(list(of_day), house, words, found))
            for day, of_day in groupby(places, lambda each: each.day)
        ],
        touched=any(place.seat_id is not None for place in places),
        choosing=choosing,
    )


def _turns(places: list[Place], house: House, words: Wording, found: Mapping[uuid.UUID, Overruled]) -> list[TurnOut]:
    turns = []
    for _key, group in groupby(places, lambda each: (each.starts_at, each.ends_at, each.kind)):
        turn = list(group)
        there = [
            PlaceOut(
                shift_id=place.shift_id,
                person_id=place.person_id,
                name=words.name(str(place.person_id)) if place.person_id else None,
                stays=place.locked,
                decided=decided(found.get(place.shift_id)),
            )
            for place in turn
        ]
        turns.append(
            TurnOut(
                hours=hours_words(turn[0].starts_at, turn[0].ends_at, house),
                on_call=turn[0].kind == ShiftKind.ON_CALL,
                places=sorted(there, key=lambda place: (place.name is None, place.name or "")),
            )
        )
    return turns


def _house(row: Roster | RosterRun) -> House:
    return db.session.get_one(House, row.house_id)
