"""Saying that one calls somebody back, or that they will call: one tap beside their place on the list."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from respite.accounts.acting import Answer, act_form, acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form, Shown
from respite.guests.models import Waiting
from respite.guests.service.callbacks import promise_callback
from respite.guests.views.answering import came_from, next_at, sent
from respite.guests.views.routes import blueprint
from respite.guests.views.waiting import ListPage
from respite.houses.access import for_row
from respite.houses.models import House
from respite.promises.policy import Way
from respite.promises.views.acts import given


@blueprint.post("/waiting/<uuid:waiting_id>/callback")
@for_row(Waiting, "waiting", May.KEEP_BEDS)
def callback(waiting: Waiting) -> ResponseReturnValue:
    waiting_id, now = waiting.id, house_now()
    house = db.session.get_one(House, waiting.house_id)
    page = ListPage(house.id, house.slug, now)

    def draw(form: Shown, sentence: str | None = None) -> str:
        return page.draw(Shown(), sentence, (waiting_id, form))

    def act() -> ResponseReturnValue:
        form = Form(request.form)
        way, at = form.choice("way", Way), next_at(form, "at", house, now)
        seen, back = form.version(), came_from(url_for("guests.waiting_page", slug=house.slug))
        form.done()

        def once() -> Answer:
            return given(promise_callback(acting(), waiting_id, Way(way), at=at, version_seen=seen, now=now), back)

        return act_form(acting(), once)

    return sent(draw, act)
