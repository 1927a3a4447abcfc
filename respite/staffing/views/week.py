"""The list of a house's shifts by day, and putting somebody on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from babel.dates import format_date, format_skeleton
from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form, Unusable, as_day
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import clock_words
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.houses.policy.house_time import day_begins, local
from respite.staffing.models import Shift
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.queries.overrides import overruled
from respite.staffing.queries.shifts import here_now, on_call_now, people_for_shifts, shifts_between
from respite.staffing.service import shifts as service
from respite.staffing.views import blueprint
from respite.staffing.views.against import against_shown, decided, read_anyway
from respite.staffing.views.gaps import gaps_shown
from respite.staffing.views.shown import day_title, hours_words, whole_day
from respite.staffing.views.swaps_shown import in_question
from respite.staffing.views.turns import Turn, by_day

DAYS = 7


@blueprint.get("/houses/<slug>/shifts")
@for_house(May.SEE_SHIFTS)
def shifts(house: House) -> ResponseReturnValue:
    return _draw(house)


@blueprint.post("/houses/<slug>/shifts", endpoint="put_on")
@for_house(May.KEEP_SHIFTS)
def put_on(house: House) -> ResponseReturnValue:
    return or_redraw(lambda: _put_on(house), lambda refusal: _draw(house, refusal))


def _draw(house: House, refusal: Refusal | None = None) -> str:
    session, now, actor = db.session(), house_now(), acting()
    today = local(now, house.timezone).date()
    month = request.args.get("view") == "month"
    first, count = month_around(_first_day(today)) if month else (_first_day(today), DAYS)
    end = first + timedelta(days=count)
    found = shifts_between(session, house.id, day_begins(first, house.timezone), day_begins(end, house.timezone))
    keeps = actor.may(May.KEEP_SHIFTS, house.id)
    theirs = [each.shift_id for each in found if keeps or each.person_id == actor.id]
    turns = by_day(found, house, actor.id, now, first, count, overruled(session, theirs))
    on_now = here_now(session, house.id, now)
    return drawn(
        "staffing/shifts.html",
        house=house,
        month=month,
        today=today,
        days=[(day, day_title(day, today), there) for day, there in turns.items()],
        here=[each.name for each in on_now],
        on_call=[each.name for each in on_call_now(session, house.id, now)],
        here_myself=any(each.person_id == actor.id for each in on_now),
        keeps=keeps,
        **in_question(session, house, actor, now),
        people=[(person.id, person.name) for person in people_for_shifts(session, house.id)] if keeps else [],
        form=shown(_fresh(max(_first_day(today), today), actor.id), refusal),
        against=against_shown(session, house, refusal),
        until=f"{local(now + timedelta(hours=4), house.timezone):%H}:00",
        printed_at=_("%(day)s, %(time)s", day=whole_day(today), time=clock_words(now, house.timezone)),
        **(gaps_shown(session, house, now) if keeps else {}),
        **(_month_shown(turns, _first_day(today), today) if month else _week_shown(first, today)),
    )


def _week_shown(first: date, today: date) -> dict[str, Any]:
    return {
        "span": span_words(first, first + timedelta(days=DAYS - 1)),
        "before": first - timedelta(days=DAYS),
        "after": first + timedelta(days=DAYS),
        "this_week": first == today,
    }


def _month_shown(turns: dict[date, list[Turn]], asked: date, today: date) -> dict[str, Any]:
    this = asked.replace(day=1)
    return {
        "span": format_skeleton("yMMMM", this, locale=get_locale() or "en"),
        "before": (this - timedelta(days=1)).replace(day=1),
        "after": (this + timedelta(days=31)).replace(day=1),
        "this_week": this == today.replace(day=1),
        "days_of_month": [
            (day, day.day, day_title(day, today), day.month == this.month, there) for day, there in turns.items()
        ],
    }


def month_around(day: date) -> tuple[date, int]:
    """The whole weeks, from Monday on, that hold the month of a day: the first day, and how many."""
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    monday, sunday = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    return monday, (sunday - monday).days + 1


def span_words(first: date, last: date) -> str:
    locale = get_locale() or "en"
    return _(
        "%(first)s to %(last)s",
        first=format_date(first, "d MMMM", locale=locale),
        last=format_date(last, "d MMMM", locale=locale),
    )


def _first_day(today: date) -> date:
    """The day the list begins with: the address's `from`, else today."""
    try:
        return as_day(request.args.get("from", ""))
    except Unusable:
        return today


def _fresh(day: date, person_id: Any) -> dict[str, Any]:
    return {"person": person_id, "kind": ShiftKind.FLOOR, "day": day.isoformat(), "begins": "08:00", "ends": "16:00"}


def read_shift(form: Form) -> dict[str, Any]:
    return {
        "person_id": form.uuid("person", needed=False),
        "kind": form.choice("kind", ShiftKind),
        "day": form.day("day"),
        "begins": form.clock_time("begins"),
        "ends": form.clock_time("ends"),
    }


def _put_on(house: House) -> ResponseReturnValue:
    form, house_id, slug = Form(request.form), house.id, house.slug
    wanted, anyway = read_shift(form), read_anyway(form)
    form.done()

    def act() -> Answer:
        shift = service.put_on(acting(), house_id, **wanted, anyway=anyway, now=house_now())
        page = url_for("staffing.shifts", slug=slug, **{"from": wanted["day"].isoformat()})
        said = _("%(hours)s is in the list.", hours=hours_words(shift.starts_at, shift.ends_at, _house(shift)))
        return done(page, said, url_for("staffing.take_off", shift_id=shift.id))

    return act_form(acting(), act)


@blueprint.route("/shifts/<uuid:shift_id>", methods=["GET", "POST"])
@for_row(Shift, "shift", May.KEEP_SHIFTS)
def change(shift: Shift) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _change(shift), lambda refusal: _draw_one(shift, refusal))
    return _draw_one(shift)


def _draw_one(shift: Shift, refusal: Refusal | None = None) -> str:
    house, session = _house(shift), db.session()
    people = [(str(person.id), person.name) for person in people_for_shifts(session, house.id)]
    names = dict(people)
    return drawn(
        "staffing/shift.html",
        house=house,
        shift=shift,
        people=people,
        form=shown(_as_typed(shift, house), refusal, lambda name, value: _word(name, str(value), names)),
        against=against_shown(session, house, refusal),
        decided=decided(overruled(session, [shift.id]).get(shift.id)),
    )


def _word(name: str, value: str, names: dict[str, str]) -> str:
    if name == "person":
        return names.get(value, _("nobody yet"))
    if name == "kind":
        return _("on call") if value == ShiftKind.ON_CALL else _("in the house")
    return value


def _as_typed(shift: Shift, house: House) -> dict[str, Any]:
    begins, ends = local(shift.starts_at, house.timezone), local(shift.ends_at, house.timezone)
    return {
        "person": str(shift.person_id or ""),
        "kind": str(shift.kind),
        "day": begins.date().isoformat(),
        "begins": f"{begins:%H:%M}",
        "ends": f"{ends:%H:%M}",
    }


def _change(shift: Shift) -> ResponseReturnValue:
    form, shift_id, slug = Form(request.form), shift.id, _house(shift).slug
    wanted, anyway, seen = read_shift(form), read_anyway(form), form.version()
    form.done()

    def act() -> Answer:
        service.change_shift(acting(), shift_id, **wanted, anyway=anyway, version_seen=seen, now=house_now())
        page = url_for("staffing.shifts", slug=slug, **{"from": wanted["day"].isoformat()})
        return done(page, _("The shift is changed."))

    return act_form(acting(), act)


@blueprint.post("/shifts/<uuid:shift_id>/take-off")
@for_row(Shift, "shift", May.KEEP_SHIFTS)
def take_off(shift: Shift) -> ResponseReturnValue:
    form, shift_id, house = Form(request.form), shift.id, _house(shift)
    stood = overruled(db.session(), [shift.id]).get(shift.id)
    again = _as_typed(shift, house) | ({"why": stood.why} if stood is not None else {})
    seen, slug = form.version(), house.slug
    form.done()

    def act() -> Answer:
        service.take_off(acting(), shift_id, version_seen=seen, now=house_now())
        page = url_for("staffing.shifts", slug=slug, **{"from": again["day"]})
        return done(page, _("The shift is off the list."), url_for("staffing.put_on", slug=slug), **again)

    return act_form(acting(), act)


def _house(shift: Shift) -> House:
    return db.session.get_one(House, shift.house_id)
