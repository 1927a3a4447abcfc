"""One's own shifts in all houses, and saying that one is here or going: two taps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.access import signed_in
from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May, Role
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form
from respite.core.redraw import drawn
from respite.core.web import own_page
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.houses.queries import houses_of
from respite.houses.rule_words import minutes_words
from respite.promises.views.mine import promises_of_me
from respite.staffing.models import Shift
from respite.staffing.queries.overrides import overruled
from respite.staffing.queries.own_hours import WeekHours, own_weeks
from respite.staffing.queries.shifts import shifts_of_person
from respite.staffing.service import shifts as service
from respite.staffing.views import blueprint
from respite.staffing.views.against import decided
from respite.staffing.views.choosing_shown import own_weeks_to_choose
from respite.staffing.views.offers_shown import asked_of_me
from respite.staffing.views.own_pages import own_cards, own_pages
from respite.staffing.views.shown import ShiftLine, day_of, day_title, line
from respite.staffing.views.swaps_shown import news_of_me, swaps_of_me
from respite.staffing.views.watch_own import right_now

AHEAD = timedelta(days=28)


@blueprint.get("/me")
@signed_in
def mine() -> ResponseReturnValue:
    session, now, actor = db.session(), house_now(), acting()
    houses = {house.id: house for house in houses_of(actor)}
    days: dict[date, tuple[str, list[ShiftLine]]] = {}
    coming = shifts_of_person(session, actor.id, now, now + AHEAD)
    against = overruled(session, [shift.shift_id for shift in coming])
    for shift in coming:
        house = houses.get(shift.house_id)
        if house is None:
            continue
        today = local(now, house.timezone).date()
        day = day_of(shift, house, today)
        days.setdefault(day, (day_title(day, today), []))[1].append(line(shift, house, actor.id, now))
    working = [house for house in houses.values() if actor.may(May.SEE_SHIFTS, house.id)]
    g.house = next(iter(houses.values())) if len(houses) == 1 else None
    return drawn(
        "staffing/mine.html",
        house=g.house,
        days=[days[day] for day in sorted(days)],
        decided_of={shift_id: decided(found) for shift_id, found in against.items()},
        several=len(houses) > 1,
        houses=working,
        stepped_back=[house for house in houses.values() if actor.role_in(house.id) == Role.STEPPED_BACK],
        hours=[(house, hours_said(own_weeks(session, house, actor.id, now))) for house in working],
        own_pages=own_pages(),
        own_cards=own_cards(session, actor, now),
        promised=promises_of_me(session, actor, houses.values(), now),
        right_now=right_now(session, actor.id, {house.id: house for house in working}, now),
        asked=asked_of_me(session, actor, now),
        choosing=own_weeks_to_choose(session, working, actor.id, now),
        swaps=swaps_of_me(session, actor, now),
        swap_news=news_of_me(session, actor, now),
    )


def hours_said(weeks: Sequence[WeekHours]) -> list[str]:
    """This week and the next in words, without those in which nothing is planned or wanted."""
    labels = (_("This week"), _("Next week"))
    return [
        _("%(week)s: %(hours)s", week=label, hours=_hours_of(week))
        for label, week in zip(labels, weeks, strict=True)
        if week.floor or week.on_call or week.wanted
    ]


def _hours_of(week: WeekHours) -> str:
    on_call = _("%(hours)s on call", hours=minutes_words(week.on_call)) if week.on_call else None
    if week.wanted is not None:
        floor = _(
            "%(hours)s of the %(wanted)s you would like",
            hours=minutes_words(week.floor),
            wanted=minutes_words(week.wanted),
        )
    elif week.floor or on_call is None:
        floor = minutes_words(week.floor)
    else:
        return on_call
    return _("%(hours)s, and %(on_call)s", hours=floor, on_call=on_call) if on_call else floor


@blueprint.post("/shifts/<uuid:shift_id>/came")
@for_row(Shift, "shift", May.SEE_SHIFTS)
def came(shift: Shift) -> ResponseReturnValue:
    return _say(shift, service.came, _("You are here. Welcome."), "staffing.not_came")


@blueprint.post("/shifts/<uuid:shift_id>/not-came")
@for_row(Shift, "shift", May.SEE_SHIFTS)
def not_came(shift: Shift) -> ResponseReturnValue:
    return _say(shift, service.not_came_after_all, _("You are not here yet."), "staffing.came")


@blueprint.post("/shifts/<uuid:shift_id>/went")
@for_row(Shift, "shift", May.SEE_SHIFTS)
def went(shift: Shift) -> ResponseReturnValue:
    return _say(shift, service.went, _("You are going. Thank you for today."), "staffing.not_went")


@blueprint.post("/shifts/<uuid:shift_id>/not-went")
@for_row(Shift, "shift", May.SEE_SHIFTS)
def not_went(shift: Shift) -> ResponseReturnValue:
    return _say(shift, service.not_went_after_all, _("You are still here."), "staffing.went")


@blueprint.post("/houses/<slug>/shifts/here")
@for_house(May.SEE_SHIFTS)
def here_unplanned(house: House) -> ResponseReturnValue:
    form, house_id = Form(request.form), house.id
    until = form.clock_time("until")
    page = own_page(url_for("staffing.shifts", slug=house.slug))
    form.done()

    def act() -> Answer:
        service.come_unplanned(acting(), house_id, until=until, now=house_now())
        return done(page, _("You are here. Welcome."))

    return act_form(acting(), act)


def _say(shift: Shift, say: Callable[..., Shift], words: str, undo: str) -> ResponseReturnValue:
    shift_id = shift.id
    page = own_page(url_for("staffing.shifts", slug=db.session.get_one(House, shift.house_id).slug))

    def act() -> Answer:
        say(acting(), shift_id, now=house_now())
        return done(page, words, url_for(undo, shift_id=shift_id), back=page)

    return act_form(acting(), act)
