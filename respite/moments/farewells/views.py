"""Whom to tell in person that a guest has died, for who leads the house; and time together, on one's own page."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.access import signed_in
from respite.accounts.acting import Answer, acting, done
from respite.accounts.actor import Actor
from respite.accounts.models import Person
from respite.accounts.roles import May
from respite.audit.service import note_look_hourly
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form
from respite.core.redraw import drawn
from respite.core.times import moment_words
from respite.guests.models import Farewell, Guest, Stay
from respite.guests.service.died import farewell_told
from respite.guests.service.transfers import known_at
from respite.guests.views.answering import desk, tapped
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.houses.queries import names_of
from respite.moments.farewells import queries, service
from respite.moments.farewells.models import PersonToTell
from respite.moments.service.support import people_to_talk_with
from respite.moments.views.routes import blueprint
from respite.staffing.views.own_pages import own_card_here


@blueprint.get("/houses/<slug>/in-person")
@for_house(May.KEEP_BEDS)
def farewells(house: House) -> ResponseReturnValue:
    """What there is to tell in person, of what this person may read."""
    now, session, actor = house_now(), db.session(), acting()
    lists, to_hear_from = [], []
    for farewell, guest in queries.lists_of(session, house.id):
        if service.may_open(session, actor, farewell):
            note_look_hourly(house.id, actor, guest.id, "texts", now)
            lists.append(_drawn(session, farewell, guest, house, now))
        elif actor.may(May.DECIDE_STAYS, house.id):
            mine = queries.own_row(session, farewell.id, actor.id)
            if mine is not None and mine.told_at is None:
                to_hear_from.append((mine.id, names_of(session, [farewell.said_by]).get(farewell.said_by)))
    return drawn(
        "moments/farewells.html",
        house=house,
        lists=lists,
        to_hear_from=to_hear_from,
        back=desk(house),
    )


@blueprint.post("/in-person/<uuid:person_to_tell_id>/told")
@for_row(PersonToTell, "person_to_tell", May.KEEP_BEDS)
def told(person_to_tell: PersonToTell) -> ResponseReturnValue:
    row_id, home = person_to_tell.id, _index(person_to_tell)

    def act() -> Answer:
        service.told(acting(), row_id, now=house_now())
        undo = url_for("moments.not_told", person_to_tell_id=row_id)
        return done(home, _("Kept. Time together is offered to them on their own page."), undo)

    return tapped(act, home)


@blueprint.post("/in-person/<uuid:person_to_tell_id>/not-told")
@for_row(PersonToTell, "person_to_tell", May.KEEP_BEDS)
def not_told(person_to_tell: PersonToTell) -> ResponseReturnValue:
    row_id, home = person_to_tell.id, _index(person_to_tell)

    def act() -> Answer:
        service.not_told(acting(), row_id, now=house_now())
        return done(home, _("Taken back."))

    return tapped(act, home)


@blueprint.post("/in-person/<uuid:person_to_tell_id>/heard")
@for_row(PersonToTell, "person_to_tell", May.DECIDE_STAYS)
def heard(person_to_tell: PersonToTell) -> ResponseReturnValue:
    row_id, home = person_to_tell.id, _index(person_to_tell)

    def act() -> Answer:
        service.heard(acting(), row_id, now=house_now())
        return done(home, _("Thank you. Take the time you need."))

    return tapped(act, home)


@blueprint.post("/me/time-together/<uuid:person_to_tell_id>/yes")
@signed_in
def time_together(person_to_tell_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> Answer:
        form = Form(request.form)
        whom = form.uuid("whom")
        form.done()
        service.ask_for_time(acting(), person_to_tell_id, whom)
        return done(_me(), _("They read it on their own page."))

    return tapped(act, _me())


@blueprint.post("/me/time-together/<uuid:person_to_tell_id>/no")
@signed_in
def no_time_together(person_to_tell_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> Answer:
        service.no_time(acting(), person_to_tell_id)
        undo = url_for("moments.time_together_after_all", person_to_tell_id=person_to_tell_id)
        return done(_me(), _("That is fine. Nobody sees it."), undo)

    return tapped(act, _me())


@blueprint.post("/me/time-together/<uuid:person_to_tell_id>/after-all")
@signed_in
def time_together_after_all(person_to_tell_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> Answer:
        service.after_all(acting(), person_to_tell_id)
        return done(_me(), _("It is here again."))

    return tapped(act, _me())


@blueprint.post("/me/time-together/<uuid:person_to_tell_id>/had")
@signed_in
def had_time_together(person_to_tell_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> Answer:
        service.had_time(acting(), person_to_tell_id)
        return done(_me(), _("Good. Nothing is kept of it."))

    return tapped(act, _me())


def section(stay: Stay, house: House, now: datetime) -> tuple[str, dict[str, Any]] | None:
    """On the guest's card: that they have died, for whoever has been told."""
    if stay.guest_id is None:
        return None
    session, actor = db.session(), acting()
    farewell = farewell_told(session, actor, stay.guest_id)
    if farewell is None:
        return None
    people = queries.people_of(session, farewell.id) if service.may_open(session, actor, farewell) else []
    return "moments/_farewell_section.html", {
        "said": moment_words(farewell.said_at, house.timezone, now),
        "who": names_of(session, [farewell.said_by]).get(farewell.said_by),
        "untold": sum(row.told_at is None for row, _name in people),
        "people": len(people),
    }


def _card(session: Session, actor: Actor, _now: datetime) -> dict[str, Any] | None:
    offers = [_offered(session, row, guest) for row, guest in queries.offered_to(session, actor.id)]
    asked = [
        (row.id, session.get_one(Person, row.person_id).name, guest.name)
        for row, guest in queries.asked_of(session, actor.id)
        if not service.is_to_hear(session, actor, guest.id)
    ]
    return {"offers": offers, "asked": asked} if offers or asked else None


own_card_here("moments/_time_together.html", _card)


def _offered(session: Session, row: PersonToTell, guest: Guest) -> dict[str, Any]:
    people = people_to_talk_with(session, row.house_id, row.person_id)
    names = {each.id: each.name for each in people}
    return {
        "id": row.id,
        "guest": guest.name,
        # Somebody who does not work here any more cannot be asked: then it is offered as before.
        "with": names.get(row.asked_id) if row.asked_id is not None else None,
        "people": [(str(each.id), each.name) for each in people],
    }


def _drawn(session: Session, farewell: Farewell, guest: Guest, house: House, now: datetime) -> dict[str, Any]:
    people = queries.people_of(session, farewell.id)
    names = names_of(session, [farewell.said_by, *(row.told_by for row, _name in people)])
    return {
        "name": guest.name,
        "who": names.get(farewell.said_by),
        "said": moment_words(farewell.said_at, house.timezone, now),
        "elsewhere": known_at(session, guest.id),
        "untold": [(row.id, name) for row, name in people if row.told_at is None],
        "told": [
            (name, names.get(row.told_by or "", ""), moment_words(row.told_at, house.timezone, now))
            for row, name in people
            if row.told_at is not None
        ],
    }


def _index(row: PersonToTell) -> str:
    return url_for("moments.farewells", slug=db.session.get_one(House, row.house_id).slug)


def _me() -> str:
    return url_for("staffing.mine")
