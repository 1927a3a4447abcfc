"""What a guest was offered, on their own page: wanted or not, it worked out, not any more; their word counts."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from respite.core.clock import house_now
from respite.core.db import db, joinable
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.limits import limiter
from respite.core.redraw import drawn, or_redraw, shown
from respite.guest_page.access import for_page
from respite.guest_page.service.opening import Page
from respite.guest_page.service.own_act import acting_guest
from respite.guest_page.views.changing import tapped
from respite.guest_page.views.routes import blueprint
from respite.houses.models import House
from respite.resources.connections.models import Connection
from respite.resources.connections.policy import LONGEST_WHY, NEXT, SAYS, State, Who, Why
from respite.resources.connections.service.telling import Word, say_own, take_own_back
from respite.resources.connections.shown import Line, Said, lines_of, said_of
from respite.resources.connections.words import WHY

SENT_AT_MOST = "60 per hour"
#: What a guest reads of how it stands.
STANDS = {
    State.OFFERED: _l("offered to you"),
    State.WANTED: _l("you want it"),
    State.NOT_WANTED: _l("not for you"),
    State.CONTACT: _l("contact made together"),
    State.REACHED: _l("somebody there was reached"),
    State.CONNECTED: _l("it worked out"),
    State.NOT_A_FIT: _l("not a fit"),
    State.DROPPED: _l("not any more"),
    State.ENDED: _l("ended"),
}
#: The buttons, the one that is most likely first.
BUTTONS = {
    State.WANTED: _l("I want this"),
    State.NOT_WANTED: _l("Not for me"),
    State.CONNECTED: _l("It worked out"),
    State.DROPPED: _l("Not any more"),
}
AGAIN = _l("I want it after all")


def connections_of(session: Session, guest_id: uuid.UUID, house: House, now: datetime) -> list[dict[str, str]]:
    """For the top of their page: what goes on."""
    going = {State.OFFERED, State.WANTED, State.CONTACT, State.REACHED, State.CONNECTED}
    lines = [line for line in lines_of(session, guest_id, house, now) if State(line.state) in going]
    return [{"name": line.name, "words": str(STANDS[State(line.state)])} for line in lines]


@blueprint.get("/g/<token>/connections")
@for_page()
def connections(page: Page) -> ResponseReturnValue:
    return _draw(page)


@blueprint.post("/g/<token>/connections/<uuid:connection_id>")
@limiter.limit(SENT_AT_MOST)
@for_page()
def connection_said(page: Page, connection_id: uuid.UUID) -> ResponseReturnValue:
    return or_redraw(lambda: _say(page, connection_id), lambda refusal: _draw(page, connection_id, refusal))


@blueprint.post("/g/<token>/connections/steps/<uuid:connection_step_id>/back")
@limiter.limit(SENT_AT_MOST)
@for_page()
def connection_back(page: Page, connection_step_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> str:
        with joinable() as session:
            guest = acting_guest(session, page.actor, house_now())
            take_own_back(session, page.actor, guest, connection_step_id, house_now())
        return _("Taken back.")

    return tapped(page, act, url_for("guest_page.connections", token=page.token))


def _say(page: Page, connection_id: uuid.UUID) -> ResponseReturnValue:
    form = Form(request.form)
    state = State(form.choice("said", [state for state in State if Who.GUEST in SAYS[state]]) or State.WANTED)
    why = form.choice("why", Why, needed=state == State.NOT_A_FIT)
    words = form.text("words", most=LONGEST_WHY, needed=False, lines=True)
    seen = form.version()
    form.done()
    no_fit = state == State.NOT_A_FIT
    word = Word(state, Who.GUEST, None, Why(why) if why and no_fit else None, words if no_fit else "")

    def act() -> str:
        with joinable() as session:
            guest = acting_guest(session, page.actor, house_now())
            say_own(session, page.actor, guest, connection_id, word, seen, house_now())
        return _("Noted. We see it too.")

    return tapped(page, act, url_for("guest_page.connections", token=page.token))


def _draw(page: Page, refused: uuid.UUID | None = None, refusal: Refusal | None = None) -> str:
    session, now = db.session(), house_now()
    house = session.get_one(House, page.house_id)
    ref = page.actor.ref
    lines = [
        (line, said_of(session, line.id, house, now, ref)) for line in lines_of(session, page.guest_id, house, now)
    ]
    confirmed = _confirmed(session, page.guest_id)
    return drawn(
        "guest_page/connections.html",
        token=page.token,
        lines=[(line, STANDS[State(line.state)], _buttons(line, confirmed), _back(said)) for line, said in lines],
        no_fit={line.id for line, _said in lines if State.NOT_A_FIT in NEXT[State(line.state)]},
        whys=[("", _("Please choose")), *WHY.items()],
        longest=LONGEST_WHY,
        refused=refused,
        form=shown({}, refusal),
        empty_form=shown({}),
    )


def _confirmed(session: Session, guest_id: uuid.UUID) -> set[uuid.UUID]:
    own = sa.select(Connection.id).where(Connection.guest_id == guest_id, Connection.guest_confirmed.is_(True))
    return set(session.scalars(own))


def _buttons(line: Line, confirmed: set[uuid.UUID]) -> list[tuple[str, str]]:
    state = State(line.state)
    ways = [each for each in BUTTONS if each in NEXT[state] and not (each == State.CONNECTED and line.id in confirmed)]
    again = state in (State.NOT_WANTED, State.NOT_A_FIT, State.DROPPED, State.ENDED)
    return [(str(each), str(AGAIN if again and each == State.WANTED else BUTTONS[each])) for each in ways]


def _back(said: list[Said]) -> uuid.UUID | None:
    return next((step.id for step in said if step.back), None)
