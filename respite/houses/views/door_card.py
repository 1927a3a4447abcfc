"""The door card of a house: its own words on it, and the sheet of paper for the door."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.phones import phone
from respite.core.phones import shown as phone_shown
from respite.core.redraw import drawn, or_redraw, shown
from respite.houses.access import for_house
from respite.houses.door_card import card
from respite.houses.models import House
from respite.houses.service.door_card import LONGEST_LINE, change_door_card
from respite.houses.views import blueprint
from respite.houses.views.words import moment_words


@blueprint.route("/houses/<slug>/settings/door-card", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def door_card(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _change(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


def _draw(house: House, refusal: Refusal | None = None) -> str:
    stands = {
        "line_en": house.door_line_en,
        "line_es": house.door_line_es,
        "phone": phone_shown(house.door_phone) if house.door_phone else "",
    }
    return drawn("houses/door_card.html", house=house, form=shown(stands, refusal), longest=LONGEST_LINE)


def _change(house: House) -> ResponseReturnValue:
    form, house_id, slug = Form(request.form), house.id, house.slug
    wanted: dict[str, Any] = {
        "line_en": form.text("line_en", most=LONGEST_LINE, needed=False),
        "line_es": form.text("line_es", most=LONGEST_LINE, needed=False),
        "phone": phone(form, "phone"),
        "version_seen": form.version(),
    }
    form.done()

    def act() -> Answer:
        change_door_card(acting(), house_id, **wanted, now=house_now())
        return done(url_for("houses.settings", slug=slug), _("The door card says it now, on every page."))

    return act_form(acting(), act)


@blueprint.get("/houses/<slug>/door-card")
@for_house(May.ENTER)
def door_card_paper(house: House) -> ResponseReturnValue:
    """The card as a sheet for the door."""
    now = house_now()
    at_the_door, printed_at = card([house]), moment_words(now, house, now)
    return drawn("houses/door_card_paper.html", house=house, at_the_door=at_the_door, printed_at=printed_at)
