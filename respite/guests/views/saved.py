"""From the call until the guest comes: confirmed, saved longer, called, or free again. One tap each."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.core.db import db
from respite.core.forms import Form
from respite.guests.access import for_stay
from respite.guests.models import Stay
from respite.guests.service import saving
from respite.guests.views.answering import stay_tap, version
from respite.guests.views.routes import blueprint
from respite.guests.views.wording import until
from respite.houses.models import House


@blueprint.post("/stays/<uuid:stay_id>/confirmation")
@for_stay(May.KEEP_BEDS)
def confirm(stay: Stay, house: House) -> ResponseReturnValue:
    def do(actor: Actor, stay_id: uuid.UUID, now: datetime) -> str:
        saving.confirm(actor, stay_id, version_seen=version(), now=now)
        return _("They are coming: the bed stays saved until they are here.")

    return stay_tap(stay, house, do)


@blueprint.post("/stays/<uuid:stay_id>/longer")
@for_stay(May.KEEP_BEDS)
def longer(stay: Stay, house: House) -> ResponseReturnValue:
    def do(actor: Actor, stay_id: uuid.UUID, now: datetime) -> str:
        form = Form(request.form)
        minutes = form.whole_number("minutes", least=1, most=saving.MOST_MINUTES, needed=False)
        form.done()
        saved = saving.save_longer(actor, stay_id, minutes=minutes, version_seen=version(), now=now)
        assert saved.saved_until is not None
        place = db.session.get_one(House, saved.house_id)
        return _("Saved %(until)s.", until=until(saved.saved_until, place, now))

    return stay_tap(stay, house, do)


@blueprint.post("/stays/<uuid:stay_id>/call")
@for_stay(May.KEEP_BEDS)
def call_made(stay: Stay, house: House) -> ResponseReturnValue:
    def do(actor: Actor, stay_id: uuid.UUID, now: datetime) -> str:
        saving.call_made(actor, stay_id, now=now)
        return _("Noted: somebody called.")

    return stay_tap(stay, house, do)


@blueprint.post("/stays/<uuid:stay_id>/let-go")
@for_stay(May.KEEP_BEDS)
def let_go(stay: Stay, house: House) -> ResponseReturnValue:
    def do(actor: Actor, stay_id: uuid.UUID, now: datetime) -> str:
        saving.let_go(actor, stay_id, version_seen=version(), now=now)
        return _("The bed is free again.")

    return stay_tap(stay, house, do)
