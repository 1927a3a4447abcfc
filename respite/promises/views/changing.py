"""A promise goes to somebody else, or to another time, or is let go, from its own page."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.models import Person
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form
from respite.core.redraw import or_redraw
from respite.houses.access import for_row
from respite.houses.models import House
from respite.promises.models import Promise
from respite.promises.policy import LONGEST_WORD
from respite.promises.service import acts as service
from respite.promises.views.acts import page_of
from respite.promises.views.fields import owner_in, when_again, when_fields, when_in
from respite.promises.views.page import draw_one, place_here
from respite.promises.views.routes import blueprint


@blueprint.post("/promises/<uuid:promise_id>/owner")
@for_row(Promise, "promise", May.KEEP_BEDS)
def hand(promise: Promise) -> ResponseReturnValue:
    return _changed(promise, _hand)


@blueprint.post("/promises/<uuid:promise_id>/when")
@for_row(Promise, "promise", May.KEEP_BEDS)
def move(promise: Promise) -> ResponseReturnValue:
    return _changed(promise, _move)


@blueprint.post("/promises/<uuid:promise_id>/open")
@for_row(Promise, "promise", May.KEEP_BEDS)
def open_again(promise: Promise) -> ResponseReturnValue:
    """Where a word to somebody goes with it, its page is drawn with what was typed: that is kept nowhere else."""
    form, promise_id, house_id, page = Form(request.form), promise.id, promise.house_id, page_of(promise)
    seen, typed = form.version(), None
    form.done()

    def act() -> Answer:
        nonlocal typed
        row, typed = service.open_again_with_word(acting(), promise_id, version_seen=seen, now=house_now())
        return done(page, _("Open again."), None, version=row.version, back=page)

    answer = act_form(acting(), act)
    return draw_one(promise_id, house_id, word=typed) if typed else answer


@blueprint.post("/promises/<uuid:promise_id>/let-go")
@for_row(Promise, "promise", May.KEEP_BEDS)
def let_go(promise: Promise) -> ResponseReturnValue:
    return _changed(promise, _let_go)


def _let_go(promise: Promise, page: str) -> ResponseReturnValue:
    form, promise_id = Form(request.form), promise.id
    word, seen = form.text("word", most=LONGEST_WORD, needed=False, lines=True), form.version()
    form.done()

    def act() -> Answer:
        row = service.let_go(acting(), promise_id, word, version_seen=seen, now=house_now())
        undo = url_for("promises.open_again", promise_id=promise_id)
        return done(page, _("Let go."), undo, version=row.version, back=page)

    return act_form(acting(), act)


def _hand(promise: Promise, page: str) -> ResponseReturnValue:
    form, promise_id, me = Form(request.form), promise.id, acting().id
    owner_id, seen = owner_in(form, me), form.version()
    form.done()
    undo = url_for("promises.hand", promise_id=promise_id)

    def act() -> Answer:
        row, before = service.hand(acting(), promise_id, owner_id, version_seen=seen, now=house_now())
        said = _("It is with %(name)s now.", name=_name(owner_id)) if owner_id else _("It is with whoever is on.")
        if owner_id == me:
            said = _("It is yours now.")
        return done(page, said, undo, owner=before or "", version=row.version, back=page)

    return act_form(acting(), act)


def _name(person_id: uuid.UUID) -> str:
    return db.session.get_one(Person, person_id).name


def _move(promise: Promise, page: str) -> ResponseReturnValue:
    form, promise_id, now = Form(request.form), promise.id, house_now()
    place = place_here(db.session.get_one(House, promise.house_id))
    when = when_again(form)
    if when is None:
        when = when_in(form, place)
    seen = form.version()
    form.done()
    undo = url_for("promises.move", promise_id=promise_id)

    def act() -> Answer:
        row, before = service.move(acting(), promise_id, when, version_seen=seen, now=now)
        return done(page, _("Another time."), undo, **when_fields(before), version=row.version, back=page)

    return act_form(acting(), act)


def _changed(promise: Promise, change: Callable[[Promise, str], ResponseReturnValue]) -> ResponseReturnValue:
    """A form of the promise's own page; a refusal draws that page again, with what was chosen."""
    promise_id, house_id, page = promise.id, promise.house_id, page_of(promise)
    return or_redraw(lambda: change(promise, page), lambda refusal: draw_one(promise_id, house_id, refusal))
