"""What anybody may read without signing in, of a house that shares its calendar: what is on for neighbours.

A house that does not share it is answered like none.
"""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from respite.activities.feed import calendar_of
from respite.activities.policy import FOR_NEIGHBOURS
from respite.activities.queries import is_shared, on_between
from respite.activities.views.calendar import AHEAD, IN_FEED, ics, today_in
from respite.activities.views.routes import shared
from respite.activities.words import by_day
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound
from respite.core.limits import limiter
from respite.core.phones import shown as phone_shown
from respite.core.redraw import drawn
from respite.houses.models import House
from respite.houses.queries import house_by_slug

PER_ADDRESS = "60 per minute"


@shared.get("/calendar/<slug>")
@limiter.limit(PER_ADDRESS)
def show(slug: str) -> ResponseReturnValue:
    house = _shared_house(slug)
    today = today_in(house)
    on = on_between(db.session(), house, today, today + AHEAD, FOR_NEIGHBOURS)
    return drawn(
        "activities/public.html",
        place=house,
        phone=phone_shown(house.phone) if house.phone else None,
        days=by_day(on, house, today),
    )


@shared.get("/calendar/<slug>/feed.ics")
@limiter.limit(PER_ADDRESS)
def feed(slug: str) -> ResponseReturnValue:
    house = _shared_house(slug)
    today = today_in(house)
    on = on_between(db.session(), house, today, today + IN_FEED, FOR_NEIGHBOURS)
    return ics(calendar_of(on, house.name, request.host, house_now()))


def _shared_house(slug: str) -> House:
    house = house_by_slug(db.session(), slug)
    if house is None or not is_shared(db.session(), house.id):
        raise NotFound
    return house
