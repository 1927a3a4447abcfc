"""Another door, or another's: doors that can be had first, the others with why not."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound
from respite.core.forms import Form, Shown
from respite.core.times import day_words
from respite.guests.access import for_stay
from respite.guests.models import Stay
from respite.guests.policy.stay_states import StayState
from respite.guests.queries import DoorNights, doors_of, others_with_doors
from respite.guests.service.moving import move, swap
from respite.guests.views.answering import came_from, desk, said, sent, version
from respite.guests.views.routes import blueprint
from respite.guests.views.wording import why_not
from respite.houses.access import row_for
from respite.houses.models import Bed, House
from respite.houses.policy.tags import tag_word
from respite.houses.queries import rules_now, tonight


@dataclass(frozen=True, slots=True)
class _Door:
    """A door as it is offered: with why it cannot be had, where it cannot."""

    id: uuid.UUID
    name: str
    small: str
    getting_ready: bool
    why: str | None


@dataclass(frozen=True, slots=True)
class _Other:
    """Another's stay to change doors with. Its version is the one seen."""

    id: uuid.UUID
    version: int
    door: str
    name: str | None
    until: str
    why: str | None


@dataclass
class _Page:
    """What both pages begin with: the stay, and every door with its nights."""

    stay_id: uuid.UUID
    now: datetime

    def ground(self) -> tuple[Stay, House, date, list[DoorNights]]:
        stay = db.session.get_one(Stay, self.stay_id)
        house = db.session.get_one(House, stay.house_id)
        night = tonight(house, rules_now(db.session(), house.id), self.now)
        return stay, house, night, doors_of(db.session(), house.id, night, self.now)

    def draw_move(self, form: Shown, sentence: str | None = None) -> str:
        stay, house, night, doors = self.ground()
        first, nights = _needed(stay, night)
        offered = [_offered(door, first, nights, stay.id) for door in doors if door.id != stay.bed_id]
        return render_template(
            "guests/move.html",
            house=house,
            stay=stay,
            form=form,
            sentence=sentence,
            door=next((door.name for door in doors if door.id == stay.bed_id), None),
            until=day_words(stay.until, night),
            free=sorted((door for door in offered if door.why is None), key=lambda door: door.getting_ready),
            others=[door for door in offered if door.why is not None],
            back=came_from(desk(house)),
        )

    def draw_swap(self, form: Shown, sentence: str | None = None) -> str:
        stay, house, night, doors = self.ground()
        by_id = {door.id: door for door in doors}
        others = [_other(stay, each, by_id, night) for each in others_with_doors(db.session(), stay, self.now)]
        return render_template(
            "guests/swap.html",
            house=house,
            stay=stay,
            form=form,
            sentence=sentence,
            door=by_id[stay.bed_id].name if stay.bed_id in by_id else None,
            possible=[other for other in others if other.why is None],
            others=[other for other in others if other.why is not None],
            back=came_from(desk(house)),
        )


def _needed(stay: Stay, night: date) -> tuple[date, int]:
    """The first night a move claims, and how many; somebody in the house needs at least tonight."""
    first = max(stay.first_night, night)
    return first, max((stay.until - first).days, 1 if stay.state == StayState.HERE else 0)


def _offered(door: DoorNights, first: date, nights: int, stay_id: uuid.UUID) -> _Door:
    claim = door.in_the_way(first, nights, stay_id)
    words = [tag_word(tag) for tag in door.tags] + ([_("getting ready")] if door.getting_ready else [])
    return _Door(door.id, door.name, " · ".join(words), door.getting_ready, why_not(claim, door) if claim else None)


def _other(stay: Stay, other: Stay, doors: dict[uuid.UUID, DoorNights], night: date) -> _Other:
    theirs = doors.get(other.bed_id) if other.bed_id else None
    mine = doors.get(stay.bed_id) if stay.bed_id else None
    why = None
    for mover, door, leaves in ((stay, theirs, other), (other, mine, stay)):
        claim = _third(door, mover, leaves, night) if door else None
        if door and claim:
            why = _("%(door)s: %(why)s", door=door.name, why=claim)
    return _Other(
        id=other.id,
        version=other.version,
        door=theirs.name if theirs else "",
        name=other.guest.name if other.guest else None,
        until=day_words(other.until, night),
        why=why,
    )


def _third(door: DoorNights, mover: Stay, leaves: Stay, night: date) -> str | None:
    """What a third has in the way, once the other of the two has left the door."""
    first, nights = _needed(mover, night)
    standing = tuple(claim for claim in door.claims if claim.by not in (mover.id, leaves.id))
    inside = None if door.inside in (mover.id, leaves.id) else door.inside
    without = DoorNights(door.id, door.name, door.tags, door.getting_ready, inside, door.tonight, standing)
    claim = without.in_the_way(first, nights)
    return why_not(claim, without) if claim else None


@blueprint.route("/stays/<uuid:stay_id>/move", methods=["GET", "POST"])
@for_stay(May.KEEP_BEDS)
def move_form(stay: Stay, house: House) -> ResponseReturnValue:
    page, home = _Page(stay.id, house_now()), desk(house)

    def act() -> ResponseReturnValue:
        form = Form(request.form)
        bed_id = form.uuid("bed_id")
        form.done()

        def once() -> Answer:
            moved = move(acting(), page.stay_id, bed_id, version_seen=version(), now=page.now)
            door = db.session.get_one(Bed, moved.bed_id).name
            return said(came_from(home), _("Their door is %(door)s now.", door=door))

        return act_form(acting(), once)

    return page.draw_move(Shown()) if request.method == "GET" else sent(page.draw_move, act)


@blueprint.route("/stays/<uuid:stay_id>/swap", methods=["GET", "POST"])
@for_stay(May.KEEP_BEDS)
def swap_form(stay: Stay, house: House) -> ResponseReturnValue:
    page, home = _Page(stay.id, house_now()), desk(house)

    def act() -> ResponseReturnValue:
        form = Form(request.form)
        other_id = form.uuid("other_id")
        other_version = form.whole_number("other_version", needed=False)
        form.done()
        if row_for(acting(), Stay, other_id, May.KEEP_BEDS).house_id != house.id:
            raise NotFound

        def once() -> Answer:
            one, two = swap(
                acting(),
                page.stay_id,
                other_id,
                version_seen=version(),
                other_version_seen=other_version,
                now=page.now,
            )
            doors = [db.session.get_one(Bed, each.bed_id).name for each in (one, two)]
            return said(came_from(home), _("Changed doors: %(one)s and %(two)s.", one=doors[0], two=doors[1]))

        return act_form(acting(), once)

    return page.draw_swap(Shown()) if request.method == "GET" else sent(page.draw_swap, act)
