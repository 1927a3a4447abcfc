"""The settings of a house: where everything is, and what the house says of itself."""

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
from respite.core.phones import phone
from respite.core.phones import shown as phone_shown
from respite.core.redraw import drawn, or_redraw, shown
from respite.houses.access import for_house
from respite.houses.models import House, HouseKind
from respite.houses.queries import beds_of, chairs_of, closures_from, gatherings_between, rules_now, tonight
from respite.houses.rule_words import in_words
from respite.houses.service.details import LANGUAGES, change_house
from respite.houses.service.gatherings import COMING
from respite.houses.views import blueprint
from respite.houses.zones import home_zones, other_zones


@blueprint.get("/houses/<slug>/settings")
@for_house(May.KEEP_BEDS)
def settings(house: House) -> ResponseReturnValue:
    """How the house is kept: everybody on shift may read it, those who set its rules may change it."""
    session, now, actor = db.session(), house_now(), acting()
    rules = rules_now(session, house.id)
    return drawn(
        "houses/settings.html",
        house=house,
        doors=len(beds_of(session, house.id)),
        chairs=len(chairs_of(session, house.id)),
        closures=len(closures_from(session, house.id, tonight(house, rules, now))),
        rules=rules,
        gatherings=len(gatherings_between(session, house.id, now, now + COMING)),
        phone=phone_shown(house.phone) if house.phone else None,
        decides_stays=actor.may(May.DECIDE_STAYS, house.id),
        sets_rules=actor.may(May.SET_RULES, house.id),
        keeps_credentials=actor.may(May.KEEP_CREDENTIALS, house.id),
        pairs_screens=actor.may(May.PAIR_SCREENS, house.id),
        reads_figures=actor.may(May.READ_FIGURES, house.id),
        rules_read=in_words(rules, house),
    )


@blueprint.route("/houses/<slug>/settings/details", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def details(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _change(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


def _draw(house: House, refusal: Refusal | None = None) -> str:
    stands = {
        "name": house.name,
        "kind": house.kind,
        "timezone": house.timezone,
        "language": house.language,
        "phone": phone_shown(house.phone) if house.phone else "",
        "shares_availability": house.shares_availability,
    }
    return drawn(
        "houses/details.html",
        house=house,
        form=shown(stands, refusal),
        home_zones=home_zones(),
        other_zones=other_zones(),
    )


def _change(house: House) -> ResponseReturnValue:
    form, house_id, slug = Form(request.form), house.id, house.slug
    wanted: dict[str, Any] = {
        "name": form.text("name", most=80),
        "kind": form.choice("kind", HouseKind),
        "timezone": form.text("timezone", most=60),
        "language": form.choice("language", LANGUAGES),
        "phone": phone(form, "phone"),
        "shares_availability": form.flag("shares_availability"),
        "version_seen": form.version(),
    }
    form.done()

    def act() -> Answer:
        change_house(acting(), house_id, **wanted, now=house_now())
        return done(url_for("houses.settings", slug=slug), _("That is how the house is known now."))

    return act_form(acting(), act)
