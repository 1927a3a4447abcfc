"""What was promised: kept, let go, handed on, late when it is read; on both databases, and in races."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.accounts.service.people import change_role, end_membership
from respite.audit.models import Event
from respite.audit.service import broken_links
from respite.board.queries import board_of
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.guests.errors import CannotUndo, NamelessNotOffered
from respite.guests.models import Undoable
from respite.guests.policy.stay_states import EndKind
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import Ending, leave
from respite.guests.service.promised import GUEST, promise_guest
from respite.guests.service.undo import undo
from respite.houses.models import House
from respite.promises import events
from respite.promises.errors import NotOpenNow, OpenNow
from respite.promises.models import Promise
from respite.promises.policy import FORGOTTEN_AFTER, Kind, Outcome, State, Way, When, by_day, overdue
from respite.promises.queries import lately_ended, open_promises, own_promises, promises_for
from respite.promises.service import acts, ends
from respite.promises.service.acts import Wanted
from respite.promises.views.shown import Place, line
from respite.staffing.service.duty_ends import step_back
from tests.at_once import at_once
from tests.boards import HOUR, MINUTE, here, juniper
from tests.places import SUNDAY

ActorIn = Callable[..., Actor]
WORDS = "Look for the marmalade key"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return juniper(("Willow", "Aspen"))


@pytest.fixture
def dana(house: House, actor_in: ActorIn) -> Actor:
    return actor_in(house.id, Role.PEER, "Dana")


@pytest.fixture
def luis(house: House, actor_in: ActorIn) -> Actor:
    return actor_in(house.id, Role.PEER, "Luis")


def given(actor: Actor, house: House, **more: object) -> Promise:
    return acts.give(actor, house.id, replace(Wanted(words=WORDS), **more), now=SUNDAY)  # type: ignore[arg-type]


def row(promise: Promise) -> Promise:
    db.session.rollback()
    return db.session.get_one(Promise, promise.id, populate_existing=True)


def told(house: House) -> list[str]:
    found = db.session.scalars(sa.select(Event).where(Event.stream == house.id).order_by(Event.version)).all()
    return [event.kind for event in found if event.kind.startswith("promise.")]


# -- one promise ------------------------------------------------------------------------------------------------


def test_a_promise_is_sealed_and_its_events_hold_no_word(house: House, dana: Actor) -> None:
    promise = given(dana, house, owner_id=dana.id, when=When(SUNDAY + HOUR))
    acts.keep(dana, promise.id, version_seen=1, now=SUNDAY + MINUTE)
    kept = row(promise)
    assert (kept.state, kept.ended_by, kept.ended_at) == (State.KEPT, dana.ref, SUNDAY + MINUTE)
    assert kept.words == WORDS
    assert WORDS.encode() not in (kept.words_sealed or b"")
    assert told(house) == [events.GIVEN, events.KEPT]
    for event in db.session.scalars(sa.select(Event).where(Event.stream == house.id)).all():
        assert "marmalade" not in event.data
    assert list(broken_links()) == []


def test_what_cannot_be_a_promise_is_told_by_field(house: House, dana: Actor) -> None:
    for wanted, field in (
        (Wanted(words="  "), "words"),
        (Wanted(words="x" * 141), "words"),
        (Wanted(words="x", owner_id=uuid.uuid4()), "owner"),
        (Wanted(words="x", way=Way.CALL), "kind"),
        (Wanted(words="x", kind=Kind.CALLBACK), "kind"),
    ):
        with pytest.raises(Invalid) as refused:
            acts.give(dana, house.id, wanted, now=SUNDAY)
        assert set(refused.value.fields) == {field}
    assert open_promises(db.session(), house.id) == []


def test_let_go_needs_no_reason_and_opens_again(house: House, dana: Actor, luis: Actor) -> None:
    promise = given(dana, house, owner_id=luis.id)
    acts.let_go(dana, promise.id, now=SUNDAY)
    with pytest.raises(NotOpenNow):
        acts.keep(luis, promise.id, now=SUNDAY)
    acts.open_again(dana, promise.id, now=SUNDAY + MINUTE)
    found = row(promise)
    assert (found.state, found.owner_id, found.ended_at, found.ended_by) == (State.OPEN, luis.id, None, None)
    with pytest.raises(OpenNow):
        acts.open_again(dana, promise.id, now=SUNDAY + MINUTE)


def test_it_is_handed_on_and_moved_by_who_saw_it_as_it_stands(house: House, dana: Actor, luis: Actor) -> None:
    promise = given(dana, house, owner_id=dana.id)
    _row, before = acts.hand(dana, promise.id, luis.id, version_seen=1, now=SUNDAY)
    assert before == dana.id
    with pytest.raises(StaleVersion):
        acts.hand(dana, promise.id, None, version_seen=1, now=SUNDAY)
    _row, was = acts.move(luis, promise.id, When(SUNDAY + HOUR), version_seen=2, now=SUNDAY)
    assert was == When()
    assert [each.owner for each in open_promises(db.session(), house.id)] == ["Luis"]
    acts.hand(luis, promise.id, luis.id, now=SUNDAY)
    assert told(house) == [events.GIVEN, events.HANDED, events.MOVED]


def test_taken_back_by_whoever_gave_it_while_nobody_did_anything_with_it(
    house: House, dana: Actor, luis: Actor
) -> None:
    first, second = given(dana, house), given(dana, house)
    with pytest.raises(NotFound):
        acts.take_back(luis, first.id, version_seen=1, now=SUNDAY)
    acts.take_back(dana, first.id, version_seen=1, now=SUNDAY)
    db.session.rollback()
    assert db.session.get(Promise, first.id) is None
    acts.hand(luis, second.id, luis.id, now=SUNDAY)
    with pytest.raises(StaleVersion):
        acts.take_back(dana, second.id, version_seen=1, now=SUNDAY)
    with pytest.raises(NotFound):
        acts.take_back(dana, second.id, version_seen=2, now=SUNDAY)


def test_a_callback_says_what_came_of_it_and_nothing_else(house: House, dana: Actor) -> None:
    ours = given(dana, house, words=None, kind=Kind.CALLBACK, way=Way.CALL)
    theirs = given(dana, house, words=None, kind=Kind.CALLBACK, way=Way.THEIRS)
    plain = given(dana, house)
    for promise, outcome in (
        (ours, None),
        (ours, "later"),
        (theirs, Outcome.NO_ANSWER),
        (theirs, None),
        (plain, Outcome.REACHED),
    ):
        with pytest.raises(Invalid):
            acts.keep(dana, promise.id, outcome, now=SUNDAY)
    acts.keep(dana, ours.id, Outcome.NO_ANSWER, now=SUNDAY)
    acts.keep(dana, theirs.id, Outcome.REACHED, now=SUNDAY)
    assert (row(ours).outcome, row(theirs).outcome) == ("no-answer", "reached")


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.BOARD_READER, Role.CLINICAL_ON_CALL])
def test_who_keeps_no_beds_gives_and_has_no_promise(house: House, actor_in: ActorIn, dana: Actor, role: Role) -> None:
    other = actor_in(house.id, role, "Vic")
    with pytest.raises(NotFound):
        given(other, house)
    with pytest.raises(Invalid):
        given(dana, house, owner_id=other.id)
    promise = given(dana, house)
    for act in (acts.keep, acts.let_go, acts.open_again):
        with pytest.raises(NotFound):
            act(other, promise.id, now=SUNDAY)  # type: ignore[operator]


# -- late when it is read ---------------------------------------------------------------------------------------


def test_late_is_read_and_nothing_needs_to_run(house: House, dana: Actor) -> None:
    due = SUNDAY + HOUR
    given(dana, house, when=When(due), words="with a time")
    given(dana, house, when=by_day(SUNDAY.date(), house.timezone, time(6)), words="tonight")
    given(dana, house, words="no hurry")
    given(dana, house, kind=Kind.CALLBACK, way=Way.THEIRS, words=None, when=When(SUNDAY + MINUTE))
    before = board_of(house, SUNDAY)
    assert [promise.words for promise in before.promises] == [None, "with a time", "tonight", "no hurry"]
    assert before.next_change_at == SUNDAY + MINUTE
    after = board_of(house, due)
    assert after is not before
    place = Place(house.timezone, time(6), due)
    assert [line(each, place, None).late for each in after.promises] == [False, True, False, False]
    assert [line(each, place, None).when for each in after.promises] == [
        "about 2:33 pm",
        "was for 3:32 pm",
        "today",
        "no hurry",
    ]
    morning = Place(house.timezone, time(6), SUNDAY + timedelta(hours=16))
    assert [line(each, morning, None).when for each in after.promises][2] == "was for yesterday"
    assert overdue(State.KEPT, None, due, due + HOUR) is False


def test_the_board_reads_promises_at_once(house: House, dana: Actor) -> None:
    stay = here(house, "Willow", "Sam")
    promise_guest(dana, stay.id, Wanted(words="Lend the guitar"), now=SUNDAY)
    (found,) = board_of(house, SUNDAY).promises
    assert (found.for_whom, found.words, found.owner) == ("Sam", "Lend the guitar", None)


# -- owners who go ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["leaves", "steps back", "another role"])
def test_of_an_owner_who_goes_the_house_keeps_the_promises(
    house: House, dana: Actor, luis: Actor, actor_in: ActorIn, how: str
) -> None:
    lead = actor_in(house.id, Role.DIRECTOR, "Ro")
    open_one, kept_one = given(dana, house, owner_id=luis.id), given(dana, house, owner_id=luis.id)
    acts.keep(luis, kept_one.id, now=SUNDAY)
    if how == "leaves":
        end_membership(lead, house.id, luis.id, now=SUNDAY)
    elif how == "steps back":
        step_back(luis, house.id, luis.id, now=SUNDAY)
    else:
        change_role(lead, house.id, luis.id, role=Role.VOLUNTEER, now=SUNDAY)
    assert (row(open_one).owner_id, row(kept_one).owner_id) == (None, luis.id)
    assert own_promises(db.session(), luis.id, [house.id]) == []
    assert told(house)[-1] == events.HANDED
    acts.open_again(dana, kept_one.id, now=SUNDAY)
    assert row(kept_one).owner_id is None
    with pytest.raises(Invalid):
        acts.hand(dana, open_one.id, luis.id, now=SUNDAY)


def test_another_role_that_keeps_beds_keeps_its_promises(house: House, luis: Actor, actor_in: ActorIn) -> None:
    promise = given(luis, house, owner_id=luis.id)
    change_role(actor_in(house.id, Role.DIRECTOR, "Ro"), house.id, luis.id, role=Role.SUPERVISOR, now=SUNDAY)
    assert row(promise).owner_id == luis.id


# -- guests -----------------------------------------------------------------------------------------------------


def test_erasing_a_guest_erases_what_they_were_promised(house: House, dana: Actor, actor_in: ActorIn) -> None:
    stay = here(house, "Willow", "Sam")
    assert stay.guest_id is not None
    theirs = promise_guest(dana, stay.id, Wanted(words="Send the marmalade"), now=SUNDAY)
    kept = promise_guest(dana, stay.id, Wanted(words="Find the marmalade"), now=SUNDAY)
    acts.keep(dana, kept.id, now=SUNDAY)
    ours = given(dana, house)
    leave(dana, stay.id, ending=Ending(kind=EndKind.AS_PLANNED), now=SUNDAY + HOUR)
    assert len(promises_for(db.session(), house.id, GUEST, [stay.guest_id])) == 2
    erase_guest(actor_in(house.id, Role.DIRECTOR), stay.guest_id, now=SUNDAY + HOUR)
    db.session.rollback()
    assert db.session.get(Promise, theirs.id) is None
    assert db.session.get(Promise, kept.id) is None
    assert db.session.get(Promise, ours.id) is not None


def test_a_stay_without_a_name_is_promised_nothing(house: House, dana: Actor) -> None:
    from respite.guests.service.arriving import welcome_new
    from respite.guests.service.people import Nameless
    from respite.houses.service.rules import change_rules

    change_rules(COMMAND, house.id, {"nameless_stays": True}, number_seen=None, now=SUNDAY)
    stay = welcome_new(COMMAND, house.id, who=Nameless(), nights=1, now=SUNDAY)
    with pytest.raises(NamelessNotOffered):
        promise_guest(dana, stay.id, Wanted(words=WORDS), now=SUNDAY)


def test_an_arrival_with_a_promise_is_not_taken_back(house: House, dana: Actor) -> None:
    from respite.guests.service.arriving import welcome_new
    from respite.guests.service.people import Named

    stay = welcome_new(dana, house.id, who=Named("Sam"), nights=2, now=SUNDAY)
    undoable = db.session.scalar(sa.select(Undoable.id).where(Undoable.actor == dana.ref))
    assert undoable is not None
    promise_guest(dana, stay.id, Wanted(words=WORDS), now=SUNDAY)
    with pytest.raises(CannotUndo):
        undo(dana, undoable, now=SUNDAY)


def test_what_ended_long_ago_is_forgotten(house: House, dana: Actor, clock: StillClock) -> None:
    old, open_one = given(dana, house), given(dana, house)
    acts.keep(dana, old.id, now=SUNDAY)
    assert [each.id for each in lately_ended(db.session(), house.id, SUNDAY - HOUR)] == [old.id]
    db.session.rollback()
    assert ends.forget_old() == 0
    clock.at = SUNDAY + FORGOTTEN_AFTER + MINUTE
    assert ends.forget_old() == 1
    db.session.rollback()
    assert [each.id for each in open_promises(db.session(), house.id)] == [open_one.id]


# -- races ------------------------------------------------------------------------------------------------------


def test_two_who_tap_done_at_once_are_one_who_did_it(app: Flask, house: House, dana: Actor, luis: Actor) -> None:
    for _round in range(5):
        promise_id = given(dana, house).id
        db.session.rollback()
        done = [
            partial(lambda who, which: acts.keep(who, which, version_seen=1, now=SUNDAY).ended_by, who, promise_id)
            for who in (dana, luis)
        ]
        came = at_once(app, *done)
        assert [type(each) for each in came].count(NotOpenNow) == 1, came
        with transaction() as session:
            assert session.get_one(Promise, promise_id).ended_by in came
    assert told(house).count(events.KEPT) == 5


def test_done_against_handed_over_is_one_of_both_and_nothing_lost(
    app: Flask, house: House, dana: Actor, luis: Actor
) -> None:
    for _round in range(5):
        promise_id = given(dana, house, owner_id=dana.id).id
        db.session.rollback()
        came = at_once(
            app,
            lambda: acts.keep(dana, promise_id, version_seen=1, now=SUNDAY).state,  # noqa: B023
            lambda: acts.hand(dana, promise_id, luis.id, version_seen=1, now=SUNDAY)[0].owner_id,  # noqa: B023
        )
        with transaction() as session:
            found = session.get_one(Promise, promise_id)
            stands = (found.state, found.owner_id)
        if came[0] == State.KEPT:
            assert isinstance(came[1], NotOpenNow)
            assert stands == (State.KEPT, dana.id)
        else:
            assert isinstance(came[0], StaleVersion)
            assert (came[1], stands) == (luis.id, (State.OPEN, luis.id))
    assert list(broken_links()) == []
