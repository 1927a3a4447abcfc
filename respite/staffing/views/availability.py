"""One's own week and time off; and those who keep the shifts answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from babel.dates import get_day_names
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.accounts.access import signed_in
from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db, end_read
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import day_and_month
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.houses.queries import houses_of
from respite.staffing.models import Shift, TimeOff
from respite.staffing.policy.availability import Cell, How, OffState, Part, Week, cells
from respite.staffing.queries.shifts import live_between
from respite.staffing.queries.time_off import Off, own_week, time_off_in, time_off_of
from respite.staffing.service import availability as service
from respite.staffing.views import blueprint
from respite.staffing.views.details import which_house
from respite.staffing.views.own_pages import own_page_here
from respite.staffing.views.shown import hours_words, whole_day

HOW_WORDS: Mapping[str, Any] = {
    "": _l("fine"),
    How.GLADLY: _l("gladly"),
    How.RATHER_NOT: _l("rather not"),
    How.CANNOT: _l("cannot"),
}
PART_WORDS: Mapping[Part, Any] = {
    Part.MORNING: _l("6 to 14"),
    Part.EVENING: _l("14 to 22"),
    Part.NIGHT: _l("22 to 6"),
}
STATE_WORDS: Mapping[OffState, Any] = {
    OffState.ASKED: _l("waits for an answer"),
    OffState.AGREED: _l("agreed"),
    OffState.DECLINED: _l("not possible this time"),
}


def name_of(cell: Cell) -> str:
    """The field of a cell: "2-night"."""
    return f"{cell[0]}-{cell[1]}"


own_page_here(20, "staffing.availability", _l("When you can be there"))


@blueprint.get("/me/availability")
@signed_in
def availability() -> ResponseReturnValue:
    """To the one house, or which one."""
    actor = acting()
    houses = [house for house in houses_of(actor) if actor.may(May.KEEP_OWN, house.id)]
    end_read()
    if len(houses) == 1:
        return redirect(url_for("staffing.own_availability", slug=houses[0].slug))
    return which_house(houses, _("When you can be there"), "staffing.own_availability")


@blueprint.get("/me/availability/<slug>")
@for_house(May.KEEP_OWN)
def own_availability(house: House) -> ResponseReturnValue:
    return _draw(house)


def _draw(house: House, refusal: Refusal | None = None) -> str:
    session, now, me = db.session(), house_now(), acting().id
    today = local(now, house.timezone).date()
    week = own_week(session, house.id, me)
    names = get_day_names("wide", locale=get_locale() or "en")
    return drawn(
        "staffing/availability.html",
        house=house,
        days=[
            (
                str(names[weekday]),
                [(name_of((weekday, part)), PART_WORDS[part], str(week.get((weekday, part), ""))) for part in Part],
            )
            for weekday in range(7)
        ],
        parts=[PART_WORDS[part] for part in Part],
        hows=list(HOW_WORDS.items()),
        offs=[_line(off) for off in time_off_of(session, house, me, today)],
        form=shown({"first_day": "", "last_day": ""}, refusal),
        today=today.isoformat(),
    )


def _line(off: Off) -> dict[str, Any]:
    return {
        "id": off.id,
        "name": off.name,
        "days": days_words(off.first_day, off.until),
        "state": off.state,
        "words": STATE_WORDS[off.state],
        "version": off.version,
    }


def days_words(first_day: date, until: date) -> str:
    last = until - timedelta(days=1)
    if last == first_day:
        return day_and_month(first_day)
    return _("%(first)s to %(last)s", first=day_and_month(first_day), last=day_and_month(last))


@blueprint.post("/me/availability/<slug>", endpoint="keep_week")
@for_house(May.KEEP_OWN)
def keep_week(house: House) -> ResponseReturnValue:
    form, house_id, page = Form(request.form), house.id, url_for("staffing.own_availability", slug=house.slug)
    read = {cell: form.choice(name_of(cell), How, needed=False) for cell in cells()}
    form.done()
    week = {cell: How(how) for cell, how in read.items() if how}
    before = _as_fields(own_week(db.session(), house_id, acting().id))

    def act() -> Answer:
        service.keep_week(acting(), house_id, week, now=house_now())
        return done(page, _("Your week is kept."), page, **before)

    return act_form(acting(), act)


def _as_fields(week: Week) -> dict[str, str]:
    return {name_of(cell): str(how) for cell, how in week.items()}


@blueprint.post("/me/availability/<slug>/time-off", endpoint="ask_time_off")
@for_house(May.KEEP_OWN)
def ask(house: House) -> ResponseReturnValue:
    house_id, page = house.id, url_for("staffing.own_availability", slug=house.slug)

    def answer() -> ResponseReturnValue:
        form = Form(request.form)
        first, last = form.day("first_day"), form.day("last_day", needed=False)
        form.done()

        def act() -> Answer:
            off = service.ask_time_off(acting(), house_id, first, last or first, now=house_now())
            said = _("Asked. You see the answer here.")
            return done(page, said, url_for("staffing.take_time_off_back", off_id=off.id))

        return act_form(acting(), act)

    return or_redraw(answer, lambda refusal: _draw(db.session.get_one(House, house_id), refusal))


@blueprint.post("/time-off/<uuid:off_id>/back", endpoint="take_time_off_back")
@for_row(TimeOff, "off", May.KEEP_OWN)
def take_back(off: TimeOff) -> ResponseReturnValue:
    off_id, page = off.id, _own_page(off)

    def act() -> Answer:
        service.take_time_off_back(acting(), off_id, now=house_now())
        return done(page, _("You do not ask for it any more."), url_for("staffing.ask_again", off_id=off_id))

    return act_form(acting(), act)


@blueprint.post("/time-off/<uuid:off_id>/again", endpoint="ask_again")
@for_row(TimeOff, "off", May.KEEP_OWN)
def again(off: TimeOff) -> ResponseReturnValue:
    off_id, house_id, page = off.id, off.house_id, _own_page(off)

    def act() -> Answer:
        service.ask_again(acting(), off_id, now=house_now())
        return done(page, _("Asked again. You see the answer here."))

    return or_redraw(
        lambda: act_form(acting(), act), lambda refusal: _draw(db.session.get_one(House, house_id), refusal)
    )


def _own_page(off: TimeOff) -> str:
    return url_for("staffing.own_availability", slug=db.session.get_one(House, off.house_id).slug)


@blueprint.get("/houses/<slug>/time-off")
@for_house(May.KEEP_SHIFTS)
def time_off(house: House) -> ResponseReturnValue:
    session, today = db.session(), local(house_now(), house.timezone).date()
    offs = time_off_in(session, house, today)
    shifts = {row: session.get_one(Shift, row) for off in offs for row in off.shifts}
    return drawn(
        "staffing/time_off.html",
        house=house,
        offs=[_line(off) | {"shifts": [_shift(shifts[row], house) for row in off.shifts]} for off in offs],
    )


def _shift(shift: Shift, house: House) -> str:
    """When it is, and who would be left: what a yes would uncover."""
    day = whole_day(local(shift.starts_at, house.timezone).date())
    when = f"{day}, {hours_words(shift.starts_at, shift.ends_at, house)}"
    others = {
        each.person_id
        for each in live_between(db.session(), house.id, shift.starts_at, shift.ends_at)
        if each.kind == shift.kind and each.person_id != shift.person_id
    }
    if not others:
        return _("%(shift)s: nobody else is on then", shift=when)
    return ngettext(
        "%(shift)s: %(num)s other is on then", "%(shift)s: %(num)s others are on then", len(others), shift=when
    )


@blueprint.post("/time-off/<uuid:off_id>/answer", endpoint="answer_time_off")
@for_row(TimeOff, "off", May.KEEP_SHIFTS)
def answer(off: TimeOff) -> ResponseReturnValue:
    form, off_id, before = Form(request.form), off.id, off.state
    wanted, seen = form.choice("state", STATE_WORDS), form.version()
    form.done()
    state = OffState(wanted)
    page = url_for("staffing.time_off", slug=db.session.get_one(House, off.house_id).slug)

    def act() -> Answer:
        service.answer_time_off(acting(), off_id, state, version_seen=seen, now=house_now())
        return done(page, _("Answered."), url_for("staffing.answer_time_off", off_id=off_id), state=before)

    return act_form(acting(), act)


@blueprint.post("/time-off/<uuid:off_id>/open-shifts", endpoint="open_time_off")
@for_row(TimeOff, "off", May.KEEP_SHIFTS)
def open_shifts(off: TimeOff) -> ResponseReturnValue:
    off_id, page = off.id, url_for("staffing.time_off", slug=db.session.get_one(House, off.house_id).slug)

    def act() -> Answer:
        opened = service.open_shifts(acting(), off_id, now=house_now())
        return done(page, ngettext("%(num)s shift is open now.", "%(num)s shifts are open now.", opened))

    return act_form(acting(), act)
