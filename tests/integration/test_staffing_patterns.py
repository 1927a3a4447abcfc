"""Patterns of shifts: rolled forward once, true to the wall's clock, changed from a day on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.db import db, transaction
from respite.core.due import Due, due_rows, run, sweep
from respite.core.errors import Invalid, StaleVersion
from respite.houses.models import House
from respite.houses.policy.house_time import day_begins
from respite.houses.service.opening import open_house
from respite.staffing.errors import PatternOver, TooFewAtOnce
from respite.staffing.models import DutyRules, Roster, RosterSeat, Shift, ShiftPattern
from respite.staffing.policy.patterns import Asked, Need, Starter, starters
from respite.staffing.queries.patterns import misfits
from respite.staffing.service.patterns import (
    asked_of,
    change_pattern,
    end_pattern,
    keep_anyway,
    make_patterns,
    resume_pattern,
)
from respite.staffing.service.rolling import ROLL
from respite.staffing.service.shifts import give_to, take_off
from tests.at_once import at_once
from tests.places import SUNDAY

ActorIn = Callable[..., Actor]
TODAY = date(2026, 11, 22)
NEXT_WEEK = date(2026, 11, 29)
THREE = starters(Starter.THREE, ("Day", "Evening", "Night"))
EIGHT_WEEKS = 56
ONE_DAY = timedelta(days=1)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(COMMAND, name="Juniper House", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY)


@pytest.fixture
def lead(house: House, actor_in: ActorIn) -> Actor:
    return actor_in(house.id)


@pytest.fixture
def sam(house: House, actor_in: ActorIn) -> Actor:
    return actor_in(house.id, Role.PEER, "Sam")


def stand(*where: sa.ColumnElement[bool]) -> list[Shift]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Shift).where(*where).order_by(Shift.starts_at, Shift.seat)))


def give(shift: Shift, person: Actor, now: datetime = SUNDAY) -> None:
    with transaction() as session:
        give_to(session, session.get_one(Shift, shift.id), person.id, COMMAND, now)


def made(lead: Actor, house: House, *asked: Asked, first_day: date = TODAY) -> list[ShiftPattern]:
    return make_patterns(lead, house.id, asked or THREE, first_day=first_day, now=SUNDAY)


def test_eight_weeks_stand_at_once_as_drafts_and_what_is_over_today_does_not(house: House, lead: Actor) -> None:
    made(lead, house)
    found = stand()
    assert len(found) == EIGHT_WEEKS * 3 * 2  # at half past two the day's shift is still on
    assert {shift.published_at for shift in found} == {None} == {shift.person_id for shift in found}
    assert {shift.day for shift in found} == {TODAY + n * ONE_DAY for n in range(EIGHT_WEEKS)}
    assert found[0].starts_at == datetime(2026, 11, 22, 14, tzinfo=UTC)


def test_on_call_is_open_at_once_and_so_is_everything_where_the_house_wants_it(house: House, lead: Actor) -> None:
    made(lead, house, Asked(name="On call", kind="on-call", begins=time(7), ends=time(7), seats=1))
    assert all(shift.published_at == SUNDAY for shift in stand())
    with transaction() as session:
        session.add(
            DutyRules(house_id=house.id, first_day=NEXT_WEEK, choices={"open_at_once": 1}, made_at=SUNDAY, made_by="x")
        )
    made(lead, house, Asked(name="Day", begins=time(7), ends=time(15), seats=1))
    floor = stand(Shift.kind == "floor")
    assert {shift.day for shift in floor if shift.published_at is None} == {TODAY + n * ONE_DAY for n in range(7)}


def test_each_morning_the_far_day_is_added_and_a_second_sweep_adds_nothing(house: House, lead: Actor) -> None:
    made(lead, house)
    before = len(stand())
    morning = datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert sweep(morning - timedelta(seconds=1)) == 0
    sweep(morning)
    assert len(stand()) == before + 6
    assert sweep(morning) == 0
    assert len(stand()) == before + 6


def test_a_missed_week_is_caught_up_and_a_clock_that_went_back_makes_nothing_twice(house: House, lead: Actor) -> None:
    made(lead, house)
    late = SUNDAY + timedelta(days=7)
    sweep(late)
    assert {shift.day for shift in stand()} == {TODAY + n * ONE_DAY for n in range(EIGHT_WEEKS + 7)}
    count = len(stand())
    for now in (late - ONE_DAY, late + timedelta(hours=1), late - timedelta(hours=1), late):
        with transaction() as session:
            session.execute(sa.update(Due).where(Due.kind == ROLL).values(due_at=now - ONE_DAY))
        sweep(now)
    assert len(stand()) == count
    sweep(late + timedelta(days=2))
    assert max(shift.day for shift in stand() if shift.day) == TODAY + (EIGHT_WEEKS + 8) * ONE_DAY


def test_two_sweeps_at_once_roll_once(app: Flask, house: House, lead: Actor) -> None:
    made(lead, house)
    now = SUNDAY + timedelta(days=3)
    row = next(each for each in due_rows(now) if each.kind == ROLL)
    at_once(app, *[lambda: run(row, now)] * 2)
    found = stand()
    assert len(found) == len({(s.pattern_id, s.day, s.seat) for s in found}) == (EIGHT_WEEKS + 3) * 6
    kinds = list(db.session.scalars(sa.select(Event.kind).where(Event.kind == "staffing.pattern.rolled")))
    assert len(kinds) == 1


def test_what_was_taken_off_by_hand_is_not_made_again(house: House, lead: Actor) -> None:
    made(lead, house)
    shift = stand(Shift.day == NEXT_WEEK)[0]
    take_off(lead, shift.id, now=SUNDAY)
    sweep(SUNDAY + timedelta(days=2))
    assert len(stand(Shift.day == NEXT_WEEK)) == 5


def test_a_change_moves_what_fits_makes_the_rest_anew_and_keeps_what_somebody_has(
    house: House, lead: Actor, sam: Actor
) -> None:
    evening = made(lead, house)[1]
    mine = stand(Shift.pattern_id == evening.id, Shift.day == NEXT_WEEK)[1]
    earlier = stand(Shift.pattern_id == evening.id, Shift.day == NEXT_WEEK - ONE_DAY)[0]
    for shift in (mine, earlier):
        give(shift, sam)
    new, kept = change_pattern(
        lead, evening.id, _changed(evening, begins=time(16)), from_day=NEXT_WEEK, version_seen=1, now=SUNDAY
    )
    assert kept == 1
    assert [each.shift_id for each in misfits(db.session(), house.id, SUNDAY)] == [mine.id]
    assert stand(Shift.id == mine.id)[0].person_id == sam.id
    of_day = stand(Shift.day == NEXT_WEEK, Shift.pattern_id == new.id)
    assert [(s.starts_at, s.seat) for s in of_day] == [(datetime(2026, 11, 29, 23, tzinfo=UTC), n) for n in (0, 1)]
    assert {s.pattern_id for s in stand(Shift.day == NEXT_WEEK - ONE_DAY)} >= {evening.id}
    keep_anyway(lead, mine.id, now=SUNDAY)
    assert misfits(db.session(), house.id, SUNDAY) == []
    assert stand(Shift.id == mine.id)[0].person_id == sam.id


def test_one_place_more_leaves_everybody_where_they_are_and_one_less_asks(
    house: House, lead: Actor, sam: Actor, actor_in: ActorIn
) -> None:
    day = made(lead, house)[0]
    first, second = stand(Shift.pattern_id == day.id, Shift.day == NEXT_WEEK)
    give(second, sam)
    more, kept = change_pattern(lead, day.id, _changed(day, seats=3), from_day=TODAY, now=SUNDAY)
    assert kept == 0
    stands = stand(Shift.pattern_id == more.id, Shift.day == NEXT_WEEK)
    assert [s.seat for s in stands] == [0, 1, 2]
    assert {first.id, second.id} < {s.id for s in stands}
    give(first, actor_in(house.id, Role.PEER, "Ana"))
    less, kept = change_pattern(lead, more.id, _changed(more, seats=1), from_day=TODAY, now=SUNDAY)
    assert kept == 1
    assert len(stand(Shift.pattern_id == less.id, Shift.day == NEXT_WEEK)) == 1
    assert len(misfits(db.session(), house.id, SUNDAY)) == 1


def test_a_draft_s_seat_goes_with_its_shift(house: House, lead: Actor, sam: Actor) -> None:
    night = made(lead, house)[2]
    shift = stand(Shift.pattern_id == night.id, Shift.day == NEXT_WEEK)[0]
    with transaction() as session:
        roster = Roster(
            house_id=house.id, first_day=TODAY, until=NEXT_WEEK + ONE_DAY, state="draft", made_at=SUNDAY, made_by="x"
        )
        session.add(roster)
        session.flush()
        seat = RosterSeat(house_id=house.id, roster_id=roster.id, shift_id=shift.id, person_id=sam.id, how="set")
        session.add(seat)
    end_pattern(lead, night.id, until=NEXT_WEEK, now=SUNDAY)
    assert stand(Shift.pattern_id == night.id, Shift.day >= NEXT_WEEK) == []
    assert db.session.scalars(sa.select(RosterSeat)).all() == []


def test_an_end_can_be_taken_back(house: House, lead: Actor) -> None:
    night = made(lead, house)[2]
    before = [(s.day, s.seat) for s in stand(Shift.pattern_id == night.id)]
    ended, _kept = end_pattern(lead, night.id, until=NEXT_WEEK, now=SUNDAY)
    with pytest.raises(PatternOver):
        change_pattern(lead, night.id, _changed(night, seats=3), from_day=NEXT_WEEK, now=SUNDAY)
    with pytest.raises(StaleVersion):
        resume_pattern(lead, night.id, version_seen=ended.version - 1, now=SUNDAY)
    resume_pattern(lead, night.id, version_seen=ended.version, now=SUNDAY)
    assert [(s.day, s.seat) for s in stand(Shift.pattern_id == night.id)] == before


def test_rolling_makes_nobody_s_open_page_an_old_one(house: House, lead: Actor) -> None:
    day = made(lead, house)[0]
    sweep(SUNDAY + timedelta(days=2))
    change_pattern(
        lead, day.id, _changed(day, seats=3), from_day=NEXT_WEEK, version_seen=1, now=SUNDAY + timedelta(days=2)
    )


def test_a_living_room_never_asks_for_one_alone(app: Flask, actor_in: ActorIn) -> None:
    room = open_house(COMMAND, name="Lamp Room", kind="living-room", timezone="America/Denver", chairs=3, now=SUNDAY)
    lead = actor_in(room.id)
    with pytest.raises(TooFewAtOnce) as refused:
        made(lead, room, Asked(name="Alone", begins=time(13), ends=time(21), seats=1))
    assert "at least 2" in str(refused.value)
    assert stand() == []
    pair = made(lead, room, *starters(Starter.AFTERNOONS, ("Afternoon",)))[0]
    one = Asked(name="Busy hours", begins=time(15), ends=time(18), seats=1)
    made(lead, room, one)
    with pytest.raises(TooFewAtOnce):
        end_pattern(lead, pair.id, until=NEXT_WEEK, now=SUNDAY)
    with pytest.raises(TooFewAtOnce):
        change_pattern(lead, pair.id, _changed(pair, seats=1), from_day=NEXT_WEEK, now=SUNDAY)


def test_what_cannot_be_is_said_beside_its_field(house: House, lead: Actor) -> None:
    wrong = Asked(name="", weekdays=(), begins=time(7), ends=time(15), seats=0, needs=(Need("cert:none", 1),))
    with pytest.raises(Invalid) as refused:
        made(lead, house, wrong)
    assert set(refused.value.fields) == {"name", "weekdays", "seats", "needs"}
    with pytest.raises(Invalid) as refused:
        made(lead, house, first_day=TODAY - ONE_DAY)
    assert set(refused.value.fields) == {"first_day"}


def test_no_shift_begins_before_its_day(house: House, lead: Actor) -> None:
    made(lead, house, first_day=NEXT_WEEK)
    assert min(s.starts_at for s in stand()) >= day_begins(NEXT_WEEK, house.timezone)


def _changed(pattern: ShiftPattern, **values: Any) -> Asked:
    return replace(asked_of(pattern), **values)
