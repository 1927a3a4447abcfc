"""What a guest was promised: on their card, and one more of it in two taps."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.redraw import or_redraw
from respite.guests.access import for_stay
from respite.guests.models import Stay
from respite.guests.policy.stay_states import StayState
from respite.guests.service.promised import GUEST, nameless_words, promise_guest
from respite.guests.views.answering import came_from, desk
from respite.guests.views.routes import blueprint
from respite.houses.models import House, HouseRules
from respite.houses.policy.house_time import instant_of
from respite.promises.policy import When, by_day
from respite.promises.queries import promises_for
from respite.promises.views.acts import given
from respite.promises.views.fields import day_options, when_in
from respite.promises.views.page import draw_new, place_here, wanted_in
from respite.promises.views.shown import Line, Place, lines, place_of

LEAVING = "leaving"
LEAVING_HOUR = 10  # in the morning, when a leaving day begins to be one


def promised_to(stay: Stay, house: House, rules: HouseRules, now: datetime) -> list[Line]:
    """The card's lines: what is open, then what was kept lately."""
    if stay.guest_id is None:
        return []
    found = promises_for(db.session(), house.id, GUEST, [stay.guest_id])
    return lines(found, place_of(house, rules.night_turns_at, now), acting().id, named=False)


@blueprint.route("/stays/<uuid:stay_id>/promises/new", methods=["GET", "POST"])
@for_stay(May.KEEP_BEDS)
def promise_form(stay: Stay, house: House) -> ResponseReturnValue:
    page = _Page(stay.id, house.id, desk(house), house_now())
    return page.draw() if request.method == "GET" else or_redraw(page.act, page.draw)


@dataclass
class _Page:
    stay_id: uuid.UUID
    house_id: uuid.UUID
    home: str
    now: datetime

    def act(self) -> ResponseReturnValue:
        form = Form(request.form)
        place = place_here(db.session.get_one(House, self.house_id))
        if form.sent.get("day") == LEAVING:
            when = before_leaving(db.session.get_one(Stay, self.stay_id), place)
        else:
            when = when_in(form, place)
        wanted = wanted_in(form, when)
        form.done()

        def act() -> Answer:
            return given(promise_guest(acting(), self.stay_id, wanted, now=self.now), came_from(self.home))

        return act_form(acting(), act)

    def draw(self, refusal: Refusal | None = None) -> str:
        stay, house = db.session.get_one(Stay, self.stay_id), db.session.get_one(House, self.house_id)
        days = day_options(place_here(house))
        if stay.state in (StayState.HELD, StayState.HERE):
            days = [*days[:1], (LEAVING, _("before they leave")), *days[1:]]
        lead = _("What we said to %(name)s that we would do.", name=stay.guest.name) if stay.guest else nameless_words()
        return draw_new(
            house,
            home=self.home,
            refusal=refusal,
            lead=lead,
            closed=stay.guest_id is None,
            version=stay.version,
            days=days,
        )


def before_leaving(stay: Stay, place: Place) -> When:
    """The morning of the leaving day; where that is over already, today."""
    morning = datetime.combine(stay.until, datetime.min.time()) + timedelta(hours=LEAVING_HOUR)
    due_at = instant_of(morning, place.zone)
    return When(due_at) if due_at > place.now else by_day(place.tonight, place.zone, place.turns_at)
