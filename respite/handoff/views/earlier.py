"""Handoffs of the last week: who gave and took each, and what was told with it."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound
from respite.core.redraw import drawn
from respite.handoff.models import Handoff
from respite.handoff.queries import lately_given, told_log
from respite.handoff.views.routes import blueprint
from respite.handoff.views.shown import handoffs_shown, log_lines
from respite.houses.access import for_house, for_row
from respite.houses.models import House


@blueprint.get("/houses/<slug>/handoff/earlier")
@for_house(May.KEEP_BEDS)
def earlier(house: House) -> ResponseReturnValue:
    session, now = db.session(), house_now()
    found = [handoff for handoff in lately_given(session, house.id) if not handoff.forgotten]
    return drawn(
        "handoff/earlier.html",
        house=house,
        handoffs=handoffs_shown(session, house, found, now),
        back=url_for("handoff.page", slug=house.slug),
    )


@blueprint.get("/handoffs/<uuid:handoff_id>")
@for_row(Handoff, "handoff", May.KEEP_BEDS)
def one(handoff: Handoff) -> ResponseReturnValue:
    if handoff.forgotten:
        raise NotFound
    session, now = db.session(), house_now()
    house = session.get_one(House, handoff.house_id)
    (shown,) = handoffs_shown(session, house, [handoff], now)
    told = told_log(session, house.id, handoff.log_from, handoff.log_until)
    return drawn(
        "handoff/one.html",
        house=house,
        handoff=shown,
        log=log_lines(session, house, told.events, now),
        cut=told.cut,
        back=url_for("handoff.earlier", slug=house.slug),
    )
