"""A promise to whoever wrote, from the page of their texts: one tap to call or write back, two for anything else."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.acting import Answer, act_form, acting
from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.redraw import or_redraw
from respite.guests.service.from_texts import promise_who_wrote, promised_on, who_wrote
from respite.guests.views.routes import blueprint
from respite.houses.access import for_house
from respite.houses.models import House
from respite.houses.policy.house_time import PartOfDay, part_of_day
from respite.messaging.models import Thread
from respite.messaging.thread_queries import thread_for
from respite.messaging.views.answering import tapped
from respite.promises.policy import Kind, Way, When, by_day
from respite.promises.service.acts import Wanted
from respite.promises.views.acts import given
from respite.promises.views.fields import when_in
from respite.promises.views.page import draw_new, place_here, wanted_in
from respite.promises.views.shown import Place, lines

BACK = {Way.CALL: "call", Way.TEXT: "text"}


def section(session: Session, actor: Actor, house: House, thread: Thread) -> tuple[str, dict[str, Any]] | None:
    """Beside the texts: what is promised to whoever wrote and is open, and making one more."""
    if not actor.may(May.KEEP_BEDS, house.id):
        return None
    standing = promised_on(session, thread)
    said = {row.way for row in standing if row.kind == Kind.CALLBACK}
    alone = len(who_wrote(session, thread)) <= 1
    return "guests/_thread_promises.html", {
        "lines": lines(standing, place_here(house), actor.id, named=not alone),
        "ways": [(str(way), _words(way)) for way in BACK if way not in said] if alone else [],
        "back": url_for("messaging.thread", slug=house.slug, thread_id=thread.id),
    }


def _words(way: Way) -> str:
    return _("I'll call them back") if way == Way.CALL else _("I'll text them back")


@blueprint.route("/houses/<slug>/texts/<uuid:thread_id>/promise", methods=["GET", "POST"])
@for_house(May.KEEP_BEDS)
def thread_promise(house: House, thread_id: uuid.UUID) -> ResponseReturnValue:
    thread_for(db.session(), acting(), house.id, thread_id)
    house_id, now = house.id, house_now()
    home = url_for("messaging.thread", slug=house.slug, thread_id=thread_id)

    def draw(refusal: Refusal | None = None) -> str:
        return _draw(db.session.get_one(Thread, thread_id), db.session.get_one(House, house_id), home, refusal)

    if request.method == "GET":
        return draw()
    if "way" in request.form:
        return tapped(lambda: _call_back(thread_id, house_id, home, now), home)
    return or_redraw(lambda: _promise(thread_id, house_id, home, now), draw)


def _call_back(thread_id: uuid.UUID, house_id: uuid.UUID, home: str, now: datetime) -> Answer:
    form = Form(request.form)
    way = Way(form.choice("way", BACK))
    form.done()
    place = place_here(db.session.get_one(House, house_id))
    wanted = Wanted(kind=Kind.CALLBACK, way=way, when=_soon(place), owner_id=acting().id)
    return given(promise_who_wrote(acting(), thread_id, wanted, now=now), home)


def _soon(place: Place) -> When:
    """Some time today, in the night some time the next day: nobody is called then."""
    at_night = part_of_day(place.now, place.zone) == PartOfDay.NIGHT
    return by_day(place.tonight + timedelta(days=at_night), place.zone, place.turns_at)


def _promise(thread_id: uuid.UUID, house_id: uuid.UUID, home: str, now: datetime) -> ResponseReturnValue:
    form = Form(request.form)
    wanted = wanted_in(form, when_in(form, place_here(db.session.get_one(House, house_id))))
    whom = form.uuid("whom", needed=False)
    form.done()

    def act() -> Answer:
        return given(promise_who_wrote(acting(), thread_id, wanted, whom, now=now), home)

    return act_form(acting(), act)


def _draw(thread: Thread, house: House, home: str, refusal: Refusal | None) -> str:
    known = who_wrote(db.session(), thread)
    if len(known) == 1 and known[0].name:
        lead = _("What we said to %(name)s that we would do.", name=known[0].name)
    else:
        lead = _("What we said to whoever wrote that we would do.")
    whom = [(str(each.guest_id), each.name or _("Somebody")) for each in known] if len(known) > 1 else []
    return draw_new(house, home=home, refusal=refusal, lead=lead, whom=whom)
