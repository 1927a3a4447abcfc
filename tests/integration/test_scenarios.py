"""Booking scenarios that other systems met or missed, asked of named beds. docs/scenarios.md is their index.

T is the house's doors, O those with somebody behind them, H those saved for tonight, A those free.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.acting import act_once
from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.roles import Role
from respite.board.queries import board_of
from respite.core.db import db, transaction, transactions, waits
from respite.core.due import sweep
from respite.core.errors import Busy, IdempotencyKeyReused, Invalid, NotFound, Refusal, StaleVersion
from respite.guests.errors import (
    AlreadyArrived,
    AlreadyHere,
    NoBedFree,
    NotHereNow,
    SavedTimeOver,
    SomebodyBehindTheDoor,
)
from respite.guests.models import Guest, NoBed, Stay
from respite.guests.policy.offers import How
from respite.guests.policy.stay_states import BedState, StayState
from respite.guests.service.arriving import welcome, welcome_new
from respite.guests.service.could_not_offer import not_for_waiting
from respite.guests.service.leaving import leave
from respite.guests.service.moving import move, swap
from respite.guests.service.offering import offer_bed, say_not_now, say_yes
from respite.guests.service.people import Known, Named
from respite.guests.service.saving import confirm, let_go, save_bed, save_longer
from respite.guests.service.staying import change_guest
from respite.guests.service.undo import last_undoable, undo
from respite.guests.service.waiting import Asked, add_waiting
from respite.houses.errors import BedTaken, StillInUse
from respite.houses.models import Bed, BedNight, House
from respite.houses.queries import beds_of, rules_now
from respite.houses.service.doors import close_bed, make_ready
from respite.houses.service.furnishing import add_bed, change_bed, retire_bed
from respite.houses.service.opening import open_house
from respite.houses.service.rules import change_rules
from tests.at_once import at_once
from tests.places import SUNDAY

SUN = date(2026, 11, 22)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WIDE_OPEN = {"longest_stay": 366, "return_kind": "none"}


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def boss(ten: House, actor_in: Callable[..., Actor]) -> Actor:
    return actor_in(ten.id, Role.COORDINATOR)


@pytest.fixture
def ten(app: Flask) -> House:
    """A house of ten doors whose rules are wide open."""
    house = open_house(COMMAND, name="Ten", kind="respite", timezone="America/Denver", beds=10, now=SUNDAY)
    change_rules(COMMAND, house.id, WIDE_OPEN, number_seen=None, now=SUNDAY)
    # Threads read it too, and a session is one thread's own.
    db.session.refresh(house)
    db.session.expunge(house)
    return house


def counts(house: House) -> tuple[int, int, int, int]:
    """T, O, H, A as the board has them on its very next read."""
    states = [door.state for door in board_of(house, SUNDAY).doors]
    here, saved, free = (states.count(s) for s in (BedState.OCCUPIED, BedState.HELD, BedState.FREE))
    return len(states), here, saved, free


def fill(actor: Actor, house: House, people: int, *, start: int = 0) -> list[Stay]:
    return [welcome_new(actor, house.id, who=Named(f"Guest {start + n}"), nights=2, now=SUNDAY) for n in range(people)]


def save(actor: Actor, house: House, name: str = "Jo", **wish: object) -> Stay:
    return save_bed(actor, house.id, who=Named(name), nights=wish.pop("nights", 1), now=SUNDAY, **wish)  # type: ignore[arg-type]


def nights_on_file() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(BedNight)) or 0


def test_s1_the_free_doors_follow_arrivals_departures_and_doors(ten: House, boss: Actor) -> None:
    here = fill(boss, ten, 3)
    assert counts(ten) == (10, 3, 0, 7)
    here += fill(boss, ten, 2, start=3)
    assert counts(ten) == (10, 5, 0, 5)
    here += fill(boss, ten, 3, start=5)
    for stay in here[:4]:
        leave(boss, stay.id, now=SUNDAY)
        assert stay.bed_id is not None
        make_ready(boss, stay.bed_id, now=SUNDAY)
    assert counts(ten) == (10, 4, 0, 6)
    for number in range(5):
        add_bed(boss, ten.id, name=f"New {number}", now=SUNDAY)
    assert counts(ten) == (15, 4, 0, 11)
    free = [door.id for door in board_of(ten, SUNDAY).doors if door.state == BedState.FREE]
    for bed_id in free[:8]:
        retire_bed(boss, bed_id, now=SUNDAY)
    assert counts(ten) == (7, 4, 0, 3)


def test_s2_s26_a_door_with_somebody_behind_it_stays(ten: House, boss: Actor) -> None:
    (stay,) = fill(boss, ten, 1)
    assert stay.bed_id is not None
    with pytest.raises(StillInUse):
        retire_bed(boss, stay.bed_id, now=SUNDAY)
    assert counts(ten) == (10, 1, 0, 9)


def test_s3_s9_a_saved_door_cannot_be_taken_out_of_the_house(ten: House, boss: Actor) -> None:
    stay = save(boss, ten)
    assert stay.bed_id is not None
    with pytest.raises(StillInUse):
        retire_bed(boss, stay.bed_id, now=SUNDAY)
    assert counts(ten) == (10, 0, 1, 9)


def test_s4_a_house_without_doors_is_full_and_not_less(app: Flask, actor_in: Callable[..., Actor]) -> None:
    house = open_house(COMMAND, name="None", kind="respite", timezone="America/Denver", beds=0, now=SUNDAY)
    assert counts(house) == (0, 0, 0, 0)
    with pytest.raises(NoBedFree):
        save(actor_in(house.id), house)


def test_s5_rapid_changes_are_seen_each_in_its_turn(ten: House, boss: Actor) -> None:
    fill(boss, ten, 4)
    seen = [counts(ten)[3]]
    (fifth,) = fill(boss, ten, 1, start=4)
    seen.append(counts(ten)[3])
    new = [add_bed(boss, ten.id, name=f"New {n}", now=SUNDAY) for n in range(2)]
    seen.append(counts(ten)[3])
    leave(boss, fifth.id, now=SUNDAY)
    assert fifth.bed_id is not None
    make_ready(boss, fifth.bed_id, now=SUNDAY)
    seen.append(counts(ten)[3])
    for bed in new:
        retire_bed(boss, bed.id, now=SUNDAY)
    seen.append(counts(ten)[3])
    assert seen == [6, 5, 7, 8, 6]


def test_s6_s7_the_last_door_is_saved_once_and_the_next_is_told(ten: House, boss: Actor) -> None:
    for number in range(10):
        save(boss, ten, f"Guest {number}")
    assert counts(ten) == (10, 0, 10, 0)
    before = (nights_on_file(), db.session.scalar(sa.select(sa.func.count()).select_from(Guest)))
    with pytest.raises(NoBedFree):
        save(boss, ten, "One more")
    assert (nights_on_file(), db.session.scalar(sa.select(sa.func.count()).select_from(Guest))) == before


def test_s8_changing_a_door_s_words_forgets_no_saved_bed(ten: House, boss: Actor) -> None:
    stay = save(boss, ten)
    assert stay.bed_id is not None
    bed = db.session.get_one(Bed, stay.bed_id)
    change_bed(boss, bed.id, name="Old Willow", tags=["quiet"], version_seen=bed.version, now=SUNDAY)
    assert counts(ten) == (10, 0, 1, 9)


def test_s10_what_ran_out_is_over_when_read_though_nothing_swept(ten: House, boss: Actor) -> None:
    stay = save(boss, ten, minutes=30)
    later = SUNDAY + 30 * MINUTE
    states = [door.state for door in board_of(ten, later).doors]
    assert states.count(BedState.HELD) == 0
    for act in (confirm, welcome):
        with pytest.raises(SavedTimeOver):
            act(boss, stay.id, now=later)


def test_s11_of_two_at_the_last_door_one_wins_fifty_times(app: Flask, ten: House, boss: Actor) -> None:
    fill(boss, ten, 9)
    for number in range(50):
        answers = at_once(
            app,
            *(lambda who=who: save(boss, ten, f"{who} {number}") for who in ("Ana", "Bo")),  # type: ignore[misc]  # noqa: B023
        )
        won = [answer for answer in answers if isinstance(answer, Stay)]
        assert len(won) == 1
        assert sum(isinstance(answer, NoBedFree) for answer in answers) == 1
        let_go(boss, won[0].id, now=SUNDAY)


def test_s12_three_at_two_doors_two_win(app: Flask, ten: House, boss: Actor) -> None:
    fill(boss, ten, 8)
    answers = at_once(app, *(lambda n=n: save(boss, ten, f"Guest {n + 20}") for n in range(3)))  # type: ignore[misc]
    assert sum(isinstance(answer, Stay) for answer in answers) == 2


def test_s13_a_closure_and_a_saved_bed_cannot_both_have_the_door(app: Flask, ten: House, boss: Actor) -> None:
    bed_id = beds_of(db.session(), ten.id)[0].id
    answers = at_once(
        app,
        lambda: save(boss, ten, bed_id=bed_id),
        lambda: close_bed(boss, bed_id, first_night=SUN, until=SUN + DAY, reason="", now=SUNDAY),
    )
    assert sum(isinstance(answer, BedTaken) for answer in answers) == 1
    assert nights_on_file() == 1


def test_s14_a_new_saved_bed_races_an_arrival(app: Flask, ten: House, boss: Actor) -> None:
    fill(boss, ten, 8)
    first = save(boss, ten)
    answers = at_once(app, lambda: welcome(boss, first.id, now=SUNDAY), lambda: save(boss, ten, "Al"))
    assert all(isinstance(answer, Stay) for answer in answers)
    assert counts(ten) == (10, 9, 1, 0)


def test_s15_two_who_change_one_thing_at_once_lose_nothing_in_silence(app: Flask, ten: House, boss: Actor) -> None:
    (stay,) = fill(boss, ten, 1)
    assert stay.guest_id is not None
    guest_id = stay.guest_id
    answers = at_once(
        app,
        lambda: change_guest(boss, guest_id, name="Rob", pronouns=None, phone=None, version_seen=1, now=SUNDAY),
        lambda: change_guest(boss, guest_id, name="Guest 0", pronouns="they", phone=None, version_seen=1, now=SUNDAY),
    )
    assert sum(isinstance(answer, StaleVersion) for answer in answers) == 1


def test_s16_a_key_is_one_act_for_its_actor_and_another_for_another(
    ten: House, boss: Actor, actor_in: Callable[..., Actor]
) -> None:
    def act(actor: Actor, key: str, name: str) -> dict[str, object]:
        return act_once(actor, key, "saves", name.encode(), lambda: {"stay": str(save(actor, ten, name).id)})

    first = act(boss, "key-1", "Jo")
    assert act(boss, "key-1", "Jo") == first
    assert counts(ten)[2] == 1
    other = actor_in(ten.id, Role.PEER)
    assert act(other, "key-1", "Jo") != first
    with pytest.raises(IdempotencyKeyReused):
        act(boss, "key-1", "Al")
    # Sent again after a day without the line: taken meanwhile, and so told in words.
    for number in range(8):
        save(boss, ten, f"Guest {number}")
    with pytest.raises(NoBedFree):
        act(boss, "key-2", "Late")


def test_s17_only_those_of_the_house_with_the_right_act(
    ten: House, boss: Actor, actor_in: Callable[..., Actor]
) -> None:
    stay = save(boss, ten)
    elsewhere = open_house(COMMAND, name="Else", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY)
    strangers = [
        actor_in(elsewhere.id, Role.DIRECTOR),
        *(actor_in(ten.id, role) for role in (Role.VOLUNTEER, Role.BOARD_READER, Role.CLINICAL_ON_CALL)),
        Actor(ActorKind.DISPLAY, ten.id, {ten.id: Role.DISPLAY}),
    ]
    for stranger in strangers:
        for act in (let_go, confirm, welcome):
            with pytest.raises(NotFound):
                act(stranger, stay.id, now=SUNDAY)
    let_go(actor_in(ten.id, Role.PEER), stay.id, now=SUNDAY)


def test_s18_closing_never_takes_a_saved_bed_away(ten: House, boss: Actor) -> None:
    stay = save(boss, ten, nights=3)
    assert stay.bed_id is not None
    with pytest.raises(BedTaken):
        close_bed(boss, stay.bed_id, first_night=SUN + DAY, until=SUN + 5 * DAY, reason="", now=SUNDAY)
    assert counts(ten) == (10, 0, 1, 9)


def test_s19_nobody_has_two_beds(ten: House, boss: Actor) -> None:
    (stay,) = fill(boss, ten, 1)
    assert stay.guest_id is not None
    for act in (save_bed, welcome_new):
        with pytest.raises(AlreadyHere):
            act(boss, ten.id, who=Known(stay.guest_id), nights=1, now=SUNDAY)


def test_s20_a_stay_that_ended_may_be_entered_beside_one_that_runs(ten: House, boss: Actor) -> None:
    past = welcome_new(boss, ten.id, who=Named("Robin"), nights=1, at=SUNDAY - 3 * DAY, now=SUNDAY)
    leave(boss, past.id, at=SUNDAY - 2 * DAY, now=SUNDAY)
    assert past.guest_id is not None
    again = welcome_new(boss, ten.id, who=Known(past.guest_id), nights=1, now=SUNDAY)
    assert (again.state, again.guest_id) == (StayState.HERE, past.guest_id)


def test_s21_s31_nothing_ends_before_it_began(ten: House, boss: Actor) -> None:
    (stay,) = fill(boss, ten, 1)
    with pytest.raises(Invalid):
        leave(boss, stay.id, at=SUNDAY - HOUR, now=SUNDAY)
    with pytest.raises(Invalid):
        save(boss, ten, "Al", nights=0)
    with pytest.raises(Invalid):
        close_bed(boss, _free_bed(ten), first_night=SUN + DAY, until=SUN + DAY, reason="", now=SUNDAY)


def _free_bed(house: House) -> object:
    return next(door.id for door in board_of(house, SUNDAY).doors if door.state == BedState.FREE)


def test_s24_an_arrival_entered_late_moves_the_nights_along(ten: House, boss: Actor) -> None:
    stay = save(boss, ten, nights=2)
    welcome(boss, stay.id, at=SUNDAY - 20 * HOUR, now=SUNDAY)  # yesterday evening
    nights = sorted(db.session.scalars(sa.select(BedNight.night).where(BedNight.claim_id == stay.id)))
    assert nights == [SUN - DAY, SUN, SUN + DAY]


def test_s25_taking_a_stay_back_takes_its_nights_back(app: Flask, ten: House, boss: Actor) -> None:
    welcome_new(boss, ten.id, who=Named("Robin"), nights=3, now=SUNDAY)
    undoable = last_undoable(db.session())
    assert undoable is not None
    undo(boss, undoable, now=SUNDAY)
    assert nights_on_file() == 0
    assert counts(ten) == (10, 0, 0, 10)


def test_s28_a_door_of_another_house_is_no_door(ten: House, boss: Actor) -> None:
    other = open_house(COMMAND, name="Other", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY)
    foreign = beds_of(db.session(), other.id)[0]
    with pytest.raises(NotFound):
        save(boss, ten, bed_id=foreign.id)
    (stay,) = fill(boss, ten, 1)
    with pytest.raises(NotFound):
        move(boss, stay.id, foreign.id, now=SUNDAY)


def test_s29_s37_a_stay_that_ended_is_not_acted_on(ten: House, boss: Actor) -> None:
    (stay,) = fill(boss, ten, 1)
    leave(boss, stay.id, now=SUNDAY)
    for act in (
        lambda: welcome(boss, stay.id, now=SUNDAY),
        lambda: leave(boss, stay.id, now=SUNDAY),
        lambda: move(boss, stay.id, _free_bed(ten), now=SUNDAY),  # type: ignore[arg-type]
        lambda: save_longer(boss, stay.id, now=SUNDAY),
    ):
        with pytest.raises(NotHereNow):
            act()


def test_s30_moving_to_the_same_door_is_no_move(ten: House, boss: Actor) -> None:
    (stay,) = fill(boss, ten, 1)
    assert stay.bed_id is not None
    with pytest.raises(BedTaken):
        move(boss, stay.id, stay.bed_id, now=SUNDAY)
    with pytest.raises(AlreadyArrived):
        welcome(boss, stay.id, now=SUNDAY)


@pytest.mark.parametrize(
    ("first", "nights"),
    [
        pytest.param(3, 3, id="s34 begins inside"),
        pytest.param(0, 3, id="s35 ends inside"),
        pytest.param(0, 8, id="s36 envelops"),
        pytest.param(3, 1, id="s39 lies inside"),
        pytest.param(2, 3, id="the same nights"),
    ],
)
def test_s34_s35_s36_s39_no_overlap_of_any_shape(ten: House, boss: Actor, first: int, nights: int) -> None:
    bed = beds_of(db.session(), ten.id)[0]
    save(boss, ten, bed_id=bed.id, first_night=SUN + 2 * DAY, nights=3)
    with pytest.raises(BedTaken):
        save(boss, ten, "Al", bed_id=bed.id, first_night=SUN + first * DAY, nights=nights)


def test_s36_leaving_and_arriving_on_one_day_is_no_overlap(ten: House, boss: Actor) -> None:
    bed = beds_of(db.session(), ten.id)[0]
    save(boss, ten, bed_id=bed.id, first_night=SUN, nights=2)
    save(boss, ten, "Al", bed_id=bed.id, first_night=SUN + 2 * DAY, nights=2)
    assert nights_on_file() == 4


def test_s36_nothing_is_saved_for_tonight_over_somebody_who_stayed_on(ten: House, boss: Actor) -> None:
    stay = welcome_new(boss, ten.id, who=Named("Robin"), nights=1, now=SUNDAY)
    with pytest.raises(SomebodyBehindTheDoor):
        save_bed(boss, ten.id, who=Named("Al"), nights=1, bed_id=stay.bed_id, now=SUNDAY + DAY)


def test_s36_one_guest_asked_for_two_doors_at_once_has_one(app: Flask, ten: House, boss: Actor) -> None:
    (stay,) = fill(boss, ten, 1)
    leave(boss, stay.id, now=SUNDAY)
    guest_id = stay.guest_id
    assert guest_id is not None
    answers = at_once(
        app, *(lambda: save_bed(boss, ten.id, who=Known(guest_id), nights=2, now=SUNDAY) for _n in range(2))
    )
    assert sum(isinstance(answer, Stay) for answer in answers) == 1
    assert sum(isinstance(answer, AlreadyHere) for answer in answers) == 1


def test_s36_who_waits_too_long_for_the_lock_is_told_and_nothing_is_written(
    app: Flask, ten: House, boss: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.engine.dialect.name == "postgresql":
        monkeypatch.setattr(waits, "POSTGRES_LOCK_WAIT_MS", 200)
        db.session.remove()
        db.engine.dispose()
        with db.engine.connect() as other:
            other.execute(sa.text("SELECT id FROM stream FOR UPDATE"))
            with pytest.raises(Busy):
                save(boss, ten)
            other.rollback()
    else:
        monkeypatch.setattr(waits, "SQLITE_WAIT_SECONDS", 0.1)
        with transactions._write_lock, pytest.raises(Busy):
            save(boss, ten)
    assert nights_on_file() == 0


def test_s36_a_door_taken_out_races_a_saved_bed(app: Flask, ten: House, boss: Actor) -> None:
    bed_id = beds_of(db.session(), ten.id)[0].id
    answers = at_once(app, lambda: save(boss, ten, bed_id=bed_id), lambda: retire_bed(boss, bed_id, now=SUNDAY))
    assert sum(isinstance(answer, Refusal) for answer in answers) == 1, answers


def test_s40_the_count_is_right_on_the_next_read_after_letting_go(ten: House, boss: Actor) -> None:
    stay = save(boss, ten)
    assert counts(ten)[3] == 9
    let_go(boss, stay.id, now=SUNDAY)
    assert counts(ten)[3] == 10


def test_s41_a_bed_let_go_stands_in_nobody_s_way(ten: House, boss: Actor) -> None:
    first = save_bed(boss, ten.id, who=Named("Jo", phone="303 555 0142"), nights=2, now=SUNDAY)
    let_go(boss, first.id, now=SUNDAY)
    again = save_bed(boss, ten.id, who=Named("Jo", phone="303 555 0142"), nights=2, now=SUNDAY)
    assert again.guest_id == first.guest_id


def test_s41_a_request_that_was_declined_stands_in_no_later_one_s_way(ten: House, boss: Actor) -> None:
    """The house said no, and then they did; each time they ask again for the same nights, and for the same door."""
    who, wanted = Named("Jo", phone="303 555 0142"), Asked(nights=2)
    bed_id = beds_of(db.session(), ten.id)[0].id
    declined = add_waiting(boss, ten.id, who=who, asked=wanted, now=SUNDAY)
    not_for_waiting(boss, declined.id, NoBed.NONE_FREE, now=SUNDAY)
    assert declined.guest_id is not None
    again = add_waiting(boss, ten.id, who=Known(declined.guest_id), asked=wanted, now=SUNDAY)
    first = offer_bed(boss, ten.id, bed_id=bed_id, waiting_id=again.id, how=How.CALL, now=SUNDAY)
    say_not_now(boss, first.id, now=SUNDAY)
    second = offer_bed(boss, ten.id, bed_id=bed_id, waiting_id=again.id, how=How.CALL, now=SUNDAY)
    say_yes(boss, second.id, now=SUNDAY)
    stays = db.session.scalars(sa.select(Stay).where(Stay.state == StayState.HELD)).unique().all()
    assert [(stay.guest_id, stay.bed_id) for stay in stays] == [(declined.guest_id, bed_id)]
    assert counts(ten) == (10, 0, 1, 9)


def test_s42_an_arrival_whose_door_fails_leaves_nothing(ten: House, boss: Actor) -> None:
    (stay,) = fill(boss, ten, 1)
    before = nights_on_file(), db.session.scalar(sa.select(sa.func.count()).select_from(Stay))
    with pytest.raises(SomebodyBehindTheDoor):
        welcome_new(boss, ten.id, who=Named("Al"), nights=2, bed_id=stay.bed_id, now=SUNDAY)
    assert (nights_on_file(), db.session.scalar(sa.select(sa.func.count()).select_from(Stay))) == before


def test_s43_two_guests_swap_or_neither(ten: House, boss: Actor) -> None:
    one, two = fill(boss, ten, 2)
    first, second = one.bed_id, two.bed_id
    swap(boss, one.id, two.id, now=SUNDAY)
    db.session.expire_all()
    assert (one.occupies_bed_id, two.occupies_bed_id) == (second, first)


def test_s44_of_several_waiting_for_a_door_one_gets_it_and_the_others_keep_their_place(ten: House, boss: Actor) -> None:
    fill(boss, ten, 9)
    ida, wes = (add_waiting(boss, ten.id, who=Named(name), now=SUNDAY) for name in ("Ida", "Wes"))
    since = wes.since
    save_bed(boss, ten.id, waiting_id=ida.id, nights=1, now=SUNDAY)
    (left,) = board_of(ten, SUNDAY).waiting
    assert (left.id, left.since) == (wes.id, since)
    with pytest.raises(NoBedFree):
        save_bed(boss, ten.id, waiting_id=wes.id, nights=1, now=SUNDAY)
    assert [row.id for row in board_of(ten, SUNDAY).waiting] == [wes.id]


def test_s45_a_saved_bed_keeps_the_clock_it_was_saved_under(ten: House, boss: Actor) -> None:
    stay = save(boss, ten)
    before = stay.saved_until
    change_rules(
        COMMAND, ten.id, {"saved_minutes": 15, "ask_minutes_before": 600}, number_seen=None, now=SUNDAY + MINUTE
    )
    newer = save(boss, ten, "Al")
    assert (before, newer.saved_until) == (SUNDAY + 4 * HOUR, SUNDAY + 15 * MINUTE)
    asks = []
    for hours in (1, 2, 3.5):
        at = SUNDAY + hours * HOUR
        sweep(at)
        asks.append([(each.kind, each.name) for each in board_of(ten, at).notices])
    assert asks == [[], [], [("call", "Jo")]], "a call is asked for half an hour before the end, as it was when saved"
    db.session.expire_all()
    assert (stay.state, stay.saved_until) == (StayState.HELD, before)
    sweep(SUNDAY + 4 * HOUR)
    db.session.expire_all()
    assert stay.state == StayState.RAN_OUT
    with transaction() as session:
        assert rules_now(session, ten.id).id != stay.rules_id


def test_inv_confirming_moves_nothing_and_letting_go_frees_exactly_one(ten: House, boss: Actor) -> None:
    stay = save(boss, ten)
    assert counts(ten) == (10, 0, 1, 9)
    confirm(boss, stay.id, now=SUNDAY)
    assert counts(ten) == (10, 0, 1, 9)
    let_go(boss, stay.id, now=SUNDAY)
    assert counts(ten) == (10, 0, 0, 10)
