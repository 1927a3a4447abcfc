"""On a guest's own page: what is on in the house for guests, in the coming two weeks."""

from __future__ import annotations

from datetime import timedelta

from flask.typing import ResponseReturnValue

from respite.activities.policy import FOR_GUESTS
from respite.activities.queries import on_between
from respite.activities.words import by_day
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.redraw import drawn
from respite.guest_page.access import for_page
from respite.guest_page.service.opening import Page
from respite.guest_page.views.routes import blueprint
from respite.houses.models import House
from respite.houses.policy.house_time import local

AHEAD = timedelta(days=14)


@blueprint.get("/g/<token>/activities")
@for_page()
def activities(page: Page) -> ResponseReturnValue:
    house = db.session.get_one(House, page.house_id)
    today = local(house_now(), house.timezone).date()
    on = on_between(db.session(), house, today, today + AHEAD, FOR_GUESTS)
    return drawn("guest_page/activities.html", token=page.token, days=by_day(on, house, today))
