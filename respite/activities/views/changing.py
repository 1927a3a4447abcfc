"""Setting a group or an activity, changing it, ending it."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.activities import service
from respite.activities.models import Activity
from respite.activities.policy import LONGEST_NAME, LONGEST_PLACE, LONGEST_TITLE, OpenTo
from respite.activities.service import Wanted
from respite.activities.views.calendar import home_of, today_in
from respite.activities.views.routes import blueprint
from respite.activities.words import OPEN_TO
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.houses.access import for_house, for_row
from respite.houses.models import House

OFTEN = ("once", "weekly")


@blueprint.route("/houses/<slug>/activities/new", methods=["GET", "POST"])
@for_house(May.KEEP_BEDS)
def new(house: House) -> ResponseReturnValue:
    stands = {
        "open_to": OpenTo.BOTH,
        "often": "weekly",
        "first_day": today_in(house).isoformat(),
        "begins": "17:00",
        "ends": "18:00",
    }
    if request.method == "GET":
        return _draw(house, None, stands)
    house_id, home = house.id, url_for("activities.calendar", slug=house.slug)

    def act() -> ResponseReturnValue:
        wanted = _read(Form(request.form))

        def once() -> Answer:
            made = service.set_activity(acting(), house_id, wanted, now=house_now())
            return done(home, _("%(title)s is on the calendar.", title=made.title))

        return act_form(acting(), once)

    return or_redraw(act, lambda refusal: _draw(house, None, stands, refusal))


@blueprint.route("/activities/<uuid:activity_id>", methods=["GET", "POST"])
@for_row(Activity, "activity", May.KEEP_BEDS)
def change(activity: Activity) -> ResponseReturnValue:
    house = db.session.get_one(House, activity.house_id)
    stands = {
        "title": activity.title,
        "place": activity.place,
        "led_by": activity.led_by,
        "open_to": activity.open_to,
        "often": "weekly" if activity.weekly else "once",
        "first_day": activity.first_day.isoformat(),
        "begins": f"{activity.begins:%H:%M}",
        "ends": f"{activity.ends:%H:%M}",
    }
    if request.method == "GET":
        return _draw(house, activity, stands)
    activity_id, house_id, home = activity.id, house.id, home_of(activity)

    def act() -> ResponseReturnValue:
        form = Form(request.form)
        seen, wanted = form.version(), _read(form)

        def once() -> Answer:
            changed = service.set_activity(
                acting(), house_id, wanted, activity_id=activity_id, version_seen=seen, now=house_now()
            )
            return done(home, _("%(title)s is changed.", title=changed.title))

        return act_form(acting(), once)

    return or_redraw(act, lambda refusal: _draw(house, activity, stands, refusal))


@blueprint.post("/activities/<uuid:activity_id>/end")
@for_row(Activity, "activity", May.KEEP_BEDS)
def end(activity: Activity) -> ResponseReturnValue:
    activity_id, home = activity.id, home_of(activity)

    def act() -> Answer:
        service.end_activity(acting(), activity_id, now=house_now())
        return done(home, _("It is off the calendar. What was counted before stays."))

    return act_form(acting(), act)


def _draw(house: House, activity: Activity | None, stands: dict[str, Any], refusal: Refusal | None = None) -> str:
    return drawn(
        "activities/change.html",
        house=house,
        activity=activity,
        form=shown(stands, refusal),
        open_to=list(OPEN_TO.items()),
        longest={"title": LONGEST_TITLE, "place": LONGEST_PLACE, "led_by": LONGEST_NAME},
    )


def _read(form: Form) -> Wanted:
    wanted = Wanted(
        title=form.text("title", most=LONGEST_TITLE),
        first_day=form.day("first_day"),
        begins=form.clock_time("begins"),
        ends=form.clock_time("ends"),
        place=form.text("place", most=LONGEST_PLACE, needed=False),
        led_by=form.text("led_by", most=LONGEST_NAME, needed=False),
        open_to=form.choice("open_to", OpenTo),
        weekly=form.choice("often", OFTEN) == "weekly",
    )
    form.done()
    return wanted
