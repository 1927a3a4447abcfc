"""A private reflection: only its author and the one supervisor they chose can open it. Time together."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import CLOCK, COMMAND, Actor
from respite.accounts.models import Membership
from respite.accounts.roles import Role
from respite.audit.models import AccessLog, Event
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.houses.models import House
from respite.houses.service.opening import open_house
from respite.staffing.models import Reflection
from respite.staffing.policy.together import How, Value
from respite.staffing.queries.together import own_entries, sums
from respite.staffing.service import reflections as service
from respite.staffing.service.together import add_time, remove_time
from tests.places import SUNDAY

ActorIn = Callable[..., Actor]
TODAY = date(2026, 11, 22)
WORDS = "Quetzal asked me to keep a secret"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=1, now=SUNDAY)


@pytest.fixture
def sam(house: House, actor_in: ActorIn) -> Actor:
    return actor_in(house.id, Role.PEER, "Sam")


@pytest.fixture
def priya(house: House, actor_in: ActorIn) -> Actor:
    return actor_in(house.id, Role.SUPERVISOR, "Priya")


@pytest.fixture
def shared(house: House, sam: Actor, priya: Actor) -> uuid.UUID:
    found = service.write_reflection(sam, words=WORDS, wants_to_talk=True, share_with=(house.id, priya.id), now=SUNDAY)
    return found.id


def opens(actor: Actor, reflection_id: uuid.UUID) -> bool:
    try:
        return service.open_reflection(actor, reflection_id, now=SUNDAY).words == WORDS
    except NotFound:
        return False


def becomes(actor: Actor, role: Role | None) -> None:
    with transaction() as session:
        row = session.scalars(sa.select(Membership).where(Membership.person_id == actor.id)).one()
        if role is None:
            row.ended_at = SUNDAY
        else:
            row.role = role


def test_only_the_two_can_open_it(house: House, sam: Actor, priya: Actor, shared: uuid.UUID, actor_in: ActorIn) -> None:
    others = [actor_in(house.id, role, f"Other {role}") for role in Role if role != Role.DISPLAY]
    assert opens(sam, shared)
    assert opens(priya, shared)
    assert [actor for actor in (*others, CLOCK, COMMAND) if opens(actor, shared)] == []
    for other in others:
        for refused in (
            lambda actor: service.take_back(actor, shared, now=SUNDAY),
            lambda actor: service.delete_reflection(actor, shared),
            lambda actor: service.talked(actor, shared, now=SUNDAY),
            lambda actor: service.change_reflection(
                actor, shared, words="x", wants_to_talk=False, share_with=None, now=SUNDAY
            ),
        ):
            with pytest.raises(NotFound):
                refused(other)


def test_a_supervisor_opens_it_only_while_it_is_shared_and_they_are_one(
    house: House, sam: Actor, priya: Actor, shared: uuid.UUID
) -> None:
    with pytest.raises(NotFound):
        service.delete_reflection(priya, shared)
    becomes(priya, Role.DIRECTOR)
    assert not opens(priya, shared)
    assert service.shared_with(db.session(), priya.id) == []
    becomes(priya, Role.SUPERVISOR)
    assert opens(priya, shared)
    before = service.take_back(sam, shared, now=SUNDAY)
    assert before == (house.id, priya.id)
    assert not opens(priya, shared)
    service.share_again(sam, shared, (house.id, priya.id), SUNDAY)
    assert opens(priya, shared)
    becomes(priya, None)
    assert not opens(priya, shared)
    assert opens(sam, shared)


def test_it_is_shared_with_a_supervisor_of_ones_own_house_alone(
    house: House, sam: Actor, priya: Actor, actor_in: ActorIn
) -> None:
    aspen = open_house(COMMAND, name="Aspen House", kind="both", timezone="America/Denver", beds=1, now=SUNDAY)
    elsewhere = actor_in(aspen.id, Role.SUPERVISOR, "Cy")
    director = actor_in(house.id, Role.DIRECTOR, "Di")
    for whom in ((aspen.id, elsewhere.id), (house.id, director.id), (house.id, sam.id), (aspen.id, priya.id)):
        with pytest.raises(Invalid):
            service.write_reflection(sam, words=WORDS, share_with=whom, now=SUNDAY)
    assert service.supervisors_for(db.session(), sam.id) == [(house.id, priya.id, "Priya")]


def test_it_is_in_no_log_and_sealed_where_it_lies(house: House, sam: Actor, priya: Actor, shared: uuid.UUID) -> None:
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Event))
    opens(priya, shared)
    service.talked(priya, shared, now=SUNDAY)
    service.take_back(sam, shared, now=SUNDAY)
    private = service.write_reflection(sam, words=WORDS, now=SUNDAY)
    service.delete_reflection(sam, private.id)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AccessLog)) == 0
    marks = {str(shared), str(private.id)}
    events = db.session.execute(sa.select(Event.subject, Event.data)).all()
    assert not [event for event in events if str(event.subject) in marks or any(mark in event.data for mark in marks)]
    sealed = bytes(db.session.execute(sa.text("SELECT words_sealed FROM reflection")).scalar_one())
    assert b"Quetzal" not in sealed


def test_the_supervisors_look_is_no_other_version_of_the_words(sam: Actor, priya: Actor, shared: uuid.UUID) -> None:
    seen = service.open_reflection(sam, shared, now=SUNDAY).version
    service.open_reflection(priya, shared, now=SUNDAY)
    service.talked(priya, shared, now=SUNDAY)
    change = {"wants_to_talk": False, "share_with": None, "now": SUNDAY}
    service.change_reflection(sam, shared, words="Other words", version_seen=seen, **change)  # type: ignore[arg-type]
    with pytest.raises(StaleVersion):
        service.change_reflection(sam, shared, words="x", version_seen=seen, **change)  # type: ignore[arg-type]


def test_what_somebody_wrote_goes_a_day_after_they_left(
    sam: Actor, priya: Actor, shared: uuid.UUID, clock: StillClock
) -> None:
    service.write_reflection(priya, words=WORDS, now=SUNDAY)
    assert service.forget_of_those_who_left() == 0
    becomes(sam, None)
    clock.at = SUNDAY + timedelta(hours=23)
    assert service.forget_of_those_who_left() == 0  # leaving can be undone
    clock.at = SUNDAY + timedelta(hours=25)
    assert service.forget_of_those_who_left() == 1
    db.session.rollback()
    assert db.session.scalars(sa.select(Reflection.person_id)).all() == [priya.id]


# -- time together ----------------------------------------------------------------------------------------------------


def test_hours_of_a_person_are_the_sum_of_their_entries(
    house: House, sam: Actor, priya: Actor, actor_in: ActorIn
) -> None:
    ana = actor_in(house.id, Role.PEER, "Ana")
    meetings: list[tuple[Actor, list[Actor], Actor, How, int, date]] = [
        (sam, [sam], priya, How.INDIVIDUAL, 60, TODAY),
        (priya, [sam], priya, How.INDIVIDUAL, 45, date(2026, 11, 1)),
        (priya, [sam, ana], priya, How.GROUP, 90, date(2026, 11, 2)),
        (sam, [sam], ana, How.CO_REFLECTION, 20, TODAY),
        (sam, [sam], priya, How.INDIVIDUAL, 500 - 20, date(2025, 11, 1)),
    ]
    for actor, people, other, kind, minutes, day in meetings:
        add_time(
            actor,
            house.id,
            people=[each.id for each in people],
            with_person_id=other.id,
            kind=kind,
            minutes=minutes,
            day=day,
            now=SUNDAY,
        )
    db.session.rollback()
    found = {each.name: each for each in sums(db.session(), house.id, date(2026, 1, 1), date(2027, 1, 1))}
    assert (found["Sam"].individual, found["Sam"].group, found["Sam"].co_reflection) == (105, 90, 20)
    assert (found["Sam"].supervision, found["Ana"].supervision) == (195, 90)
    (exact,) = sums(db.session(), house.id, date(2026, 11, 1), date(2026, 11, 2))  # its first day, without its last
    assert (exact.name, exact.supervision) == ("Sam", 45)
    own = own_entries(db.session(), house.id, sam.id)
    assert sum(entry.minutes for entry, _whose, _other in own if entry.person_id == sam.id) == 105 + 90 + 20 + 480
    assert len(own_entries(db.session(), house.id, priya.id)) == 5


def test_either_of_the_two_writes_it_and_takes_it_out_and_nobody_else(
    house: House, sam: Actor, priya: Actor, actor_in: ActorIn
) -> None:
    director = actor_in(house.id, Role.DIRECTOR, "Di")
    facts = {"people": [sam.id], "with_person_id": priya.id, "kind": How.INDIVIDUAL, "minutes": 60, "day": TODAY}

    def add(actor: Actor, now: datetime = SUNDAY, **changed: object) -> uuid.UUID:
        return add_time(actor, house.id, **(facts | changed), now=now)[0].id  # type: ignore[arg-type]

    for value in Value:
        add(sam, value=value)
    entry = add(priya)
    with pytest.raises(NotFound):
        add(director)
    with pytest.raises(NotFound):
        remove_time(director, entry, now=SUNDAY)
    assert remove_time(sam, entry, now=SUNDAY).minutes == 60
    wrong: list[dict[str, object]] = [
        {"people": [priya.id]},
        {"people": []},
        {"people": [sam.id, director.id]},
        {"minutes": 0},
        {"minutes": 481},
        {"day": TODAY + timedelta(days=1)},
        {"kind": "chat"},
        {"value": "loyal"},
        {"with_person_id": uuid.uuid4()},
    ]
    for changed in wrong:
        with pytest.raises(Invalid):
            add(priya, **changed)
