"""What one act leaves behind for another: taken back late, entered late, or gone while somebody waited."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.audit.service import lock_stream
from respite.core.db import db
from respite.core.due import sweep
from respite.core.errors import NotFound
from respite.guests.errors import CannotUndo, StayTooLong
from respite.guests.models import Guest, LeftLine, Note, Stay, Undoable, Visit
from respite.guests.policy.stay_states import StayState
from respite.guests.service.arriving import welcome_new
from respite.guests.service.leaving import leave
from respite.guests.service.moving import extend, move
from respite.guests.service.notes import leave_line, make_note, pass_on
from respite.guests.service.people import Known, Named
from respite.guests.service.saving import let_go, save_bed
from respite.guests.service.undo import undo
from respite.guests.service.visits import begin_visit, end_visit, go_on_to_bed
from respite.houses.models import Bed, BedNight, House
from respite.houses.queries import beds_of, chairs_of
from respite.houses.service.chairs import retire_chair
from respite.houses.service.furnishing import retire_bed
from respite.houses.service.gatherings import set_gathering, take_off
from respite.houses.service.opening import open_house
from respite.houses.service.rules import change_rules
from tests.places import SUNDAY

ActorIn = Callable[..., Actor]
SUN = date(2026, 11, 22)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(
        COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=3, chairs=2, now=SUNDAY
    )


@pytest.fixture
def peer(house: House, actor_in: ActorIn) -> Actor:
    return actor_in(house.id, Role.PEER)


def _bed(house: House, number: int) -> Bed:
    return beds_of(db.session(), house.id)[number]


def _last() -> uuid.UUID:
    last = db.session.scalar(sa.select(Undoable.id).order_by(Undoable.at.desc()).limit(1))
    assert last is not None
    return last


def _fresh(stay: Stay) -> Stay:
    db.session.expire_all()
    return db.session.get_one(Stay, stay.id)


def _nights(stay: Stay) -> list[tuple[uuid.UUID, int]]:
    rows = db.session.scalars(sa.select(BedNight).where(BedNight.claim_id == stay.id).order_by(BedNight.night))
    return [(row.bed_id, (row.night - SUN).days) for row in rows]


def _sits(house: House, actor: Actor, name: str, chair: int = 0) -> Visit:
    return begin_visit(
        actor, house.id, who=Named(name), chair_id=chairs_of(db.session(), house.id)[chair].id, now=SUNDAY
    )


def test_a_visit_is_not_put_back_into_a_chair_of_another(house: House, peer: Actor) -> None:
    end_visit(peer, _sits(house, peer, "Juniper").id, now=SUNDAY)
    ended = _last()
    _sits(house, peer, "Moss")
    with pytest.raises(CannotUndo):
        undo(peer, ended, now=SUNDAY)


def test_nobody_goes_back_from_a_bed_to_a_chair_of_another(house: House, peer: Actor) -> None:
    go_on_to_bed(peer, _sits(house, peer, "Juniper").id, nights=1, now=SUNDAY)
    went_on = _last()
    _sits(house, peer, "Moss")
    with pytest.raises(CannotUndo):
        undo(peer, went_on, now=SUNDAY)


def test_a_visit_is_not_put_back_into_a_chair_that_was_taken_out(house: House, peer: Actor, actor_in: ActorIn) -> None:
    visit = _sits(house, peer, "Juniper")
    end_visit(peer, visit.id, now=SUNDAY)
    ended = _last()
    retire_chair(actor_in(house.id, Role.DIRECTOR), visit.chair_id, now=SUNDAY)
    with pytest.raises(CannotUndo):
        undo(peer, ended, now=SUNDAY)


def test_a_bed_is_not_saved_again_behind_a_door_that_was_taken_out(
    house: House, peer: Actor, actor_in: ActorIn
) -> None:
    stay = save_bed(peer, house.id, who=Named("Juniper"), nights=1, bed_id=_bed(house, 0).id, now=SUNDAY)
    let_go(peer, stay.id, now=SUNDAY)
    let_it_go = _last()
    retire_bed(actor_in(house.id, Role.DIRECTOR), _bed(house, 0).id, now=SUNDAY)
    with pytest.raises(CannotUndo):
        undo(peer, let_it_go, now=SUNDAY)


def test_a_guest_who_came_again_is_not_put_back_into_the_bed_they_left(house: House, peer: Actor) -> None:
    first = welcome_new(peer, house.id, who=Named("Juniper"), nights=2, bed_id=_bed(house, 0).id, now=SUNDAY)
    assert first.guest_id is not None
    leave(peer, first.id, now=SUNDAY)
    left = _last()
    welcome_new(peer, house.id, who=Known(first.guest_id), nights=1, bed_id=_bed(house, 1).id, now=SUNDAY)
    with pytest.raises(CannotUndo):
        undo(peer, left, now=SUNDAY)


def test_a_guest_who_saved_again_does_not_get_both_beds_back(house: House, peer: Actor) -> None:
    first = save_bed(peer, house.id, who=Named("Juniper"), nights=2, bed_id=_bed(house, 0).id, now=SUNDAY)
    assert first.guest_id is not None
    let_go(peer, first.id, now=SUNDAY)
    let_it_go = _last()
    save_bed(peer, house.id, who=Known(first.guest_id), nights=1, bed_id=_bed(house, 1).id, now=SUNDAY)
    with pytest.raises(CannotUndo):
        undo(peer, let_it_go, now=SUNDAY)
    assert _nights(_fresh(first)) == []


def test_what_ran_out_is_not_in_the_way_of_undo(house: House, peer: Actor) -> None:
    bed = _bed(house, 0)
    first = save_bed(peer, house.id, who=Named("Juniper"), nights=1, bed_id=bed.id, minutes=600, now=SUNDAY)
    let_go(peer, first.id, now=SUNDAY)
    let_it_go = _last()
    save_bed(peer, house.id, who=Named("Moss"), nights=1, bed_id=bed.id, minutes=1, now=SUNDAY)
    undo(peer, let_it_go, now=SUNDAY + timedelta(minutes=2))
    assert _nights(_fresh(first)) == [(bed.id, 0)]


def test_a_note_that_was_passed_on_is_not_taken_away_by_undo(house: House, peer: Actor) -> None:
    stay = welcome_new(peer, house.id, who=Named("Juniper"), nights=1, now=SUNDAY)
    note = make_note(peer, stay.id, "Quiet until ten, please.", now=SUNDAY)
    made = _last()
    pass_on(peer, note.id, now=SUNDAY)
    with pytest.raises(CannotUndo):
        undo(peer, made, now=SUNDAY)
    assert db.session.get(Note, note.id) is not None


def test_an_arrival_is_not_taken_back_over_what_the_guest_asked_to_pass_on(house: House, peer: Actor) -> None:
    stay = welcome_new(peer, house.id, who=Named("Juniper"), nights=1, now=SUNDAY)
    arrived = _last()
    note = make_note(peer, stay.id, "Quiet until ten, please.", now=SUNDAY)
    with pytest.raises(CannotUndo):
        undo(peer, arrived, now=SUNDAY)
    assert db.session.get(Note, note.id) is not None


def test_undoing_an_arrival_keeps_a_guest_who_left_a_line(house: House, peer: Actor) -> None:
    stay = welcome_new(peer, house.id, who=Named("Juniper"), nights=1, now=SUNDAY)
    arrived = _last()
    line = leave_line(peer, house.id, "The tea is good here.", guest_id=stay.guest_id, now=SUNDAY)
    undo(peer, arrived, now=SUNDAY)
    assert db.session.get(Stay, stay.id, populate_existing=True) is None
    assert db.session.get_one(LeftLine, line.id).guest_id == db.session.scalars(sa.select(Guest.id)).one()


def test_an_arrival_entered_late_takes_no_night_from_who_slept_there(house: House, peer: Actor) -> None:
    bed, other = _bed(house, 0), _bed(house, 1)
    slept = welcome_new(
        peer, house.id, who=Named("Moss"), nights=4, bed_id=bed.id, at=SUNDAY - 2 * DAY, now=SUNDAY - 2 * DAY
    )
    move(peer, slept.id, other.id, now=SUNDAY)
    before = _nights(_fresh(slept))
    late = welcome_new(peer, house.id, who=Named("Juniper"), nights=1, bed_id=bed.id, at=SUNDAY - 3 * DAY, now=SUNDAY)
    while sweep(SUNDAY):
        pass
    assert _nights(_fresh(slept)) == before
    assert _fresh(slept).bed_id == other.id
    assert _fresh(late).state == StayState.HERE
    while sweep(SUNDAY + 12 * HOUR):
        pass
    assert _nights(_fresh(late)) == [(bed.id, -3), (bed.id, 0)]


def test_nights_past_the_leaving_day_count_towards_the_longest_stay(house: House, actor_in: ActorIn) -> None:
    director = actor_in(house.id, Role.DIRECTOR)
    change_rules(
        director, house.id, {"longest_stay": 4, "return_kind": "none", "extension_nights": 4}, number_seen=1, now=SUNDAY
    )
    stay = welcome_new(director, house.id, who=Named("Juniper"), nights=1, now=SUNDAY)
    with pytest.raises(StayTooLong):
        extend(director, stay.id, 2, now=SUNDAY + 3 * DAY)
    extend(director, stay.id, 1, now=SUNDAY + 3 * DAY)
    assert (_fresh(stay).until - _fresh(stay).first_night).days == 4


def test_a_row_that_went_while_an_act_waited_is_answered_like_none(
    house: House, peer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_six = (SUNDAY.time().replace(hour=18, minute=0), SUNDAY.time().replace(hour=19, minute=0))
    [meal] = set_gathering(
        peer, house.id, kind="meal", title="Soup", day=SUN, begins=at_six[0], ends=at_six[1], now=SUNDAY
    )

    def another_came_first(session: Any, *streams: uuid.UUID) -> None:
        session.execute(sa.text("DELETE FROM gathering"))
        lock_stream(session, *streams)

    monkeypatch.setattr("respite.accounts.rights.lock_stream", another_came_first)
    with pytest.raises(NotFound):
        take_off(peer, meal.id, now=SUNDAY)
