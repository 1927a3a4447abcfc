"""What a person decides about a text of ours: once more, a call instead, or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import acting, done
from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.web import own_page
from respite.houses.access import for_house
from respite.houses.models import House
from respite.messaging.models import Message
from respite.messaging.service import ending
from respite.messaging.thread_queries import message_for
from respite.messaging.views.answering import tapped
from respite.messaging.views.routes import blueprint

Decide = Callable[[Actor, uuid.UUID, datetime], Message]


@blueprint.post("/houses/<slug>/texts/out/<uuid:message_id>/again")
@for_house(May.KEEP_TEXTS)
def send_again(house: House, message_id: uuid.UUID) -> ResponseReturnValue:
    return _decided(house, message_id, ending.send_again, _("It is tried once more."))


@blueprint.post("/houses/<slug>/texts/out/<uuid:message_id>/let-go")
@for_house(May.KEEP_TEXTS)
def let_go(house: House, message_id: uuid.UUID) -> ResponseReturnValue:
    return _decided(house, message_id, ending.let_go, _("It is not sent any more."))


@blueprint.post("/houses/<slug>/texts/out/<uuid:message_id>/called")
@for_house(May.KEEP_TEXTS)
def told_by_call(house: House, message_id: uuid.UUID) -> ResponseReturnValue:
    return _decided(house, message_id, ending.told_by_call, _("It says now that you called."))


def _decided(house: House, message_id: uuid.UUID, decide: Decide, said: str) -> ResponseReturnValue:
    message_for(db.session(), acting(), house.id, message_id)
    back = own_page(url_for("messaging.inbox", slug=house.slug))

    def act() -> dict[str, object]:
        decide(acting(), message_id, house_now())
        return done(back, said)

    return tapped(act, back)
