"""No more texts, by one tap: they asked us not to, or the number is somebody else's. And one tap back."""

from __future__ import annotations

import uuid

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from respite.accounts.acting import Answer, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.houses.access import for_house
from respite.houses.models import House
from respite.messaging.service import stopping
from respite.messaging.thread_queries import thread_for
from respite.messaging.views.answering import tapped
from respite.messaging.views.routes import blueprint
from respite.messaging.views.thread import thread_url


@blueprint.post("/houses/<slug>/texts/<uuid:thread_id>/asked-not-to")
@for_house(May.KEEP_TEXTS)
def asked_not_to(house: House, thread_id: uuid.UUID) -> ResponseReturnValue:
    here, undo = _addresses(house, thread_id)

    def act() -> Answer:
        canceled = stopping.asked_not_to(acting(), thread_id, house_now())
        return done(here, _("No more texts go to this number.") + _called_back(canceled), undo)

    return tapped(act, here)


@blueprint.post("/houses/<slug>/texts/<uuid:thread_id>/wrong-number")
@for_house(May.KEEP_TEXTS)
def wrong_number(house: House, thread_id: uuid.UUID) -> ResponseReturnValue:
    here, undo = _addresses(house, thread_id)

    def act() -> Answer:
        canceled = stopping.wrong_number(acting(), thread_id, house_now())
        return done(here, _("This number is nobody's we know. No more texts go to it.") + _called_back(canceled), undo)

    return tapped(act, here)


def _called_back(canceled: int) -> str:
    if not canceled:
        return ""
    return " " + ngettext("%(num)s text was called back.", "%(num)s texts were called back.", canceled)


@blueprint.post("/houses/<slug>/texts/<uuid:thread_id>/text-again")
@for_house(May.KEEP_TEXTS)
def text_again(house: House, thread_id: uuid.UUID) -> ResponseReturnValue:
    here, _undo = _addresses(house, thread_id)

    def act() -> Answer:
        stopping.lift(acting(), thread_id, house_now())
        return done(here, _("Texts may go to this number again. What was called back stays so."))

    return tapped(act, here)


def _addresses(house: House, thread_id: uuid.UUID) -> tuple[str, str]:
    """The thread's page, and where Undo goes. Raises NotFound for another house's thread."""
    thread_for(db.session(), acting(), house.id, thread_id)
    again = url_for("messaging.text_again", slug=house.slug, thread_id=thread_id)
    return thread_url(house, thread_id), again
