"""The calendar of a house: what is on, who came as a number, calling a day off; a sheet for the wall and a file."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Response, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.activities import service
from respite.activities.feed import calendar_of
from respite.activities.models import Activity
from respite.activities.policy import LONGEST_WORD, MOST_CAME
from respite.activities.queries import is_shared, on_between
from respite.activities.views.routes import blueprint
from respite.activities.words import by_day
from respite.core.clock import house_now
from respite.core.db import db, end_read
from respite.core.forms import Form
from respite.core.redraw import drawn
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.houses.policy.house_time import local

BEHIND, AHEAD, SHEET = timedelta(days=7), timedelta(days=28), timedelta(days=14)
IN_FEED = timedelta(days=84)


@blueprint.get("/houses/<slug>/activities")
@for_house(May.ENTER)
def calendar(house: House) -> ResponseReturnValue:
    session, today = db.session(), today_in(house)
    ahead = on_between(session, house, today, today + AHEAD)
    keeps = acting().may(May.KEEP_BEDS, house.id)
    before = on_between(session, house, today - BEHIND, today) if keeps else []
    return drawn(
        "activities/calendar.html",
        house=house,
        days=by_day(ahead, house, today),
        before=by_day(before, house, today),
        keeps=keeps,
        sets_rules=acting().may(May.SET_RULES, house.id),
        reads_figures=acting().may(May.READ_FIGURES, house.id),
        shared=is_shared(session, house.id),
        public=current_app.config["PUBLIC_URL"] + url_for("shared_calendar.show", slug=house.slug),
        longest_word=LONGEST_WORD,
        most_came=MOST_CAME,
        today=today.isoformat(),
    )


@blueprint.get("/houses/<slug>/activities/sheet")
@for_house(May.ENTER)
def sheet(house: House) -> ResponseReturnValue:
    """Two weeks on paper, for the wall."""
    today = today_in(house)
    on = on_between(db.session(), house, today, today + SHEET)
    return drawn("activities/sheet.html", house=house, days=by_day(on, house, today))


@blueprint.get("/houses/<slug>/activities.ics")
@for_house(May.ENTER)
def file(house: House) -> ResponseReturnValue:
    today = today_in(house)
    on = on_between(db.session(), house, today, today + IN_FEED)
    return ics(calendar_of(on, house.name, request.host, house_now()))


@blueprint.post("/activities/<uuid:activity_id>/off")
@for_row(Activity, "activity", May.KEEP_BEDS)
def off(activity: Activity) -> ResponseReturnValue:
    """Not that day; on again with the same tap taken back."""
    form, activity_id, home = Form(request.form), activity.id, home_of(activity)
    day = form.day("day")
    word = form.text("word", most=LONGEST_WORD, needed=False)
    form.done()

    def act() -> Answer:
        service.call_off(acting(), activity_id, day, word, now=house_now())
        undo = url_for("activities.on_again", activity_id=activity_id)
        return done(home, _("Called off for that day."), undo, day=day.isoformat())

    return act_form(acting(), act)


@blueprint.post("/activities/<uuid:activity_id>/on")
@for_row(Activity, "activity", May.KEEP_BEDS)
def on_again(activity: Activity) -> ResponseReturnValue:
    form, activity_id, home = Form(request.form), activity.id, home_of(activity)
    day = form.day("day")
    form.done()

    def act() -> Answer:
        service.put_on_again(acting(), activity_id, day, now=house_now())
        return done(home, _("It is on again."))

    return act_form(acting(), act)


@blueprint.post("/activities/<uuid:activity_id>/came")
@for_row(Activity, "activity", May.KEEP_BEDS)
def came(activity: Activity) -> ResponseReturnValue:
    """One more came, or so many; an empty number means that it is not known."""
    form, activity_id, home = Form(request.form), activity.id, home_of(activity)
    day, one_more = form.day("day"), form.flag("one_more")
    number = None if one_more else form.whole_number("came", least=0, most=MOST_CAME, needed=False)
    form.done()

    def act() -> Answer:
        before, now_is = service.count(acting(), activity_id, day, one_more=one_more, came=number, now=house_now())
        said = _("%(num)s came.", num=now_is) if now_is is not None else _("Not counted.")
        undo = url_for("activities.came", activity_id=activity_id)
        return done(home, said, undo, day=day.isoformat(), came="" if before is None else before)

    return act_form(acting(), act)


@blueprint.post("/houses/<slug>/activities/shared")
@for_house(May.SET_RULES)
def share(house: House) -> ResponseReturnValue:
    form, house_id, home = Form(request.form), house.id, url_for("activities.calendar", slug=house.slug)
    on = form.flag("on")
    form.done()

    def act() -> Answer:
        service.share_calendar(acting(), house_id, on, now=house_now())
        said = _("Anybody can read the calendar now.") if on else _("Only the house reads the calendar now.")
        return done(home, said, url_for("activities.share", slug=house.slug), on="" if on else "yes")

    return act_form(acting(), act)


def today_in(house: House) -> date:
    return local(house_now(), house.timezone).date()


def home_of(activity: Activity) -> str:
    return url_for("activities.calendar", slug=db.session.get_one(House, activity.house_id).slug)


def ics(body: bytes) -> Response:
    end_read()
    answer = Response(body, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="calendar.ics"'
    return answer
