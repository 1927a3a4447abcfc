"""Who is on, who is here, who is on call; shifts by the house's clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.models import Membership
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.audit.service import broken_links, last_version
from respite.core.db import db, transaction
from respite.core.due import Due, due_rows, next_due_at, run
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.houses.models import House
from respite.houses.service.opening import open_house
from respite.staffing.errors import AlreadyOn, NotHere, NotYourShift, ShiftOver, ShiftTooFar
from respite.staffing.models import Shift
from respite.staffing.queries.shifts import here_now, next_on, next_turn, on_call_now, shifts_between, shifts_of_person
from respite.staffing.service.overruling import Anyway
from respite.staffing.service.shifts import (
    TURNS,
    came,
    change_shift,
    not_came_after_all,
    not_went_after_all,
    put_on,
    take_off,
    went,
)
from tests.places import SUNDAY

ActorIn = Callable[..., Actor]
TODAY = date(2026, 11, 22)
FOUR = datetime(2026, 11, 22, 23, tzinfo=UTC)  # 16:00 in Denver
TEN = datetime(2026, 11, 23, 5, tzinfo=UTC)  # 22:00 in Denver


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=1, now=SUNDAY)


@pytest.fixture
def lead(house: House, actor_in: ActorIn) -> Actor:
    return actor_in(house.id)


@pytest.fixture
def sam(house: House, actor_in: ActorIn) -> Actor:
    return actor_in(house.id, Role.PEER, "Sam")


@pytest.fixture
def on(house: House, lead: Actor, sam: Actor) -> Callable[..., Shift]:
    """Put Sam on, from four to ten in the afternoon of today unless said otherwise."""

    def put(**changed: Any) -> Shift:
        wanted: dict[str, Any] = {
            "person_id": sam.id, "kind": "floor", "day": TODAY, "begins": time(16), "ends": time(22),
        }  # fmt: skip
        return put_on(lead, house.id, **(wanted | changed), now=SUNDAY)

    return put


def here(house: House, now: datetime) -> list[str | None]:
    db.session.rollback()
    return [each.name for each in here_now(db.session(), house.id, now)]


def parts_of_last(house: House) -> str:
    db.session.rollback()
    event = db.session.get_one(Event, (house.id, last_version(house.id)))
    return event.parts


def test_a_shift_stands_at_the_houses_hours_and_is_half_open(house: House, on: Callable[..., Shift]) -> None:
    shift = on()
    assert (shift.starts_at, shift.ends_at) == (FOUR, TEN)
    assert parts_of_last(house) == '["gaps","people","watch"]'
    second = timedelta(seconds=1)
    assert [here(house, at) for at in (FOUR - second, FOUR, TEN - second, TEN)] == [[], ["Sam"], ["Sam"], []]
    assert list(broken_links()) == []


def test_a_night_shift_ends_on_the_next_day_and_is_an_hour_longer_in_autumn(on: Callable[..., Shift]) -> None:
    shift = on(day=date(2026, 10, 31), begins=time(22), ends=time(6))
    assert shift.ends_at - shift.starts_at == timedelta(hours=9)
    spring = on(day=date(2027, 3, 13), begins=time(22), ends=time(6))
    assert spring.ends_at - spring.starts_at == timedelta(hours=7)


def test_who_came_early_is_here_and_who_went_is_not(house: House, sam: Actor, on: Callable[..., Shift]) -> None:
    shift = on()
    assert here(house, SUNDAY) == []
    came(sam, shift.id, now=SUNDAY)
    assert here(house, SUNDAY) == ["Sam"]
    assert [each.name for each in next_on(db.session(), house.id, SUNDAY)] == []
    went(sam, shift.id, now=FOUR + timedelta(hours=1))
    assert here(house, FOUR + timedelta(hours=1)) == []
    not_went_after_all(sam, shift.id, now=FOUR + timedelta(hours=1))
    assert here(house, FOUR + timedelta(hours=2)) == ["Sam"]
    not_came_after_all(sam, shift.id, now=FOUR)
    assert here(house, SUNDAY) == []


def test_here_is_said_once_and_going_only_after_it(sam: Actor, on: Callable[..., Shift]) -> None:
    shift = on()
    with pytest.raises(NotHere):
        went(sam, shift.id, now=SUNDAY)
    came(sam, shift.id, now=SUNDAY)
    assert came(sam, shift.id, now=FOUR).came_at == SUNDAY
    went(sam, shift.id, now=TEN - timedelta(hours=1))
    with pytest.raises(NotHere):
        went(sam, shift.id, now=TEN)
    with pytest.raises(ShiftOver):
        came(sam, shift.id, now=TEN)


def test_nobody_comes_long_before_a_shift_or_for_another(
    house: House, lead: Actor, sam: Actor, on: Callable[..., Shift]
) -> None:
    tomorrow = on(day=TODAY + timedelta(days=1))
    with pytest.raises(ShiftTooFar):
        came(sam, tomorrow.id, now=SUNDAY)
    with pytest.raises(NotYourShift):
        came(lead, tomorrow.id, now=FOUR)


def test_on_call_is_somebody_else_than_here(house: House, lead: Actor, on: Callable[..., Shift]) -> None:
    on(person_id=lead.id, kind="on-call", begins=time(16), ends=time(16))
    on()
    assert here(house, FOUR) == ["Sam"]
    assert [each.name for each in on_call_now(db.session(), house.id, FOUR + timedelta(hours=20))] == ["Dana"]
    assert on_call_now(db.session(), house.id, FOUR + timedelta(hours=24)) == []
    assert [each.name for each in next_on(db.session(), house.id, SUNDAY)] == ["Sam"]


def test_one_person_is_not_on_twice_at_once(on: Callable[..., Shift]) -> None:
    on()
    with pytest.raises(AlreadyOn):
        on(begins=time(21), ends=time(23), anyway=Anyway("no reason helps"))
    on(begins=time(22), ends=time(23), anyway=Anyway("an hour more"))
    on(kind="on-call", anyway=Anyway("both at once"))


def test_an_open_shift_is_in_the_list_and_nobody_is_here_for_it(house: House, on: Callable[..., Shift]) -> None:
    on(person_id=None)
    assert here(house, FOUR) == []
    assert [each.name for each in shifts_between(db.session(), house.id, FOUR, TEN)] == [None]


def test_a_shift_changes_hands(house: House, lead: Actor, sam: Actor, on: Callable[..., Shift]) -> None:
    shift = on()
    came(sam, shift.id, now=SUNDAY)
    db.session.rollback()
    seen = db.session.get_one(Shift, shift.id).version
    changed = {"kind": "floor", "day": TODAY, "begins": time(17), "ends": time(22), "version_seen": seen}
    change_shift(lead, shift.id, person_id=lead.id, **changed, now=SUNDAY)
    assert here(house, SUNDAY) == []
    assert here(house, FOUR + timedelta(hours=1)) == ["Dana"]
    with pytest.raises(StaleVersion):
        change_shift(lead, shift.id, person_id=sam.id, **changed, now=SUNDAY)


def test_a_shift_taken_off_is_gone_with_what_was_due(house: House, lead: Actor, on: Callable[..., Shift]) -> None:
    gone = take_off(lead, on().id, now=SUNDAY)
    assert (gone.starts_at, gone.ends_at) == (FOUR, TEN)
    assert here(house, FOUR) == []
    assert next_due_at() is None


def turns_at(now: datetime) -> int:
    """Let what screens look again for happen, and no other row of the shift; how many rows were due."""
    rows = [row for row in due_rows(now) if row.kind == TURNS]
    assert all(run(row, now) for row in rows)
    return len(rows)


def next_turn_due() -> datetime | None:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.min(Due.due_at)).where(Due.kind == TURNS))


def test_screens_look_again_when_a_shift_begins_and_ends(house: House, on: Callable[..., Shift]) -> None:
    on()
    assert next_turn(db.session(), house.id, SUNDAY) == FOUR
    assert (next_turn_due(), turns_at(FOUR - timedelta(seconds=1))) == (FOUR, 0)
    before = last_version(house.id)
    assert turns_at(FOUR) == 1
    assert turns_at(FOUR) == 0
    assert next_turn_due() == TEN
    assert turns_at(TEN + timedelta(hours=9)) == 1
    db.session.rollback()
    assert last_version(house.id) == before + 2
    turned = db.session.scalars(sa.select(Event).where(Event.kind == "staffing.shift.turned")).all()
    assert [(each.subject, each.data, each.parts) for each in turned] == [(None, "{}", '["gaps","people","watch"]')] * 2
    assert next_turn_due() is None


def test_who_stopped_working_here_is_neither_here_nor_put_on(
    house: House, sam: Actor, on: Callable[..., Shift]
) -> None:
    on()
    with transaction() as session:
        session.execute(sa.update(Membership).where(Membership.person_id == sam.id).values(ended_at=SUNDAY))
    assert here(house, FOUR) == []
    with pytest.raises(Invalid) as refused:
        on(day=TODAY + timedelta(days=1))
    assert set(refused.value.fields) == {"person"}
    assert shifts_of_person(db.session(), sam.id, SUNDAY, TEN) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "asleep"}, "kind"),
        ({"day": date(2027, 3, 14), "begins": time(2, 10), "ends": time(2, 50)}, "ends"),
        ({"person_id": "display"}, "person"),
        ({"person_id": "elsewhere"}, "person"),
    ],
)
def test_what_a_shift_cannot_be_is_said(
    house: House, on: Callable[..., Shift], actor_in: ActorIn, changed: dict[str, Any], field: str
) -> None:
    other = open_house(COMMAND, name="Other", kind="respite", timezone="America/Denver", now=SUNDAY)
    people = {"display": actor_in(house.id, Role.BOARD_READER).id, "elsewhere": actor_in(other.id).id}
    changed = changed | ({"person_id": people[changed["person_id"]]} if "person_id" in changed else {})
    with pytest.raises(Invalid) as refused:
        on(**changed)
    assert set(refused.value.fields) == {field}
    assert shifts_between(db.session(), house.id, SUNDAY, SUNDAY + timedelta(days=365)) == []


def test_a_peer_keeps_no_list_and_another_house_sees_nothing(
    house: House, sam: Actor, on: Callable[..., Shift], actor_in: ActorIn
) -> None:
    shift = on()
    with pytest.raises(NotFound):
        take_off(sam, shift.id, now=SUNDAY)
    with pytest.raises(NotFound):
        put_on(sam, house.id, person_id=sam.id, kind="floor", day=TODAY, begins=time(1), ends=time(2), now=SUNDAY)
    other = open_house(COMMAND, name="Other", kind="respite", timezone="America/Denver", now=SUNDAY)
    with pytest.raises(NotFound):
        came(actor_in(other.id), shift.id, now=FOUR)


def test_ones_own_shifts_stand_together_from_all_houses(house: House, sam: Actor, on: Callable[..., Shift]) -> None:
    other = open_house(COMMAND, name="Other", kind="respite", timezone="America/New_York", now=SUNDAY)
    with transaction() as session:
        session.add(Membership(person_id=sam.id, house_id=other.id, role=Role.PEER, began_at=SUNDAY))
    on()
    put_on(COMMAND, other.id, person_id=sam.id, kind="floor", day=TODAY, begins=time(8), ends=time(9), now=SUNDAY)
    mine = shifts_of_person(db.session(), sam.id, SUNDAY - timedelta(days=1), TEN)
    assert [each.house_id for each in mine] == [other.id, house.id]
