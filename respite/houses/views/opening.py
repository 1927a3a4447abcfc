"""Opening a house."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.core.clock import house_now
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.houses.access import for_whoever_may_open
from respite.houses.models import HouseKind
from respite.houses.service.opening import MOST_CHAIRS, open_house
from respite.houses.views import blueprint
from respite.houses.zones import home_zones, other_zones


@blueprint.route("/houses/new", methods=["GET", "POST"])
@for_whoever_may_open()
def new() -> ResponseReturnValue:
    return or_redraw(_open, _draw) if request.method == "POST" else _draw()


def _draw(refusal: Refusal | None = None) -> str:
    stands = {
        "name": "",
        "kind": HouseKind.RESPITE,
        "timezone": "America/Denver",
        "beds": "",
        "chairs": 4,
        "language": str(get_locale() or "en"),
    }
    return drawn("houses/new.html", form=shown(stands, refusal), home_zones=home_zones(), other_zones=other_zones())


def _open() -> ResponseReturnValue:
    form = Form(request.form)
    name = form.text("name", most=80)
    kind = form.choice("kind", HouseKind)
    timezone = form.text("timezone", most=60)
    language = form.choice("language", ("en", "es"))
    doors = form.text("beds", most=4000, lines=True, needed=False) if kind != HouseKind.LIVING_ROOM else ""
    chairs = form.whole_number("chairs", most=MOST_CHAIRS, needed=False) if kind != HouseKind.RESPITE else 0
    form.done()
    names = [line.strip() for line in doors.splitlines() if line.strip()]

    def act() -> Answer:
        house = open_house(
            acting(),
            name=name,
            kind=kind,
            timezone=timezone,
            beds=names,
            chairs=chairs or 0,
            language=language,
            now=house_now(),
        )
        said = _("%(house)s is open. Ask your people in, and pair the screen on the wall.", house=house.name)
        return done(url_for("houses.settings", slug=house.slug), said)

    return act_form(acting(), act)
