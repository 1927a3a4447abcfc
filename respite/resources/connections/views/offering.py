"""Something is offered to a guest: found in the directory by its name, or written down."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form, Unusable, as_text, as_uuid
from respite.core.redraw import drawn, or_redraw, shown
from respite.guests.access import for_stay
from respite.guests.models import Guest, Stay
from respite.guests.views.answering import happened_at, stay_page, wall_now
from respite.guests.views.card import guest_id_of
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.resources.connections.places import Place, places
from respite.resources.connections.policy import LONGEST_PLACE, OPEN, Category, State
from respite.resources.connections.service.telling import Offered, offer, steps_of
from respite.resources.connections.shown import checked_words, lines_of
from respite.resources.connections.views.routes import blueprint
from respite.resources.connections.words import CATEGORIES
from respite.resources.views.words import found_by

LONGEST_SEARCH = 80


def section(stay: Stay, house: House, now: datetime) -> tuple[str, dict[str, Any]] | None:
    """On the stay's page: what they were offered, and how it stands."""
    if stay.guest_id is None or not acting().may(May.KEEP_BEDS, house.id):
        return None
    lines = lines_of(db.session(), stay.guest_id, house, now)
    going = [line for line in lines if line.state in (State.OFFERED, *OPEN) and line.place is not None]
    on_card = [line.place.id for line in going if line.place is not None and not line.place.gone]
    return "connections/_card.html", {"lines": lines, "on_card": list(dict.fromkeys(on_card))}


@blueprint.route("/stays/<uuid:stay_id>/connections/new", methods=["GET", "POST"])
@for_stay(May.KEEP_BEDS)
def new(stay: Stay, house: House) -> ResponseReturnValue:
    stay_id, guest_id = stay.id, guest_id_of(stay)
    if request.method == "POST":
        return or_redraw(lambda: _offer(stay_id, guest_id, house.id), lambda refusal: _draw(stay_id, house.id, refusal))
    return _draw(stay_id, house.id)


def _offer(stay_id: uuid.UUID, guest_id: uuid.UUID, house_id: uuid.UUID) -> ResponseReturnValue:
    form, now = Form(request.form), house_now()
    house = db.session.get_one(House, house_id)
    service_id = form.uuid("service", needed=False)
    place = form.text("place", most=LONGEST_PLACE, needed=service_id is None)
    category, wanted = form.choice("category", Category), form.flag("wanted")
    at = happened_at(form, "at", house, now)
    form.done()

    def act() -> Answer:
        offered = Offered(Category(category), service_id, place)
        row = offer(acting(), guest_id, offered, at=at, wanted=wanted, now=now)
        step = steps_of(db.session(), row.id)[-1]
        undo = url_for("connections.take_back", connection_step_id=step.id)
        return done(stay_page(stay_id) + "#connections", _("Noted: offered."), undo, back=stay_page(stay_id))

    return act_form(acting(), act)


def _draw(stay_id: uuid.UUID, house_id: uuid.UUID, refusal: Refusal | None = None) -> str:
    session, now = db.session(), house_now()
    stay, house = session.get_one(Stay, stay_id), session.get_one(House, house_id)
    today = local(now, house.timezone).date()
    words, chosen = _words(), _chosen(today)
    found, some_words = found_by(session, words, house, now) if words and chosen is None else ([], False)
    return drawn(
        "connections/new.html",
        house=house,
        stay=stay,
        guest=session.get_one(Guest, guest_id_of(stay)),
        back=stay_page(stay_id),
        words=words,
        found=found,
        some_words=some_words,
        chosen=chosen,
        chosen_checked=checked_words(chosen) if chosen is not None else None,
        categories=[("", _("Please choose")), *CATEGORIES.items()],
        latest=wall_now(house, now),
        longest=LONGEST_PLACE,
        form=shown({"wanted": False}, refusal),
    )


def _words() -> str:
    try:
        return as_text(request.args.get("q", ""), most=LONGEST_SEARCH)
    except Unusable:
        return ""


def _chosen(today: Any) -> Place | None:
    """The service that the address or the form names. One that is not there is none."""
    try:
        service_id = as_uuid(request.values.get("service", ""))
    except Unusable:
        return None
    place = places(db.session(), [service_id], today).get(service_id)
    return None if place is None or place.gone else place
