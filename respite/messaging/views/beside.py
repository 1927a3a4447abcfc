"""What one does beside writing: take it on, pass it on, call, put words out of sight, rest from a number."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from respite.accounts.acting import Answer, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form
from respite.houses.access import for_house
from respite.houses.models import House
from respite.messaging.service import inbox, resting
from respite.messaging.thread_queries import inbound_for, thread_for
from respite.messaging.views.answering import tapped
from respite.messaging.views.routes import blueprint
from respite.messaging.views.thread import thread_url
from respite.messaging.views.words import Words


def _on_thread(house: House, thread_id: uuid.UUID, act: Callable[[str], Answer]) -> ResponseReturnValue:
    """One tap on a thread of this house; `act` gets the address of its page."""
    thread_for(db.session(), acting(), house.id, thread_id)
    here = thread_url(house, thread_id)
    return tapped(lambda: act(here), here)


def _chosen_person() -> uuid.UUID | None:
    form = Form(request.form)
    chosen = form.uuid("to", needed=False)
    form.done()
    return chosen


@blueprint.post("/houses/<slug>/texts/<uuid:thread_id>/assign")
@for_house(May.KEEP_TEXTS)
def assign(house: House, thread_id: uuid.UUID) -> ResponseReturnValue:
    again = url_for("messaging.assign", slug=house.slug, thread_id=thread_id)

    def act(here: str) -> Answer:
        to = _chosen_person()
        before = inbox.assign(acting(), thread_id, to, house_now())
        if to is None:
            said = _("Whoever comes first answers here.")
        else:
            said = _("You answer here.") if to == acting().id else _("They are asked to answer here.")
        return done(here, said, again, to=before or "")

    return _on_thread(house, thread_id, act)


@blueprint.post("/houses/<slug>/texts/<uuid:thread_id>/pass-on")
@for_house(May.KEEP_TEXTS)
def pass_on(house: House, thread_id: uuid.UUID) -> ResponseReturnValue:
    back, inbox_url = (
        url_for("messaging.assign", slug=house.slug, thread_id=thread_id),
        url_for("messaging.inbox", slug=house.slug),
    )

    def act(_here: str) -> Answer:
        inbox.pass_on(acting(), thread_id, _chosen_person(), house_now())
        said = _("Passed on. You need not read any further; its words are out of your sight.")
        return done(inbox_url, said, back, to=acting().id)

    return _on_thread(house, thread_id, act)


@blueprint.post("/houses/<slug>/texts/<uuid:thread_id>/called")
@for_house(May.KEEP_TEXTS)
def called(house: House, thread_id: uuid.UUID) -> ResponseReturnValue:
    def act(here: str) -> Answer:
        inbox.called(acting(), thread_id, house_now())
        return done(here, _("It says now that you called."))

    return _on_thread(house, thread_id, act)


@blueprint.post("/houses/<slug>/texts/<uuid:thread_id>/rest")
@for_house(May.KEEP_TEXTS)
def ask_rest(house: House, thread_id: uuid.UUID) -> ResponseReturnValue:
    def act(here: str) -> Answer:
        form = Form(request.form)
        days = form.whole_number("days", least=1, most=resting.LONGEST_REST)
        form.done()
        resting.ask_rest(acting(), thread_id, days, house_now())
        said = ngettext(
            "You asked for a rest of %(num)s day. It begins when somebody else agrees.",
            "You asked for a rest of %(num)s days. It begins when somebody else agrees.",
            days,
        )
        return done(here, said)

    return _on_thread(house, thread_id, act)


@blueprint.post("/houses/<slug>/texts/<uuid:thread_id>/rest/agree")
@for_house(May.KEEP_TEXTS)
def agree_rest(house: House, thread_id: uuid.UUID) -> ResponseReturnValue:
    zone = house.timezone

    def act(here: str) -> Answer:
        now = house_now()
        until = resting.agree_rest(acting(), thread_id, now)
        return done(here, _("The house rests from this number until %(at)s.", at=Words(zone, now).moment(until)))

    return _on_thread(house, thread_id, act)


@blueprint.post("/houses/<slug>/texts/<uuid:thread_id>/rest/end")
@for_house(May.KEEP_TEXTS)
def end_rest(house: House, thread_id: uuid.UUID) -> ResponseReturnValue:
    def act(here: str) -> Answer:
        resting.end_rest(acting(), thread_id, house_now())
        return done(here, _("There is no rest from this number now."))

    return _on_thread(house, thread_id, act)


@blueprint.post("/houses/<slug>/texts/in/<uuid:inbound_id>/hide")
@for_house(May.KEEP_TEXTS)
def hide(house: House, inbound_id: uuid.UUID) -> ResponseReturnValue:
    undo = url_for("messaging.unhide", slug=house.slug, inbound_id=inbound_id)

    def act(here: str) -> Answer:
        inbox.hide(acting(), inbound_id, house_now())
        return done(here, _("Out of sight. Would you like someone to sit with you? The page says who is near."), undo)

    return _on_text(house, inbound_id, act)


@blueprint.post("/houses/<slug>/texts/in/<uuid:inbound_id>/unhide")
@for_house(May.KEEP_TEXTS)
def unhide(house: House, inbound_id: uuid.UUID) -> ResponseReturnValue:
    def act(here: str) -> Answer:
        inbox.unhide(acting(), inbound_id, house_now())
        return done(here, _("In sight again."))

    return _on_text(house, inbound_id, act)


def _on_text(house: House, inbound_id: uuid.UUID, act: Callable[[str], Answer]) -> ResponseReturnValue:
    here = thread_url(house, inbound_for(db.session(), acting(), house.id, inbound_id).thread_id)
    return tapped(lambda: act(here), here)
