"""A door closes for some nights, opens again, and is ready after somebody left: one tap each, and each taken back."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form, Unusable, as_day
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import day_words
from respite.core.web import own_page
from respite.houses.access import for_row
from respite.houses.models import Bed, Closure, House
from respite.houses.queries import closures_from, rules_now, tonight
from respite.houses.service import doors
from respite.houses.views import blueprint
from respite.houses.views.words import closure_words


def _page(house_id: uuid.UUID) -> str:
    """Where the tap came from; the house's desk where it does not say."""
    return own_page(f"/houses/{db.session.get_one(House, house_id).slug}/board")


@blueprint.route("/beds/<uuid:bed_id>/closure", methods=["GET", "POST"])
@for_row(Bed, "bed", May.CLOSE_BEDS)
def close_form(bed: Bed) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _close(bed), lambda refusal: _draw(bed, refusal))
    return _draw(bed)


def _draw(bed: Bed, refusal: Refusal | None = None) -> str:
    session = db.session()
    house = session.get_one(House, bed.house_id)
    tonight_is = tonight(house, rules_now(session, house.id), house_now())
    first = max(tonight_is, _asked_from() or tonight_is)
    stands = {"from": first.isoformat(), "until": (first + timedelta(days=1)).isoformat(), "reason": ""}
    closures = [c for c in closures_from(session, house.id, tonight_is) if c.bed_id == bed.id]
    return drawn(
        "houses/closure.html",
        house=house,
        bed=bed,
        closures=[(closure, closure_words(closure, tonight_is)) for closure in closures],
        form=shown(stands, refusal),
        tonight=tonight_is.isoformat(),
        longest_reason=doors.LONGEST_REASON,
        back=_page(house.id),
    )


def _asked_from() -> date | None:
    """The night that was chosen on the roster."""
    try:
        return as_day(request.args.get("from", ""))
    except Unusable:
        return None


def _close(bed: Bed) -> ResponseReturnValue:
    form, bed_id, name, page = Form(request.form), bed.id, bed.name, _page(bed.house_id)
    first, until = form.day("from"), form.day("until")
    reason = form.text("reason", most=doors.LONGEST_REASON, needed=False)
    form.done()

    def act() -> Answer:
        now = house_now()
        closure = doors.close_bed(acting(), bed_id, first_night=first, until=until, reason=reason, now=now)
        said = _("%(door)s is closed until %(day)s.", door=name, day=_day(closure.house_id, until))
        undo = url_for("houses.open_again", closure_id=closure.id)
        return done(page, said, undo, back=page)

    return act_form(acting(), act)


def _day(house_id: uuid.UUID, day: date) -> str:
    session = db.session()
    house = session.get_one(House, house_id)
    return day_words(day, tonight(house, rules_now(session, house_id), house_now()))


@blueprint.post("/closures/<uuid:closure_id>/open")
@for_row(Closure, "closure", May.CLOSE_BEDS)
def open_again(closure: Closure) -> ResponseReturnValue:
    form, closure_id, name, page = Form(request.form), closure.id, _door_of(closure), _page(closure.house_id)
    seen = form.version()
    form.done()

    def act() -> Answer:
        doors.open_bed_again(acting(), closure_id, version_seen=seen, now=house_now())
        said = _("%(door)s is open again.", door=name)
        return done(page, said, url_for("houses.close_again", closure_id=closure_id), back=page)

    return act_form(acting(), act)


@blueprint.post("/closures/<uuid:closure_id>/close")
@for_row(Closure, "closure", May.CLOSE_BEDS)
def close_again(closure: Closure) -> ResponseReturnValue:
    closure_id, name, page = closure.id, _door_of(closure), _page(closure.house_id)

    def act() -> Answer:
        doors.close_bed_again(acting(), closure_id, now=house_now())
        said = _("%(door)s is closed as before.", door=name)
        return done(page, said, url_for("houses.open_again", closure_id=closure_id), back=page)

    return act_form(acting(), act)


@blueprint.post("/beds/<uuid:bed_id>/ready")
@for_row(Bed, "bed", May.KEEP_BEDS)
def ready(bed: Bed) -> ResponseReturnValue:
    bed_id, page = bed.id, _page(bed.house_id)

    def act() -> Answer:
        made = doors.make_ready(acting(), bed_id, now=house_now())
        undo = url_for("houses.not_ready", bed_id=bed_id)
        return done(page, _("%(door)s is ready.", door=made.name), undo, back=page)

    return act_form(acting(), act)


@blueprint.post("/beds/<uuid:bed_id>/not-ready")
@for_row(Bed, "bed", May.KEEP_BEDS)
def not_ready(bed: Bed) -> ResponseReturnValue:
    bed_id, page = bed.id, _page(bed.house_id)

    def act() -> Answer:
        back = doors.not_ready_after_all(acting(), bed_id, now=house_now())
        undo = url_for("houses.ready", bed_id=bed_id)
        return done(page, _("%(door)s is getting ready.", door=back.name), undo, back=page)

    return act_form(acting(), act)


def _door_of(closure: Closure) -> str:
    return db.session.get_one(Bed, closure.bed_id).name
