"""Roll-call, one tap from the desk: doors and numbers of people. Names are nowhere."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from respite.accounts.acting import acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound
from respite.core.times import clock_words
from respite.guests.queries import behind_doors, seats_of
from respite.guests.views.answering import desk
from respite.guests.views.routes import blueprint
from respite.guests.views.wording import companion_words, moment
from respite.houses.access import for_house
from respite.houses.models import House


@blueprint.get("/houses/<slug>/roll-call")
@for_house(May.SEE_BOARD)
def roll_call(house: House) -> ResponseReturnValue:
    if not acting().may(May.ENTER, house.id):  # a wall screen counts nobody: it would show who is out
        raise NotFound
    now = house_now()
    doors = behind_doors(db.session(), house.id)
    chairs = [seat for seat in seats_of(db.session(), house.id) if seat.taken]
    return render_template(
        "guests/roll_call.html",
        house=house,
        doors=[
            {
                "name": door.door,
                "people": door.people,
                "company": companion_words(door.companions),
                "somebody": door.somebody,
                "out": door.out,
                "back_about": clock_words(door.back_about, house.timezone) if door.back_about else None,
            }
            for door in doors
        ],
        chairs=chairs,
        people=sum(door.people for door in doors) + len(chairs),
        animals=sum(door.animals for door in doors),
        out=sum(door.out for door in doors),
        back=desk(house),
        printed_at=moment(now, house, now),
    )
