"""A stay from the call to the door that gets ready, with each act taken back by one tap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.audit.service import broken_links
from respite.core.clock import StillClock
from respite.core.db import db
from respite.core.due import Due, sweep
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.guests.errors import (
    AlreadyHere,
    CannotUndo,
    ExtensionsUsedUp,
    NamelessNotOffered,
    NightsUsedUp,
    NoBedFree,
    NotYoursToGrant,
    SavedTimeOver,
    SomebodyBehindTheDoor,
    StayTooLong,
)
from respite.guests.models import Guest, Stay, Undoable
from respite.guests.policy.stay_states import EndKind, StayState, WhoCalled
from respite.guests.service.arriving import welcome, welcome_new
from respite.guests.service.leaving import Ending, leave
from respite.guests.service.moving import extend, move, swap
from respite.guests.service.people import Known, Named, Nameless
from respite.guests.service.saving import confirm, let_go, save_bed, save_longer
from respite.guests.service.undo import undo
from respite.guests.service.visits import begin_visit, end_visit, go_on_to_bed
from respite.houses.errors import BedTaken
from respite.houses.models import Bed, BedNight, House
from respite.houses.queries import beds_of
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


def _nights(stay: Stay) -> list[tuple[str, int]]:
    rows = db.session.execute(
        sa.select(Bed.name, BedNight.night)
        .join(Bed, Bed.id == BedNight.bed_id)
        .where(BedNight.claim_id == stay.id)
        .order_by(BedNight.night)
    )
    return [(name, (night - SUN).days) for name, night in rows]


def _undo_last(actor: Actor) -> None:
    last = db.session.scalar(sa.select(Undoable).order_by(Undoable.at.desc()).limit(1))
    assert last is not None
    undo(actor, last.id, now=SUNDAY)


def _fresh(stay: Stay) -> Stay:
    db.session.expire_all()
    return db.session.get_one(Stay, stay.id)


def test_from_the_call_to_the_door_that_gets_ready(house: House, peer: Actor) -> None:
    stay = save_bed(peer, house.id, who=Named("Robin"), nights=3, now=SUNDAY)
    assert _nights(stay) == [("Willow", 0), ("Willow", 1), ("Willow", 2)]
    welcome(peer, stay.id, now=SUNDAY + HOUR)
    assert _fresh(stay).occupies_bed_id == _bed(house, 0).id
    leave(peer, stay.id, now=SUNDAY + 2 * DAY)
    stay = _fresh(stay)
    assert (stay.state, stay.ended_how, stay.occupies_bed_id) == (StayState.LEFT, EndKind.SOONER_OWN_CHOICE, None)
    assert _nights(stay) == [("Willow", 0), ("Willow", 1)]
    assert _bed(house, 0).getting_ready_since == SUNDAY + 2 * DAY
    assert list(broken_links()) == []


def test_a_saved_bed_runs_out_when_read_and_when_swept(house: House, peer: Actor, clock: StillClock) -> None:
    stay = save_bed(peer, house.id, who=Named("Jo"), nights=1, minutes=60, now=SUNDAY)
    with pytest.raises(SavedTimeOver):
        welcome(peer, stay.id, now=SUNDAY + HOUR)
    assert sweep(SUNDAY + HOUR) >= 1
    assert _fresh(stay).state == StayState.RAN_OUT
    assert _nights(stay) == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Due)) == 0


def test_what_ran_out_gives_way_without_a_sweep(house: House, peer: Actor) -> None:
    bed = _bed(house, 0)
    save_bed(peer, house.id, who=Named("Jo"), nights=2, bed_id=bed.id, minutes=60, now=SUNDAY)
    later = save_bed(peer, house.id, who=Named("Al"), nights=2, bed_id=bed.id, now=SUNDAY + HOUR)
    assert _nights(later) == [("Willow", 0), ("Willow", 1)]


def test_a_confirmed_bed_has_no_clock(house: House, peer: Actor) -> None:
    stay = save_bed(peer, house.id, who=Named("Jo"), nights=1, minutes=60, now=SUNDAY)
    confirm(peer, stay.id, now=SUNDAY)
    sweep(SUNDAY + DAY)
    assert _fresh(stay).state == StayState.HELD


def test_a_taken_bed_is_refused_and_nothing_is_written(house: House, peer: Actor) -> None:
    bed = _bed(house, 0)
    save_bed(peer, house.id, who=Named("Jo"), nights=3, bed_id=bed.id, now=SUNDAY)
    with pytest.raises(BedTaken):
        save_bed(peer, house.id, who=Named("Al"), nights=1, bed_id=bed.id, first_night=SUN + 2 * DAY, now=SUNDAY)
    assert len(db.session.scalars(sa.select(Guest)).all()) == 1


def test_the_fourth_of_three_beds_is_told(house: House, peer: Actor) -> None:
    for name in ("Ana", "Bo", "Cy"):
        save_bed(peer, house.id, who=Named(name), nights=2, now=SUNDAY)
    with pytest.raises(NoBedFree) as refused:
        save_bed(peer, house.id, who=Named("Di"), nights=1, now=SUNDAY)
    assert refused.value.rule() == "bed-taken"


def test_a_guest_already_here_cannot_get_a_second_bed(house: House, peer: Actor) -> None:
    who = Named("Robin", phone="303 555 0142")
    welcome_new(peer, house.id, who=who, nights=2, now=SUNDAY)
    with pytest.raises(AlreadyHere):
        save_bed(peer, house.id, who=who, nights=1, first_night=SUN + 20 * DAY, now=SUNDAY)


def test_the_nights_rule_says_what_is_open(house: House, peer: Actor) -> None:
    stay = welcome_new(peer, house.id, who=Named("Robin"), nights=7, now=SUNDAY)
    leave(peer, stay.id, now=SUNDAY + 7 * DAY)
    assert stay.guest_id is not None
    with pytest.raises(NightsUsedUp, match="22 December"):
        save_bed(peer, house.id, who=Known(stay.guest_id), nights=1, now=SUNDAY + 8 * DAY)
    with pytest.raises(StayTooLong):
        save_bed(peer, house.id, who=Named("Al"), nights=8, now=SUNDAY)


def test_an_old_decision_keeps_its_rules(house: House, peer: Actor, actor_in: ActorIn) -> None:
    stay = save_bed(peer, house.id, who=Named("Robin"), nights=2, now=SUNDAY)
    before = stay.rules_id
    change_rules(actor_in(house.id), house.id, {"longest_stay": 3}, number_seen=None, now=SUNDAY)
    assert _fresh(stay).rules_id == before


def test_moving_takes_the_nights_along_from_tonight(house: House, peer: Actor) -> None:
    stay = welcome_new(peer, house.id, who=Named("Robin"), nights=3, now=SUNDAY)
    move(peer, stay.id, _bed(house, 1).id, now=SUNDAY + DAY)
    assert _nights(stay) == [("Willow", 0), ("Aspen", 1), ("Aspen", 2)]
    assert _bed(house, 0).getting_ready_since is not None
    _undo_last(peer)
    assert _nights(stay) == [("Willow", 0), ("Willow", 1), ("Willow", 2)]
    assert _fresh(stay).occupies_bed_id == _bed(house, 0).id


def test_two_guests_swap_in_one_act_and_back(house: House, peer: Actor) -> None:
    one = welcome_new(peer, house.id, who=Named("Robin"), nights=2, now=SUNDAY)
    two = welcome_new(peer, house.id, who=Named("Sam"), nights=3, now=SUNDAY)
    swap(peer, one.id, two.id, now=SUNDAY)
    assert _nights(one) == [("Aspen", 0), ("Aspen", 1)]
    assert _nights(two) == [("Willow", 0), ("Willow", 1), ("Willow", 2)]
    _undo_last(peer)
    assert _nights(one) == [("Willow", 0), ("Willow", 1)]


def test_a_third_in_the_way_stops_a_swap_whole(house: House, peer: Actor) -> None:
    one = welcome_new(peer, house.id, who=Named("Robin"), nights=1, now=SUNDAY)
    two = welcome_new(peer, house.id, who=Named("Sam"), nights=3, now=SUNDAY)
    save_bed(peer, house.id, who=Named("Al"), nights=1, bed_id=_bed(house, 0).id, first_night=SUN + DAY, now=SUNDAY)
    with pytest.raises(BedTaken):
        swap(peer, one.id, two.id, now=SUNDAY)
    assert _nights(two) == [("Aspen", 0), ("Aspen", 1), ("Aspen", 2)]


def test_more_nights_by_the_house_s_rule(house: House, peer: Actor, actor_in: ActorIn) -> None:
    coordinator = actor_in(house.id)
    stay = welcome_new(peer, house.id, who=Named("Robin"), nights=2, now=SUNDAY)
    with pytest.raises(NotYoursToGrant):
        extend(peer, stay.id, 1, now=SUNDAY)
    extend(coordinator, stay.id, 2, now=SUNDAY)
    assert _nights(stay) == [("Willow", n) for n in range(4)]
    with pytest.raises(ExtensionsUsedUp):
        extend(coordinator, stay.id, 1, now=SUNDAY)
    _undo_last(coordinator)
    assert _nights(stay) == [("Willow", 0), ("Willow", 1)]


def test_more_nights_stop_at_the_next_saved_bed(house: House, actor_in: ActorIn) -> None:
    coordinator = actor_in(house.id)
    stay = welcome_new(coordinator, house.id, who=Named("Robin"), nights=2, now=SUNDAY)
    save_bed(
        coordinator, house.id, who=Named("Al"), nights=1, bed_id=stay.bed_id, first_night=SUN + 3 * DAY, now=SUNDAY
    )
    with pytest.raises(BedTaken, match="1 more night, until 25 November"):
        extend(coordinator, stay.id, 2, now=SUNDAY)


def test_leaving_the_same_evening_lets_tonight_go(house: House, peer: Actor) -> None:
    stay = welcome_new(peer, house.id, who=Named("Robin"), nights=0, now=SUNDAY)
    assert _nights(stay) == [("Willow", 0)]
    leave(peer, stay.id, now=SUNDAY + 2 * HOUR)
    assert _nights(stay) == []


def test_leaving_after_the_census_keeps_the_night(house: House, peer: Actor) -> None:
    stay = welcome_new(peer, house.id, who=Named("Robin"), nights=2, now=SUNDAY)
    leave(peer, stay.id, now=SUNDAY + 12 * HOUR)  # 02:32 at night
    assert _nights(stay) == [("Willow", 0)]


def test_an_overstayer_takes_the_night_and_the_saved_bed_asks_for_a_person(house: House, peer: Actor) -> None:
    stay = welcome_new(peer, house.id, who=Named("Robin"), nights=1, now=SUNDAY)
    later = save_bed(
        peer,
        house.id,
        who=Named("Al"),
        nights=2,
        bed_id=stay.bed_id,
        first_night=SUN + DAY,
        minutes=10_000,
        now=SUNDAY,
    )
    with pytest.raises(SomebodyBehindTheDoor):
        welcome(peer, later.id, now=SUNDAY + DAY)
    sweep(SUNDAY + DAY + 10 * HOUR)  # past midnight
    assert _nights(stay) == [("Willow", 0), ("Willow", 1)]
    displaced = _fresh(later)
    assert (displaced.bed_id, displaced.state, _nights(later)) == (None, StayState.HELD, [])
    move(peer, later.id, _bed(house, 1).id, now=SUNDAY + DAY + 10 * HOUR)
    assert _nights(later) == [("Aspen", 1), ("Aspen", 2)]


def test_how_a_stay_ended_needs_its_facts_and_no_others(house: House, peer: Actor) -> None:
    stay = welcome_new(peer, house.id, who=Named("Robin"), nights=2, now=SUNDAY)
    with pytest.raises(Invalid) as refused:
        leave(peer, stay.id, ending=Ending(kind=EndKind.ASKED_TO_LEAVE, who_called=WhoCalled.HOUSE), now=SUNDAY)
    assert set(refused.value.fields) == {"rule_number", "how_to_ask_again", "may_return_on", "who_called"}
    ending = Ending(EndKind.TAKEN_BY_AMBULANCE, who_called=WhoCalled.GUEST, guest_chose=True)
    assert leave(peer, stay.id, ending=ending, now=SUNDAY).ended_how == EndKind.TAKEN_BY_AMBULANCE


def test_each_step_is_taken_back_by_one_tap(house: House, peer: Actor) -> None:
    stay = save_bed(peer, house.id, who=Named("Robin"), nights=2, now=SUNDAY)
    welcome(peer, stay.id, now=SUNDAY)
    _undo_last(peer)
    assert (_fresh(stay).state, _fresh(stay).occupies_bed_id) == (StayState.HELD, None)
    let_go(peer, stay.id, now=SUNDAY)
    _undo_last(peer)
    assert _nights(stay) == [("Willow", 0), ("Willow", 1)]


def test_undoing_a_saved_bed_leaves_nobody(house: House, peer: Actor) -> None:
    save_bed(peer, house.id, who=Named("Robin"), nights=2, now=SUNDAY)
    _undo_last(peer)
    assert db.session.scalars(sa.select(Guest)).all() == []
    assert db.session.scalars(sa.select(BedNight)).all() == []


def test_nothing_is_taken_back_over_a_later_change(house: House, peer: Actor) -> None:
    stay = save_bed(peer, house.id, who=Named("Robin"), nights=2, now=SUNDAY)
    first = db.session.scalar(sa.select(Undoable))
    assert first is not None
    save_longer(peer, stay.id, now=SUNDAY + HOUR)
    with pytest.raises(CannotUndo):
        undo(peer, first.id, now=SUNDAY)


def test_the_second_editor_is_told(house: House, peer: Actor) -> None:
    stay = save_bed(peer, house.id, who=Named("Robin"), nights=2, now=SUNDAY)
    save_longer(peer, stay.id, version_seen=1, now=SUNDAY + HOUR)
    with pytest.raises(StaleVersion):
        let_go(peer, stay.id, version_seen=1, now=SUNDAY)


def test_a_nameless_stay_only_where_the_house_offers_it(house: House, peer: Actor, actor_in: ActorIn) -> None:
    with pytest.raises(NamelessNotOffered):
        welcome_new(peer, house.id, who=Nameless(), nights=1, now=SUNDAY)
    change_rules(actor_in(house.id), house.id, {"nameless_stays": True}, number_seen=None, now=SUNDAY)
    assert welcome_new(peer, house.id, who=Nameless(), nights=1, now=SUNDAY).guest_id is None


def test_nobody_of_another_house_can_act(house: House, actor_in: ActorIn, peer: Actor) -> None:
    other = open_house(COMMAND, name="Other", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY)
    stay = save_bed(peer, house.id, who=Named("Robin"), nights=2, now=SUNDAY)
    stranger = actor_in(other.id)
    with pytest.raises(NotFound):
        welcome(stranger, stay.id, now=SUNDAY)
    with pytest.raises(NotFound):
        save_bed(stranger, other.id, who=Named("Al"), nights=1, bed_id=_bed(house, 0).id, now=SUNDAY)


def test_from_a_chair_to_a_bed_in_one_act(house: House, peer: Actor) -> None:
    visit = begin_visit(peer, house.id, who=Named("Sky"), now=SUNDAY)
    stay = go_on_to_bed(peer, visit.id, nights=2, now=SUNDAY + HOUR)
    db.session.expire_all()
    assert (visit.left_at, visit.went_to_stay_id) == (SUNDAY + HOUR, stay.id)
    assert _nights(stay) == [("Willow", 0), ("Willow", 1)]
    _undo_last(peer)
    db.session.expire_all()
    assert (visit.left_at, _nights(stay)) == (None, [])
    end_visit(peer, visit.id, now=SUNDAY + HOUR)


def test_something_entered_late_keeps_both_times(house: House, peer: Actor) -> None:
    stay = welcome_new(peer, house.id, who=Named("Robin"), nights=3, at=SUNDAY - DAY, now=SUNDAY)
    assert _nights(stay) == [("Willow", -1), ("Willow", 0), ("Willow", 1)]
    with pytest.raises(Invalid):
        leave(peer, stay.id, at=SUNDAY - 2 * DAY, now=SUNDAY)


def test_somebody_who_comes_sooner_stays_as_long_as_the_rules_let_them(house: House, peer: Actor) -> None:
    stay = save_bed(peer, house.id, who=Named("Robin"), nights=4, first_night=SUN + 5 * DAY, minutes=10_000, now=SUNDAY)
    welcome(peer, stay.id, now=SUNDAY)
    assert [night for _door, night in _nights(stay)] == list(range(7))  # the longest stay, not nine


def test_somebody_who_comes_sooner_does_not_run_into_their_own_other_stay(house: House, peer: Actor) -> None:
    who = Named("Robin", phone="303 555 0142")
    first = save_bed(peer, house.id, who=who, nights=1, first_night=SUN + 2 * DAY, bed_id=_bed(house, 1).id, now=SUNDAY)
    later = save_bed(peer, house.id, who=who, nights=2, first_night=SUN + 4 * DAY, minutes=10_000, now=SUNDAY)
    assert first.guest_id == later.guest_id
    welcome(peer, later.id, now=SUNDAY)
    assert [night for _door, night in _nights(later)] == [0, 1]


def test_nobody_sits_in_two_chairs(house: House, peer: Actor) -> None:
    who = Named("Sky", phone="303 555 0143")
    visit = begin_visit(peer, house.id, who=who, now=SUNDAY)
    with pytest.raises(AlreadyHere):
        begin_visit(peer, house.id, who=who, now=SUNDAY)
    with pytest.raises(Invalid):
        go_on_to_bed(peer, visit.id, nights=-1, now=SUNDAY)
