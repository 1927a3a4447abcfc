"""How people come to the house: the list that a contact is noted with."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.guests.models import Source
from respite.guests.service import sources as service
from respite.guests.service.sources import LONGEST_WORDS, sources_of
from respite.guests.views.contact_words import source_words
from respite.guests.views.routes import blueprint
from respite.houses.access import for_house
from respite.houses.models import House


@blueprint.route("/houses/<slug>/settings/sources", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def sources(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _say(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


@blueprint.post("/houses/<slug>/settings/sources/shown")
@for_house(May.SET_RULES)
def source_shown(house: House) -> ResponseReturnValue:
    house_id, home = house.id, _home(house)
    form = Form(request.form)
    mark, is_shown = form.text("mark", most=20), form.flag("shown")
    form.done()

    def act() -> Answer:
        service.show_source(acting(), house_id, mark, is_shown, now=house_now())
        return done(home, _("The list says it now."))

    return act_form(acting(), act)


def _draw(house: House, refusal: Refusal | None = None) -> str:
    found = sources_of(db.session(), house.id)
    chosen = request.args.get("mark") or request.form.get("mark")
    stood = next((line for line in found if line.mark == chosen), None)
    stands: dict[str, Any] = {
        "mark": stood.mark if stood else "",
        "words_en": stood.words_en if stood else "",
        "words_es": stood.words_es if stood else "",
    }
    return drawn(
        "guests/sources.html",
        house=house,
        sources=[(line, line.words or source_words(Source(line.mark))) for line in found],
        chosen=(stood.words or source_words(Source(stood.mark))) if stood else None,
        form=shown(stands, refusal),
        longest=LONGEST_WORDS,
    )


def _say(house: House) -> ResponseReturnValue:
    form, house_id, home = Form(request.form), house.id, _home(house)
    words = [form.text(name, most=LONGEST_WORDS, needed=False) for name in ("words_en", "words_es")]
    mark = form.text("mark", most=20, needed=False)
    form.done()

    def act() -> Answer:
        if mark:
            service.say_otherwise(acting(), house_id, mark, *words, now=house_now())
        else:
            service.add_source(acting(), house_id, *words, now=house_now())
        return done(home, _("The list says it now."))

    return act_form(acting(), act)


def _home(house: House) -> str:
    return url_for("guests.sources", slug=house.slug)
