"""The key and things that stayed: one tap makes each a promise of whoever taps, with a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form
from respite.guests.access import for_stay
from respite.guests.models import Stay
from respite.guests.policy.stay_states import StayState
from respite.guests.service.promised import promise_guest
from respite.guests.views.answering import stay_page, tapped
from respite.guests.views.routes import blueprint
from respite.houses.models import House
from respite.houses.queries import rules_now, tonight
from respite.promises.policy import LONGEST_WORDS, Kind, by_day
from respite.promises.service.acts import Wanted
from respite.promises.views.acts import given

#: How many days there are to bring a thing back to its person, or the key back to the house.
DAYS = {"key": 3, "thing": 7}


def section(stay: Stay, house: House, now: datetime) -> tuple[str, dict[str, Any]] | None:
    """On the stay's page, once they have left."""
    if stay.state != StayState.LEFT or stay.guest_id is None or not acting().may(May.KEEP_BEDS, house.id):
        return None
    return "guests/_stay_left_behind.html", {"longest": LONGEST_WORDS}


@blueprint.post("/stays/<uuid:stay_id>/left-behind")
@for_stay(May.KEEP_BEDS)
def left_behind(stay: Stay, house: House) -> ResponseReturnValue:
    stay_id, house_id, lockbox, now, back = stay.id, house.id, stay.lockbox, house_now(), stay_page(stay.id)

    def act() -> Answer:
        form = Form(request.form)
        what = form.choice("what", DAYS)
        words = _key_words(lockbox) if what == "key" else form.text("words", most=LONGEST_WORDS)
        form.done()
        place = db.session.get_one(House, house_id)
        rules = rules_now(db.session(), house_id)
        day = tonight(place, rules, now) + timedelta(days=DAYS[what])
        when = by_day(day, place.timezone, rules.night_turns_at)
        wanted = Wanted(words=words, kind=Kind.LEFT_BEHIND, when=when, owner_id=acting().id)
        return given(promise_guest(acting(), stay_id, wanted, now=now), back)

    return tapped(act, back)


def _key_words(lockbox: str | None) -> str:
    return _("Get the key of lockbox %(number)s back", number=lockbox) if lockbox else _("Get the key back")
