"""The number for texts: what is set, what stands at the provider, its registration, a test text, and pausing."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db, finish_reading
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.phones import phone
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.settings import Settings
from respite.houses.access import for_house
from respite.houses.models import House
from respite.messaging import registration
from respite.messaging.gateway import gateway, is_set_up
from respite.messaging.service import trying
from respite.messaging.twilio_checks import reachable
from respite.messaging.views import check_words, setup_words
from respite.messaging.views.paused import paused_for
from respite.messaging.views.routes import blueprint
from respite.messaging.words import PURPOSES

INBOUND_PATH = "/webhooks/twilio/inbound"


@blueprint.route("/houses/<slug>/texts/setup", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def setup(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _try(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


@blueprint.get("/houses/<slug>/texts/setup/tried")
@for_house(May.SET_RULES)
def tried(house: House) -> ResponseReturnValue:
    """The test texts alone, for a page that follows them."""
    return drawn("messaging/_tried.html", house=house, tried=_tried(house))


def _draw(house: House, refusal: Refusal | None = None) -> str:
    session, now, settings = db.session(), house_now(), _settings()
    values: dict[str, Any] = {
        "house": house,
        "line": setup_words.line_of(settings),
        "facts": setup_words.facts(settings, house, session, now),
        "paused": paused_for(session, house, acting(), now),
        "purposes": [(str(purpose), str(word)) for purpose, word in PURPOSES.items()],
        "tried": _tried(house),
        "form": shown({"number": ""}, refusal),
        "campaign": registration.campaign(session, house),
        "looked": "look" in request.args,
    }
    finish_reading()  # the provider is asked for seconds, and nothing may be kept from writing meanwhile
    values["found"] = _found(settings) if values["looked"] else None
    return render_template("messaging/setup.html", **values)


def _found(settings: Settings) -> list[check_words.Found]:
    """What stands at the provider; where there is none, what can be seen from here."""
    checks = gateway().checks(settings.public_url + INBOUND_PATH) if is_set_up() else []
    return [check_words.in_words(check) for check in checks or [reachable(settings)]]


def _try(house: House) -> ResponseReturnValue:
    form, house_id, slug = Form(request.form), house.id, house.slug
    number, key = phone(form, "number", needed=True) or "", form.text("key", most=200, needed=False)
    form.done()
    language = str(get_locale() or "en")

    def act() -> Answer:
        trying.send_test(acting(), house_id, number, language=language, key=key, now=house_now())
        return done(url_for("messaging.setup", slug=slug, _anchor="try"), _("The test text is on its way."))

    return act_form(acting(), act)


def _tried(house: House) -> list[setup_words.Tried]:
    now = house_now()
    return [setup_words.tried_words(each, house, now) for each in trying.tried(db.session(), house.id)]


def _settings() -> Settings:
    settings: Settings = current_app.extensions["respite.settings"]
    return settings
