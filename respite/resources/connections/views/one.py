"""One connection: how it stands, what was said, and what is said next."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.audit.service import note_look_hourly
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.web import guard
from respite.guests.models import Guest, Stay
from respite.guests.views.answering import desk, happened_at, stay_page, tapped, wall_now
from respite.houses.access import for_row, row_for
from respite.houses.models import House
from respite.resources.connections.models import Connection, ConnectionStep
from respite.resources.connections.policy import LONGEST_WHY, State, Who, Why
from respite.resources.connections.service import telling
from respite.resources.connections.service.telling import Word
from respite.resources.connections.shown import can_be_said, line_of, said_of
from respite.resources.connections.views.routes import blueprint
from respite.resources.connections.words import WHY


def for_step() -> Any:
    """Guard of a view at `/…/<uuid:connection_step_id>/…`: the view gets `step_id`, of what the actor may see."""

    def check(arguments: dict[str, Any]) -> None:
        step = db.session.get(ConnectionStep, arguments.pop("connection_step_id"))
        if step is None:
            raise NotFound
        row_for(acting(), Connection, step.connection_id, May.KEEP_BEDS)
        arguments["step_id"] = step.id

    return guard(f"connection_step:{May.KEEP_BEDS}", check)


@blueprint.get("/connections/<uuid:connection_id>")
@for_row(Connection, "connection", May.KEEP_BEDS)
def one(connection: Connection) -> ResponseReturnValue:
    return _draw(connection.id)


@blueprint.post("/connections/<uuid:connection_id>")
@for_row(Connection, "connection", May.KEEP_BEDS)
def say(connection: Connection) -> ResponseReturnValue:
    connection_id = connection.id
    return or_redraw(lambda: _say(connection_id), lambda refusal: _draw(connection_id, refusal))


@blueprint.post("/connections/steps/<uuid:connection_step_id>/back")
@for_step()
def take_back(step_id: uuid.UUID) -> ResponseReturnValue:
    row = db.session.get_one(Connection, db.session.get_one(ConnectionStep, step_id).connection_id)
    home = desk(db.session.get_one(House, row.house_id))

    def act() -> Answer:
        left = telling.take_back(acting(), step_id, now=house_now())
        page = url_for("connections.one", connection_id=left) if left is not None else home
        return done(page, _("Taken back."))

    return tapped(act, home)


def _say(connection_id: uuid.UUID) -> ResponseReturnValue:
    form, now = Form(request.form), house_now()
    row = db.session.get_one(Connection, connection_id)
    house = db.session.get_one(House, row.house_id)
    said = form.choice("said", [value for value, _words in can_be_said(row)])
    at, seen = happened_at(form, "at", house, now), form.version()
    no_fit = said.startswith(State.NOT_A_FIT)
    why = form.choice("why", Why, needed=no_fit)
    words = form.text("words", most=LONGEST_WHY, needed=False, lines=True)
    form.done()
    state, _colon, who = said.partition(":")
    word = Word(State(state), Who(who), at, Why(why) if why and no_fit else None, words if no_fit else "")

    def act() -> Answer:
        step = telling.say(acting(), connection_id, word, version_seen=seen, now=now)
        undo = url_for("connections.take_back", connection_step_id=step.id)
        return done(url_for("connections.one", connection_id=connection_id), _("Noted."), undo)

    return act_form(acting(), act)


def _page_of(guest_id: uuid.UUID) -> str | None:
    """The guest's newest stay, whose page is theirs."""
    newest = sa.select(Stay.id).where(Stay.guest_id == guest_id).order_by(Stay.saved_at.desc()).limit(1)
    stay_id = db.session.scalar(newest)
    return stay_page(stay_id) if stay_id is not None else None


def _draw(connection_id: uuid.UUID, refusal: Refusal | None = None) -> str:
    session, now = db.session(), house_now()
    row = session.get_one(Connection, connection_id)
    if row.guest_id is None:
        raise NotFound
    house = session.get_one(House, row.house_id)
    note_look_hourly(house.id, acting(), row.guest_id, "connection", now)
    (line,) = line_of(session, [row], house, now)
    return drawn(
        "connections/one.html",
        house=house,
        line=line,
        guest=session.get_one(Guest, row.guest_id),
        stay_page=_page_of(row.guest_id) or desk(house),
        said=said_of(session, row.id, house, now, acting().ref),
        can_be_said=can_be_said(row),
        fits=any(value.startswith(State.NOT_A_FIT) for value, _words in can_be_said(row)),
        whys=[("", _("Please choose")), *WHY.items()],
        latest=wall_now(house, now),
        longest=LONGEST_WHY,
        form=shown({}, refusal),
    )
