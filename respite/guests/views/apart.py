"""A peer writes down whom a guest would not want to meet. What was said before is not shown to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.forms import Form
from respite.guests.models import Guest, Stay
from respite.guests.policy.stay_states import StayState
from respite.guests.service.apart import say_apart
from respite.guests.service.people import LONGEST_NAME
from respite.guests.views.answering import came_from, tapped
from respite.guests.views.routes import blueprint
from respite.houses.access import for_row
from respite.houses.models import House


def section(stay: Stay, house: House, _now: datetime) -> tuple[str, dict[str, Any]] | None:
    """On the stay's page: a field and nothing beside it, so that who looks at it learns nothing."""
    if stay.guest_id is None or stay.state not in (StayState.HERE, StayState.HELD, StayState.LEFT):
        return None
    return ("guests/_stay_apart.html", {}) if acting().may(May.KEEP_BEDS, house.id) else None


@blueprint.post("/guests/<uuid:guest_id>/apart")
@for_row(Guest, "guest", May.KEEP_BEDS)
def apart(guest: Guest) -> ResponseReturnValue:
    guest_id, home = guest.id, came_from(f"/guests/{guest.id}/conversation")

    def act() -> Answer:
        form = Form(request.form)
        name = form.text("name", most=LONGEST_NAME)
        form.done()
        say_apart(acting(), guest_id, name, now=house_now())
        return done(home, _("Kept. They can see it on their page and take it back."))

    return tapped(act, home)
