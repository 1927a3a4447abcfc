"""What a guest was promised: on their card, and one more of it in two taps."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form, Shown
from respite.guests.access import for_stay
from respite.guests.models import Stay
from respite.guests.policy.stay_states import StayState
from respite.guests.service.promised import GUEST, promise_guest
from respite.guests.views.answering import came_from, desk, sent
from respite.guests.views.routes import blueprint
from respite.houses.models import House, HouseRules
from respite.houses.policy.house_time import instant_of
from respite.promises.policy import Kind, When, by_day
from respite.promises.queries import promises_for
from respite.promises.service.acts import Wanted
from respite.promises.views.acts import given
from respite.promises.views.fields import owner_in, when_in, words_in
from respite.promises.views.kinds import KINDS
from respite.promises.views.page import fields_of, place_here
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
    if request.method == "POST":
        return sent(page.draw, page.act)
    return page.draw(Shown({"owner": "me", "kind": Kind.OTHER}))


@dataclass
class _Page:
    stay_id: uuid.UUID
    house_id: uuid.UUID
    home: str
    now: datetime

    def act(self) -> ResponseReturnValue:
        form = Form(request.form)
        place = place_here(db.session.get_one(House, self.house_id))
        wanted = Wanted(
            words=words_in(form),
            kind=Kind(form.choice("kind", dict(KINDS), needed=False) or Kind.OTHER),
            when=self._when(form, place),
            owner_id=owner_in(form, acting().id),
        )
        form.done()

        def act() -> Answer:
            return given(promise_guest(acting(), self.stay_id, wanted, now=self.now), came_from(self.home))

        return act_form(acting(), act)

    def _when(self, form: Form, place: Place) -> When:
        if form.sent.get("day") != LEAVING:
            return when_in(form, place)
        return before_leaving(db.session.get_one(Stay, self.stay_id), place)

    def draw(self, form: Shown, sentence: str | None = None) -> str:
        stay, house = db.session.get_one(Stay, self.stay_id), db.session.get_one(House, self.house_id)
        fields = fields_of(house, place_here(house))
        if stay.state in (StayState.HELD, StayState.HERE):
            fields["days"] = [*fields["days"][:1], (LEAVING, _("before they leave")), *fields["days"][1:]]
        return render_template(
            "guests/promise.html",
            house=house,
            stay=stay,
            form=form,
            sentence=sentence,
            back=came_from(self.home),
            **fields,
        )


def before_leaving(stay: Stay, place: Place) -> When:
    """The morning of the leaving day; where that is over already, today."""
    morning = datetime.combine(stay.until, datetime.min.time()) + timedelta(hours=LEAVING_HOUR)
    due_at = instant_of(morning, place.zone)
    return When(due_at) if due_at > place.now else by_day(place.tonight, place.zone, place.turns_at)
