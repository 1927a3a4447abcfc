"""Writing into the log, giving the handoff and taking it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.rights import people_who_may
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form
from respite.core.redraw import or_redraw
from respite.guests.views.answering import happened_at
from respite.handoff.models import Handoff, LogEntry
from respite.handoff.policy import LONGEST_ENTRY, LONGEST_FEELINGS, LONGEST_WORDS
from respite.handoff.service import entries, giving, taking
from respite.handoff.views.page import draw
from respite.handoff.views.routes import blueprint
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.wording.beside import said_with_hints


@blueprint.post("/houses/<slug>/handoff/entries")
@for_house(May.KEEP_BEDS)
def write(house: House) -> ResponseReturnValue:
    house_id, home, now = house.id, home_of(house), house_now()

    def act() -> ResponseReturnValue:
        form = Form(request.form)
        words = form.text("entry", most=LONGEST_ENTRY)
        at = happened_at(form, "at", db.session.get_one(House, house_id), now)
        form.done()
        said = said_with_hints(db.session(), house_id, words, _("It stands in the log."))

        def once() -> Answer:
            entry = entries.write_entry(acting(), house_id, words, at=at, now=now)
            return done(home, said, url_for("handoff.take_off", log_entry_id=entry.id))

        return act_form(acting(), once)

    return _or_draw(house_id, act, "entry")


@blueprint.post("/log-entries/<uuid:log_entry_id>/off")
@for_row(LogEntry, "log_entry", May.KEEP_BEDS)
def take_off(log_entry: LogEntry) -> ResponseReturnValue:
    entry_id, house_id = log_entry.id, log_entry.house_id
    home = home_of(db.session.get_one(House, house_id))

    def once() -> Answer:
        entries.take_off(acting(), entry_id, now=house_now())
        return done(home, _("Taken off the log."))

    return _or_draw(house_id, lambda: act_form(acting(), once), "entry")


@blueprint.post("/houses/<slug>/handoff/give")
@for_house(May.KEEP_BEDS)
def give(house: House) -> ResponseReturnValue:
    house_id, home = house.id, home_of(house)

    def act() -> ResponseReturnValue:
        form = Form(request.form)
        given = giving.Given(
            words=form.text("words", most=LONGEST_WORDS, needed=False, lines=True),
            feelings=form.text("feelings", most=LONGEST_FEELINGS, needed=False),
            would_talk=form.flag("would_talk"),
            to_on_call=form.flag("to_on_call"),
        )
        last_seen = form.uuid("last_seen", needed=False)
        form.done()
        said = _("It is given. Thank you. Whoever comes reads it here and takes it by name.")
        said = said_with_hints(db.session(), house_id, given.words, said)

        def once() -> Answer:
            giving.give(acting(), house_id, given, last_seen=last_seen, now=house_now())
            return done(home, said)

        return act_form(acting(), once)

    return _or_draw(house_id, act, "give")


@blueprint.post("/houses/<slug>/handoff/take")
@for_house(May.KEEP_BEDS)
def take(house: House) -> ResponseReturnValue:
    house_id, home = house.id, home_of(house)

    def act() -> ResponseReturnValue:
        form = Form(request.form)
        people = _people_in(form, house_id)
        last_seen, waited = form.uuid("last_seen", needed=False), form.flag("waited")
        form.done()

        def once() -> Answer:
            taking.take(acting(), house_id, people, last_seen=last_seen, waited=waited, now=house_now())
            return done(home, _("You have it. What comes from now on is marked as new."))

        return act_form(acting(), once)

    return _or_draw(house_id, act, "take")


@blueprint.post("/handoffs/<uuid:handoff_id>/take")
@for_row(Handoff, "handoff", May.KEEP_BEDS)
def take_too(handoff: Handoff) -> ResponseReturnValue:
    """Somebody came later and has it too."""
    handoff_id, house_id = handoff.id, handoff.house_id
    home = home_of(db.session.get_one(House, house_id))

    def act() -> ResponseReturnValue:
        form = Form(request.form)
        people = _people_in(form, house_id)
        form.done()

        def once() -> Answer:
            taking.take_again(acting(), handoff_id, people, now=house_now())
            return done(home, _("You have it. What comes from now on is marked as new."))

        return act_form(acting(), once)

    return _or_draw(house_id, act, "take")


def home_of(house: House) -> str:
    return url_for("handoff.page", slug=house.slug)


def _people_in(form: Form, house_id: uuid.UUID) -> list[uuid.UUID]:
    known = {str(person.id): person.id for person in people_who_may(db.session(), house_id, May.KEEP_BEDS)}
    return [known[each] for each in form.choices("people", known)]


def _or_draw(house_id: uuid.UUID, act: Callable[[], ResponseReturnValue], of: str) -> ResponseReturnValue:
    return or_redraw(act, lambda refusal: draw(house_id, refusal, of))
