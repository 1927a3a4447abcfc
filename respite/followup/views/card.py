"""On a stay's page what follows it, and what is asked about it of a guest who leaves: states, and nothing that was
said."""

from __future__ import annotations

import re
from collections.abc import Mapping
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
from respite.followup.models import State
from respite.followup.policy.steps import Way
from respite.followup.queries import rows_of_stay
from respite.followup.service.choosing import FIELD, choose_for
from respite.followup.shown import stay_followed, steps_of
from respite.followup.views.routes import blueprint
from respite.followup.words import WAYS
from respite.guests.access import for_stay
from respite.guests.models import Stay
from respite.guests.policy.stay_states import StayState
from respite.guests.views.answering import stay_page, tapped
from respite.guests.views.reconfirming import AlsoAsked
from respite.houses.models import House

_WINDOW = re.compile(r"[hd]\d{1,4}")


def ways_in(form: Form) -> dict[str, Way]:
    """What was chosen, by window; what nobody touched is not in it."""
    found: dict[str, Way] = {}
    for name in form.sent:
        window = name.removeprefix(FIELD)
        if name.startswith(FIELD) and _WINDOW.fullmatch(window):
            way = form.choice(name, list(Way), needed=False)
            if way:
                found[window] = Way(way)
    return found


def section(stay: Stay, house: House, now: datetime) -> tuple[str, dict[str, Any]] | None:
    """On the stay's page: while they are here what they chose, then what is planned and what came of it."""
    guest = stay.guest
    if guest is None or not acting().may(May.KEEP_TEXTS, house.id):
        return None
    session = db.session()
    followed = stay_followed(session, guest.id, now)
    rows = rows_of_stay(session, stay.id)
    chooses = followed is not None and followed.id == stay.id
    if not rows and not chooses:
        return None
    items = [each.item for each in steps_of(session, house, stay, now, rows)]
    return "followup/_stay.html", {"items": items, "ways": _ways(), "chooses": chooses, "over": State.OVER}


def _facts(stay: Stay, house: House, now: datetime) -> dict[str, Any] | None:
    guest = stay.guest
    if guest is None or stay.state != StayState.HERE:
        return None
    return {"items": [each.item for each in steps_of(db.session(), house, stay, now)], "ways": _ways()}


def _read(form: Form) -> Mapping[str, Any]:
    return ways_in(form)


def _ways() -> list[tuple[str, Any]]:
    return [(str(way), WAYS[way]) for way in Way]


AT_LEAVING = AlsoAsked("followup/_at_leaving.html", _facts, _read)


@blueprint.post("/stays/<uuid:stay_id>/after")
@for_stay(May.KEEP_TEXTS)
def choose(stay: Stay, house: House) -> ResponseReturnValue:
    """What the guest said to somebody of the house."""
    stay_id, back = stay.id, stay_page(stay.id)

    def act() -> Answer:
        form = Form(request.form)
        ways = ways_in(form)
        form.done()
        choose_for(acting(), stay_id, ways, now=house_now())
        return done(back, _("It follows as they chose."))

    return tapped(act, back)
