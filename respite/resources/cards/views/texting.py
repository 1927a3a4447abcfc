"""A card by text: the words are read first, letter by letter as they leave."""

from __future__ import annotations

import uuid

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.guests.access import for_stay
from respite.guests.models import Guest, Stay
from respite.guests.views.answering import stay_page
from respite.guests.views.card import guest_id_of
from respite.houses.models import House
from respite.resources.cards import texting
from respite.resources.cards.models import ResourceCard
from respite.resources.cards.views.routes import blueprint


@blueprint.route("/stays/<uuid:stay_id>/cards/<uuid:resource_card_id>", methods=["GET", "POST"])
@for_stay(May.KEEP_TEXTS)
def text(stay: Stay, house: House, resource_card_id: uuid.UUID) -> ResponseReturnValue:
    card = db.session.get(ResourceCard, resource_card_id)
    if card is None or card.house_id != house.id or card.until <= house_now():
        raise NotFound
    stay_id, guest_id = stay.id, guest_id_of(stay)
    if request.method == "POST":
        return or_redraw(
            lambda: _send(stay_id, guest_id, resource_card_id),
            lambda refusal: _draw(stay_id, guest_id, resource_card_id, refusal),
        )
    return _draw(stay_id, guest_id, resource_card_id)


def _send(stay_id: uuid.UUID, guest_id: uuid.UUID, card_id: uuid.UUID) -> ResponseReturnValue:
    form = Form(request.form)
    mark = form.text("mark", most=64)
    form.done()

    def act() -> Answer:
        texting.text(acting(), card_id, guest_id, mark, now=house_now())
        return done(f"{stay_page(stay_id)}#connections", _("It is on its way, in their hours."))

    return act_form(acting(), act)


def _draw(stay_id: uuid.UUID, guest_id: uuid.UUID, card_id: uuid.UUID, refusal: Refusal | None = None) -> str:
    session = db.session()
    guest = session.get_one(Guest, guest_id)
    words = texting.words_of(session, session.get_one(ResourceCard, card_id), guest)
    return drawn(
        "cards/text.html",
        house=session.get_one(House, guest.house_id),
        guest=guest,
        back=url_for("resource_cards.one", resource_card_id=card_id, stay=stay_id),
        sheet=url_for("resource_cards.sheet", resource_card_id=card_id),
        words=words,
        mark=texting.mark_of(words) if words is not None else None,
        form=shown({}, refusal),
    )
