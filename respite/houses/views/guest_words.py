"""What the house says to those who stay, as its leads write it."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.views import LANGUAGES
from respite.houses.access import for_house
from respite.houses.guest_words import TOPICS, own_words, shipped
from respite.houses.models import House
from respite.houses.service.guest_words import FIELDS, LONGEST, change_guest_words
from respite.houses.views import blueprint


@blueprint.route("/houses/<slug>/settings/guest-words", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def guest_words(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _change(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


def _draw(house: House, refusal: Refusal | None = None) -> str:
    own = own_words(db.session(), house.id)
    labels = {
        "welcome": _("The welcome"),
        "police": _("The police and the ambulance"),
        "rights": _("What they can count on, a line for each"),
    }
    return drawn(
        "houses/guest_words.html",
        house=house,
        version=own.version if own else 0,
        topics=[(topic, labels[topic], [(each, _shipped_in(each, topic)) for each in LANGUAGES]) for topic in TOPICS],
        form=shown({name: getattr(own, name) if own else "" for name in FIELDS}, refusal),
        longest=LONGEST,
    )


def _shipped_in(language: str, topic: str) -> str:
    with force_locale(language):
        return shipped(topic)


def _change(house: House) -> ResponseReturnValue:
    form, house_id, slug = Form(request.form), house.id, house.slug
    words = {name: form.text(name, most=LONGEST, needed=False, lines=True) for name in FIELDS}
    seen = form.version()
    form.done()

    def act() -> Answer:
        change_guest_words(acting(), house_id, words, version_seen=seen, now=house_now())
        return done(url_for("houses.settings", slug=slug), _("This is what guests read from now on."))

    return act_form(acting(), act)
