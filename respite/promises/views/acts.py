"""One tap on a promise: done, open again, taken back. What is said names nobody whom it is for."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form
from respite.core.web import own_page
from respite.houses.access import for_row
from respite.houses.models import House
from respite.promises.models import Promise
from respite.promises.policy import Outcome
from respite.promises.service import acts as service
from respite.promises.views.routes import blueprint
from respite.wording.beside import said_with_hints

Do = Callable[[Actor, uuid.UUID, int | None, datetime], Promise]


def given(promise: Promise, page: str) -> Answer:
    """What is answered to a promise just given, with its Undo."""
    said = _("Noted, so that it is not forgotten.")
    if promise.words:
        said = said_with_hints(db.session(), promise.house_id, promise.words, said)
    undo = url_for("promises.take_back", promise_id=promise.id)
    return done(page, said, undo, version=promise.version, back=page)


@blueprint.post("/promises/<uuid:promise_id>/kept")
@for_row(Promise, "promise", May.KEEP_BEDS)
def kept(promise: Promise) -> ResponseReturnValue:
    form = Form(request.form)
    outcome = form.choice("outcome", Outcome, needed=False)
    form.done()

    def do(actor: Actor, promise_id: uuid.UUID, seen: int | None, now: datetime) -> Promise:
        return service.keep(actor, promise_id, outcome, version_seen=seen, now=now)

    said = _("No answer. It can be tried again.") if outcome == Outcome.NO_ANSWER else _("Done. Thank you.")
    return _tap(promise, do, said, "promises.open_again")


@blueprint.post("/promises/<uuid:promise_id>/taken-back")
@for_row(Promise, "promise", May.KEEP_BEDS)
def take_back(promise: Promise) -> ResponseReturnValue:
    promise_id, page = promise.id, page_of(promise)
    form = Form(request.form)
    seen = form.whole_number("version")
    form.done()

    def act() -> Answer:
        service.take_back(acting(), promise_id, version_seen=seen, now=house_now())
        return done(page, _("Taken back."))

    return act_form(acting(), act)


def _tap(promise: Promise, do: Do, said: str, undo: str | None = None) -> ResponseReturnValue:
    promise_id, page = promise.id, page_of(promise)
    form = Form(request.form)
    seen = form.version()
    form.done()

    def act() -> Answer:
        row = do(acting(), promise_id, seen, house_now())
        way_back = url_for(undo, promise_id=promise_id) if undo else None
        return done(page, said, way_back, version=row.version, back=page)

    return act_form(acting(), act)


def page_of(promise: Promise) -> str:
    """Where one came from, or the house's promises."""
    return own_page(url_for("promises.page", slug=db.session.get_one(House, promise.house_id).slug))
