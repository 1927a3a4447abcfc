"""A card by text to whoever is at the telephone or the door: to their own phone, because they say so now."""

from __future__ import annotations

import uuid

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form
from respite.core.phones import phone
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.views import LANGUAGES
from respite.houses.access import for_row
from respite.houses.models import House
from respite.resources.cards import texting
from respite.resources.cards.models import ResourceCard
from respite.resources.cards.views.routes import blueprint


@blueprint.route("/resources/cards/<uuid:resource_card_id>/text", methods=["GET", "POST"])
@for_row(ResourceCard, "resource_card", May.KEEP_TEXTS)
def text_caller(resource_card: ResourceCard) -> ResponseReturnValue:
    if resource_card.until <= house_now():
        raise NotFound
    card_id = resource_card.id
    if request.method == "POST":
        return or_redraw(lambda: _send(card_id), lambda refusal: _draw(card_id, refusal))
    return _draw(card_id)


def _send(card_id: uuid.UUID) -> ResponseReturnValue:
    form = Form(request.form)
    number, language = phone(form, "number", needed=True) or "", form.choice("language", LANGUAGES)
    mark = form.text(f"mark-{language}", most=64, needed=False)
    if not form.flag("said_yes"):
        form.say("said_yes", _("Please ask them first, and tick this when they say yes."))
    form.done()

    def act() -> Answer:
        texting.text_caller(acting(), card_id, number, language, mark, now=house_now())
        return done(url_for("resource_cards.one", resource_card_id=card_id), _("It is on its way."))

    return act_form(acting(), act)


def _draw(card_id: uuid.UUID, refusal: Refusal | None = None) -> str:
    session = db.session()
    card = session.get_one(ResourceCard, card_id)
    words = {language: texting.words_for_caller(session, card, language) for language in LANGUAGES}
    return drawn(
        "cards/text_caller.html",
        house=session.get_one(House, card.house_id),
        back=url_for("resource_cards.one", resource_card_id=card_id),
        words=words,
        marks={language: texting.mark_of(each) for language, each in words.items()},
        form=shown({"language": str(get_locale() or LANGUAGES[0])}, refusal),
    )
