"""A peer's calendar link: the page where they make or end it, and the file behind it."""

from __future__ import annotations

import hashlib

import segno
from flask import Response, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.accounts.access import signed_in
from respite.accounts.acting import Answer, act_form, acting, done
from respite.core.clock import house_now
from respite.core.db import db, end_read
from respite.core.errors import NotFound
from respite.core.redraw import drawn
from respite.messaging.service.ground import brand_of
from respite.staffing.calendars import AHEAD, BEHIND, calendar_of
from respite.staffing.queries.shifts import houses_by_id, shifts_of_person
from respite.staffing.service import feeds as service
from respite.staffing.views import blueprint
from respite.staffing.views.own_pages import own_page_here

own_page_here(50, "staffing.feed", _l("In my calendar"))


@blueprint.get("/me/calendar")
@signed_in
def feed() -> ResponseReturnValue:
    found = service.feed_of(db.session(), acting().id)
    link = _link(found.token) if found is not None and found.token else None
    return drawn("staffing/feed.html", house=None, link=link, code=_code(link) if link else None)


@blueprint.post("/me/calendar")
@signed_in
def make_feed() -> ResponseReturnValue:
    def act() -> Answer:
        service.make_feed(acting(), now=house_now())
        return done(url_for("staffing.feed"), _("Here is your link."))

    return act_form(acting(), act)


@blueprint.post("/me/calendar/end")
@signed_in
def end_feed() -> ResponseReturnValue:
    def act() -> Answer:
        service.end_feed(acting(), now=house_now())
        return done(url_for("staffing.feed"), _("The link opens nothing any more."))

    return act_form(acting(), act)


@blueprint.get("/calendar/<token>.ics")
def calendar(token: str) -> ResponseReturnValue:
    """Public: the link itself is the key, since calendars cannot sign in."""
    session, now = db.session(), house_now()
    person = service.whose_feed(session, token)
    if person is None:
        raise NotFound
    shifts = shifts_of_person(session, person.id, now - BEHIND, now + AHEAD)
    houses = houses_by_id(session, {shift.house_id for shift in shifts})
    names = {house_id: brand_of(session, house) for house_id, house in houses.items()}
    language = person.language
    end_read()
    with force_locale(language):
        body = calendar_of(shifts, names, _host(), now.replace(minute=0, second=0, microsecond=0))
    answer = Response(body, mimetype="text/calendar")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(hashlib.sha256(body).hexdigest()[:32])
    return answer.make_conditional(request)


def _link(token: str) -> str:
    return current_app.config["PUBLIC_URL"] + url_for("staffing.calendar", token=token)


def _host() -> str:
    return str(current_app.config["PUBLIC_URL"]).partition("://")[2].partition("/")[0].partition(":")[0]


def _code(link: str) -> str:
    """The link as a picture that a telephone's camera reads."""
    return segno.make(link, error="m").svg_data_uri(scale=5, border=2, dark="#2b2925", light="#fffdf8")
