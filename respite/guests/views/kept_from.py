"""A peer writes down, at a guest's word, who must not open their page. What was said before is not shown to them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form
from respite.guests.models import Guest, Stay
from respite.guests.policy.stay_states import StayState
from respite.guests.service.kept_from import could_be_named, keep_from
from respite.guests.views.answering import came_from, tapped
from respite.guests.views.routes import blueprint
from respite.houses.access import for_row
from respite.houses.models import House


def section(stay: Stay, house: House, _now: datetime) -> tuple[str, dict[str, Any]] | None:
    """On the stay's page: everybody else to choose from, whoever is named already, so that it tells nothing."""
    if stay.guest_id is None or stay.state not in (StayState.HERE, StayState.HELD, StayState.LEFT):
        return None
    people = _others(house.id)
    if not people or not acting().may(May.KEEP_BEDS, house.id):
        return None
    return "guests/_stay_kept_from.html", {"people": people}


@blueprint.post("/guests/<uuid:guest_id>/kept-from")
@for_row(Guest, "guest", May.KEEP_BEDS)
def kept_from(guest: Guest) -> ResponseReturnValue:
    guest_id, home = guest.id, came_from(f"/guests/{guest.id}/conversation")
    people = [person_id for person_id, _name in _others(guest.house_id)]

    def act() -> Answer:
        form = Form(request.form)
        person_id = form.choice("person", people)
        form.done()
        keep_from(acting(), guest_id, uuid.UUID(person_id), now=house_now())
        return done(home, _("Kept. They can see it on their page and take it off."))

    return tapped(act, home)


def _others(house_id: uuid.UUID) -> list[tuple[str, str]]:
    """Not whoever writes: so there is always one left who can open it, and no refusal tells who is named."""
    everybody = could_be_named(db.session(), house_id)
    return [(str(person.id), person.name) for person in everybody if person.id != acting().id]
