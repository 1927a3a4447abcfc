"""Where coming time is not covered: what is found, and what is not one."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.models import Membership
from respite.accounts.roles import Role
from respite.core.db import db, transaction
from respite.houses.models import House
from respite.houses.service.opening import open_house
from respite.staffing.models import Credential, CredentialRules, Shift
from respite.staffing.policy.patterns import Asked, Need
from respite.staffing.queries.gaps import Gap, Missing, gaps_between
from respite.staffing.service.patterns import make_patterns
from respite.staffing.service.shifts import came, give_to, put_on, went
from tests.people import stands_back
from tests.places import SUNDAY

ActorIn = Callable[..., Actor]
TODAY = date(2026, 11, 22)
TOMORROW = date(2026, 11, 23)
CERT = "cert:peer"
FORTNIGHT = timedelta(days=14)
#: One night a week, Monday's, so that everything else is quiet.
NIGHT = Asked(name="Night", weekdays=(0,), begins=time(23), ends=time(7), seats=2, needs=(Need(CERT, 1),))


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    """A living room without chairs that are looked at: nobody has to be in it outside its patterns."""
    house = open_house(COMMAND, name="Lamp Room", kind="living-room", timezone="America/Denver", chairs=2, now=SUNDAY)
    with transaction() as session:
        session.add(
            CredentialRules(
                house_id=house.id,
                slug="peer",
                kind="credential",
                name="Certified peer",
                body={"needed_by": []},
                since=date(2020, 1, 1),
                made_at=SUNDAY,
                made_by="x",
            )
        )
    return house


@pytest.fixture
def lead(house: House, actor_in: ActorIn) -> Actor:
    return actor_in(house.id)


@pytest.fixture
def sam(house: House, actor_in: ActorIn) -> Actor:
    return actor_in(house.id, Role.PEER, "Sam")


@pytest.fixture
def ana(house: House, actor_in: ActorIn) -> Actor:
    ana = actor_in(house.id, Role.PEER, "Ana")
    with transaction() as session:
        session.add(
            Credential(
                house_id=house.id,
                person_id=ana.id,
                slug="peer",
                issued_on=date(2025, 1, 1),
                expires_on=TOMORROW,
                made_at=SUNDAY,
                made_by="x",
            )
        )
    return ana


def gaps(house: House, now: datetime = SUNDAY, days: timedelta = FORTNIGHT) -> list[Gap]:
    db.session.rollback()
    return gaps_between(db.session(), house, now, now + days, now)


def places(*where: sa.ColumnElement[bool]) -> list[Shift]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Shift).where(*where).order_by(Shift.starts_at, Shift.seat)))


def publish(shift: Shift, person: Actor | None) -> None:
    with transaction() as session:
        give_to(session, session.get_one(Shift, shift.id), person.id if person else None, COMMAND, SUNDAY)


@pytest.fixture
def night(house: House, lead: Actor) -> list[Shift]:
    """Monday night's two places."""
    make_patterns(lead, house.id, [NIGHT], first_day=TODAY, now=SUNDAY)
    return places(Shift.day == TOMORROW)


def test_a_house_that_asks_nothing_has_no_gap(house: House) -> None:
    assert gaps(house) == []


def test_a_shift_that_is_not_given_out_is_a_gap_two_weeks_before_it(house: House, night: list[Shift]) -> None:
    found = gaps(house)
    assert [(g.published, g.places, g.taken, g.missing) for g in found] == [(False, 2, 0, ())] * 2
    assert found[0].starts_at == datetime(2026, 11, 24, 6, tzinfo=UTC)
    assert set(found[0].open_shifts) == {shift.id for shift in night}
    week_after = found[1].starts_at + timedelta(days=7)
    assert week_after not in [g.starts_at for g in gaps(house, week_after - FORTNIGHT, timedelta(days=30))]
    assert week_after in [g.starts_at for g in gaps(house, week_after - FORTNIGHT + timedelta(seconds=1))]


def test_open_places_and_who_is_needed(house: House, night: list[Shift], sam: Actor, ana: Actor) -> None:
    for shift in night:
        publish(shift, None)
    (gap,) = _first(house)
    assert (gap.places, gap.taken, gap.missing, gap.below_least) == (2, 0, (Missing(CERT, 1, 0),), True)
    assert gap.needs == (Need(CERT, 1),)
    publish(night[0], sam)
    (gap,) = _first(house)
    assert (gap.taken, gap.open_shifts, gap.missing) == (1, (night[1].id,), (Missing(CERT, 1, 0),))
    publish(night[1], ana)
    assert _first(house) == []


def test_a_credential_that_has_run_out_that_night_is_missing(
    house: House, night: list[Shift], sam: Actor, ana: Actor
) -> None:
    for shift, person in zip(night, (sam, ana), strict=True):
        publish(shift, person)
    assert _first(house) == []
    with transaction() as session:
        session.execute(sa.update(Credential).values(expires_on=TODAY))
    (gap,) = _first(house)
    assert (gap.taken, gap.open_shifts, gap.missing) == (2, (), (Missing(CERT, 1, 0),))


def test_who_stepped_back_or_left_the_house_is_not_there(
    house: House, night: list[Shift], sam: Actor, ana: Actor
) -> None:
    for shift, person in zip(night, (sam, ana), strict=True):
        publish(shift, person)
    stands_back(house.id, sam.id)
    (gap,) = _first(house)
    assert (gap.taken, gap.open_shifts) == (1, (night[0].id,))
    with transaction() as session:
        session.execute(sa.update(Membership).where(Membership.person_id == ana.id).values(ended_at=SUNDAY))
    (gap,) = _first(house)
    assert (gap.taken, len(gap.open_shifts), gap.missing) == (0, 2, (Missing(CERT, 1, 0),))


def test_who_went_home_long_before_the_end_leaves_a_gap_and_who_went_a_little_early_none(
    house: House, night: list[Shift], sam: Actor, ana: Actor
) -> None:
    for shift, person in zip(night, (sam, ana), strict=True):
        publish(shift, person)
    begin, end = night[0].starts_at, night[0].ends_at
    came(sam, night[0].id, now=begin)
    went(sam, night[0].id, now=end - timedelta(minutes=20))
    assert gaps(house, end - timedelta(minutes=10), timedelta(minutes=5)) == []
    with transaction() as session:
        session.execute(sa.update(Shift).where(Shift.id == night[0].id).values(went_at=begin + timedelta(hours=1)))
    (gap,) = gaps(house, begin + timedelta(hours=2), timedelta(hours=1))
    assert (gap.taken, gap.open_shifts) == (1, (night[0].id,))


def test_somebody_put_on_by_hand_for_the_whole_of_it_meets_a_need(
    house: House, lead: Actor, night: list[Shift], sam: Actor, ana: Actor, actor_in: ActorIn
) -> None:
    for shift, person in zip(night, (sam, actor_in(house.id, Role.PEER, "Bo")), strict=True):
        publish(shift, person)
    assert len(_first(house)) == 1
    put_on(lead, house.id, person_id=ana.id, kind="floor", day=TOMORROW, begins=time(23), ends=time(7), now=SUNDAY)
    assert _first(house) == []


def test_hours_between_shifts_with_fewer_than_the_least_are_a_gap_of_their_own(app: Flask, actor_in: ActorIn) -> None:
    house = open_house(COMMAND, name="Juniper", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY)
    lead, sam = actor_in(house.id), actor_in(house.id, Role.PEER, "Sam")
    asked = [
        Asked(name="Day", begins=time(8), ends=time(20), seats=1),
        Asked(name="On", begins=time(21), ends=time(8), seats=1),
    ]
    make_patterns(lead, house.id, asked, first_day=TOMORROW, now=SUNDAY)
    for shift in places(Shift.day <= TOMORROW + timedelta(days=1)):
        publish(shift, sam)
    found = [g for g in gaps(house, days=timedelta(days=2)) if g.places == 0]
    open_hours = [(g.starts_at.hour, g.ends_at.hour, g.there, g.least) for g in found]
    assert open_hours == [(7, 15, 0, 1), (3, 4, 0, 1)]  # Monday before the first shift, and from eight to nine at night


def test_a_gap_keeps_its_key_from_far_ahead_until_it_is_over(app: Flask, actor_in: ActorIn) -> None:
    house = open_house(COMMAND, name="Juniper", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY)
    lead = actor_in(house.id)
    make_patterns(
        lead, house.id, [Asked(name="Day", begins=time(8), ends=time(20), seats=1)], first_day=TODAY, now=SUNDAY
    )
    for shift in places():
        publish(shift, None)
    wanted = gaps(house, days=timedelta(days=4))
    night = next(g for g in wanted if g.starts_at > SUNDAY + timedelta(days=1) and not g.places)
    day = next(g for g in wanted if g.starts_at > night.ends_at - timedelta(hours=1) and g.places)
    at = SUNDAY
    while at < night.ends_at:
        assert night.key in [g.key for g in gaps(house, at, timedelta(days=4))], at
        at += timedelta(minutes=97)
    while at < day.ends_at:
        assert day.key in [g.key for g in gaps(house, at, timedelta(days=4))], at
        at += timedelta(minutes=97)


def test_a_gap_of_one_house_is_none_of_another(house: House, night: list[Shift]) -> None:
    other = open_house(COMMAND, name="Aspen", kind="living-room", timezone="America/Denver", chairs=1, now=SUNDAY)
    assert gaps(other) == []


def _first(house: House) -> list[Gap]:
    """The gaps of Monday night."""
    return gaps(house, days=timedelta(days=3))


def test_keys_are_short_enough_to_be_kept() -> None:
    assert len(f"{uuid.uuid4()}:{TODAY}") <= 80
