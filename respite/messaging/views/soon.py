"""What is to be read soon: saying yes to it. And, beside hard words, who is near to sit with whoever reads them."""

from __future__ import annotations

import uuid

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound
from respite.houses.access import for_house
from respite.houses.models import House
from respite.messaging.models import ReadSoon
from respite.messaging.queries import names_by_id
from respite.messaging.service import reading
from respite.messaging.thread_queries import thread_for
from respite.messaging.views.answering import tapped
from respite.messaging.views.routes import blueprint
from respite.messaging.views.thread import thread_url


@blueprint.post("/houses/<slug>/texts/soon/<uuid:read_soon_id>/take")
@for_house(May.KEEP_TEXTS)
def take_soon(house: House, read_soon_id: uuid.UUID) -> ResponseReturnValue:
    """ "I will read it": nobody else is asked, and the text is opened."""
    row = db.session.get(ReadSoon, read_soon_id)
    if row is None or row.house_id != house.id:
        raise NotFound
    inbox_url = url_for("messaging.inbox", slug=house.slug)
    there = f"{thread_url(house, row.thread_id)}#newest" if row.thread_id else inbox_url

    def act() -> Answer:
        reading.take(acting(), read_soon_id, house_now())
        return done(there, _("Thank you. Nobody else is asked now."))

    return tapped(act, inbox_url)


@blueprint.post("/houses/<slug>/texts/<uuid:thread_id>/company")
@for_house(May.KEEP_TEXTS)
def company(house: House, thread_id: uuid.UUID) -> ResponseReturnValue:
    """Who is near. It is asked for whoever reads, and nothing of it is kept anywhere."""
    thread_for(db.session(), acting(), house.id, thread_id)
    here, house_id = thread_url(house, thread_id), house.id
    return tapped(lambda: done(here, _who_is_near(house_id)), here)


def _who_is_near(house_id: uuid.UUID) -> str:
    there, on_call = _names_at(house_id, reading.ON_SHIFT), _names_at(house_id, reading.ON_CALL)
    said = [_("You need not read this alone.")]
    if there:
        said.append(_("In the house with you: %(names)s.", names=there))
    if on_call:
        said.append(_("On call: %(names)s.", names=on_call))
    if not there and not on_call:
        lead = _names_at(house_id, reading.COORDINATORS)
        said.append(_("You can call: %(names)s.", names=lead) if lead else _("988 is there for you too, at any hour."))
    return " ".join(said)


def _names_at(house_id: uuid.UUID, step: int) -> str:
    session, me = db.session(), acting().id
    people = [person for ask in reading.who_next for person in ask(session, house_id, step, house_now())]
    return ", ".join(names_by_id(session, (person for person in people if person != me)).values())
