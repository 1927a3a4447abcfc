"""Calling back those who wait: promised with owner and time, tried again, let go when the waiting ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import Actor
from respite.accounts.roles import Role
from respite.board.queries import board_of
from respite.core.clock import StillClock
from respite.core.db import db
from respite.core.errors import Invalid
from respite.guests.errors import CallbackPromised, CannotUndo, NotOnTheList
from respite.guests.models import Reach, Undoable, Waiting
from respite.guests.policy.offer_clock import AnswerHours
from respite.guests.service.callbacks import promise_callback, soon_in
from respite.guests.service.erasing import erase_guest
from respite.guests.service.people import Named
from respite.guests.service.saving import save_bed
from respite.guests.service.undo import undo
from respite.guests.service.waiting import Asked, add_waiting, end_waiting
from respite.houses.models import House
from respite.promises.models import Promise
from respite.promises.policy import Outcome, State, Way
from respite.promises.service import acts
from tests.at_once import at_once
from tests.boards import HOUR, MINUTE, browser, juniper, session_of
from tests.pages import Browser, forms_in
from tests.people import MakePerson
from tests.places import SUNDAY

ActorIn = Callable[..., Actor]
PAGE = "/houses/juniper-house/waiting"
HALF_PAST_THREE = SUNDAY + 58 * MINUTE  # the half hour after next


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


def waits(house: House, who: Actor, name: str = "Ida", **asked: object) -> Waiting:
    named = Named(name, phone="303 555 0144")
    return add_waiting(who, house.id, who=named, asked=Asked(**asked), now=SUNDAY)  # type: ignore[arg-type]


def stands(promise: Promise) -> Promise:
    db.session.rollback()
    return db.session.get_one(Promise, promise.id, populate_existing=True)


# -- one callback -----------------------------------------------------------------------------------------------


def test_whoever_says_so_calls_soon(house: House, dana: Actor) -> None:
    row = waits(house, dana, reach=Reach.CALL)
    promise = promise_callback(dana, row.id, Way.CALL, now=SUNDAY)
    assert (promise.owner_id, promise.due_at, promise.words) == (dana.id, HALF_PAST_THREE, None)
    (shown,) = board_of(house, SUNDAY).promises
    assert (shown.for_whom, shown.owner, shown.way) == ("Ida", "Dana", "call")


@pytest.mark.parametrize(
    ("start", "end", "at"),
    [
        (time(9), time(20), HALF_PAST_THREE),
        (time(18), time(20), datetime.fromisoformat("2026-11-22T18:00-07:00")),
        (time(9), time(12), datetime.fromisoformat("2026-11-23T09:00-07:00")),
        (time(20), time(2), datetime.fromisoformat("2026-11-22T20:00-07:00")),
        (None, None, HALF_PAST_THREE),
    ],
)
def test_soon_is_in_the_hours_in_which_they_can_answer(
    start: time | None, end: time | None, at: datetime, house: House
) -> None:
    assert soon_in(AnswerHours(start, end), house.timezone, SUNDAY) == at


def test_a_time_outside_of_their_hours_is_told(house: House, dana: Actor) -> None:
    row = waits(house, dana, reach=Reach.CALL, answer_from=time(18), answer_until=time(20))
    with pytest.raises(Invalid) as refused:
        promise_callback(dana, row.id, Way.CALL, at=SUNDAY + HOUR, now=SUNDAY)
    assert refused.value.fields["at"] == "They can answer from 6 pm to 8 pm."
    # When they call is theirs to say.
    promise_callback(dana, row.id, Way.THEIRS, at=SUNDAY + HOUR, now=SUNDAY)


def test_one_of_us_calls_back_and_they_may_call_too(house: House, dana: Actor, luis: Actor) -> None:
    row = waits(house, dana)
    promise_callback(dana, row.id, Way.CALL, now=SUNDAY)
    for way in (Way.CALL, Way.TEXT):
        with pytest.raises(CallbackPromised):
            promise_callback(luis, row.id, way, now=SUNDAY)
    theirs = promise_callback(luis, row.id, Way.THEIRS, at=SUNDAY + HOUR, now=SUNDAY)
    assert theirs.owner_id is None
    assert [each.way for each in board_of(house, SUNDAY).promises] == ["call", "theirs"]


def test_no_answer_makes_the_next_try_easy(house: House, dana: Actor, luis: Actor) -> None:
    row = waits(house, dana)
    first = promise_callback(dana, row.id, Way.CALL, now=SUNDAY)
    acts.keep(dana, first.id, Outcome.NO_ANSWER, now=SUNDAY + HOUR)
    second = promise_callback(luis, row.id, Way.CALL, now=SUNDAY + HOUR)
    acts.keep(luis, second.id, Outcome.REACHED, now=SUNDAY + 2 * HOUR)
    assert (stands(first).outcome, stands(second).outcome) == ("no-answer", "reached")


# -- the waiting ends -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["taken off", "a bed is saved"])
def test_when_the_waiting_ends_nobody_calls_back_any_more(house: House, dana: Actor, how: str) -> None:
    row = waits(house, dana)
    promise = promise_callback(dana, row.id, Way.CALL, now=SUNDAY)
    if how == "taken off":
        end_waiting(dana, row.id, "taken-off", now=SUNDAY)
    else:
        save_bed(dana, house.id, who=Named("Ida"), nights=2, waiting_id=row.id, now=SUNDAY)
    assert (stands(promise).state, stands(promise).ended_by) == (State.LET_GO, dana.ref)
    assert board_of(house, SUNDAY).promises == ()
    with pytest.raises(NotOnTheList):
        promise_callback(dana, row.id, Way.CALL, now=SUNDAY)
    undoable = db.session.scalars(sa.select(Undoable).order_by(Undoable.at.desc())).first()
    assert undoable is not None
    undo(dana, undoable.id, now=SUNDAY)
    assert (stands(promise).state, stands(promise).ended_at) == (State.OPEN, None)


def test_somebody_who_is_called_back_is_not_taken_back_as_if_they_had_not_asked(house: House, dana: Actor) -> None:
    row = waits(house, dana)
    undoable = db.session.scalar(sa.select(Undoable.id))
    assert undoable is not None
    promise_callback(dana, row.id, Way.CALL, now=SUNDAY)
    with pytest.raises(CannotUndo):
        undo(dana, undoable, now=SUNDAY)


def test_erasing_erases_callbacks_too(house: House, dana: Actor, actor_in: ActorIn) -> None:
    row = waits(house, dana)
    promise = promise_callback(dana, row.id, Way.CALL, now=SUNDAY)
    assert row.guest_id is not None
    erase_guest(actor_in(house.id, Role.DIRECTOR), row.guest_id, now=SUNDAY)
    db.session.rollback()
    assert db.session.get(Promise, promise.id) is None


def test_two_who_say_at_once_that_they_call_are_one(app: Flask, house: House, dana: Actor, luis: Actor) -> None:
    for number in range(5):
        row_id = waits(house, dana, f"Ida {number}").id
        db.session.rollback()
        said = partial(promise_callback, waiting_id=row_id, way=Way.CALL, now=SUNDAY)
        came = at_once(app, *(partial(lambda said, who: said(who).owner_id, said, who) for who in (dana, luis)))
        assert [type(each) for each in came].count(CallbackPromised) == 1, came
        assert {*came} & {dana.id, luis.id}


# -- the page ---------------------------------------------------------------------------------------------------


@pytest.fixture
def mei(app: Flask, house: House, person: MakePerson) -> Browser:
    person("mei@example.org", {house.id: Role.PEER}, "Mei")
    return Browser(app, "mei@example.org")


def test_on_the_list_one_tap_says_who_calls_and_one_what_came_of_it(
    house: House, dana: Actor, mei: Browser, clock: StillClock
) -> None:
    row = waits(house, dana, reach=Reach.CALL)
    page = mei.get(PAGE).text
    assert "I&#39;ll call them back" in page
    form = mei.form(PAGE, f"/waiting/{row.id}/callback")
    assert form.fields["at"] == "15:30"
    mei.send(form)
    page = mei.get(PAGE).text
    assert "Call them back" in page
    assert "3:30 pm" in page
    assert "I&#39;ll call them back" not in page
    promise = db.session.scalars(sa.select(Promise)).one()
    clock.at = SUNDAY + 2 * HOUR
    assert "was for 3:30 pm" in mei.get(PAGE).text
    mei.send(mei.form(PAGE, f"/promises/{promise.id}/kept", button="No answer"))
    page = mei.get(PAGE).text
    assert "no answer 4:32 pm" in page
    assert "I&#39;ll call them back" in page
    assert "Call Ida back" not in mei.get("/houses/juniper-house/board").text


def test_as_they_would_like_it(house: House, dana: Actor, mei: Browser) -> None:
    waits(house, dana, "Ida", reach=Reach.TEXT)
    will_call = waits(house, dana, "Wes", reach=Reach.WILL_CALL)
    add_waiting(dana, house.id, who=Named("Bea"), asked=Asked(), now=SUNDAY)
    page = mei.get(PAGE).text
    assert page.count("I&#39;ll text them back</button>") == 1
    assert page.count("They said they would call</button>") == 2
    mei.fill(PAGE, f"/waiting/{will_call.id}/callback", at="16:00")
    assert "about 4 pm" in mei.get(PAGE).text
    assert "Wes said they would call" in mei.get("/houses/juniper-house/board").text


def test_nothing_alarms_when_they_do_not_call(app: Flask, house: House, dana: Actor, clock: StillClock) -> None:
    row = waits(house, dana, reach=Reach.WILL_CALL)
    promise_callback(dana, row.id, Way.THEIRS, at=SUNDAY + HOUR, now=SUNDAY)
    clock.at = SUNDAY + timedelta(days=1)
    page = browser(app, session=session_of(house, Role.PEER, "Mei")).get("/houses/juniper-house/board").text
    assert "Ida said they would call" in page
    assert 'class="promise-when due"' not in page


def test_a_time_they_cannot_answer_is_told_beside_them_and_stays_typed(house: House, dana: Actor, mei: Browser) -> None:
    row = waits(house, dana, reach=Reach.CALL, answer_from=time(18), answer_until=time(20))
    answer = mei.fill(PAGE, f"/waiting/{row.id}/callback", at="16:00")
    assert answer.status_code == 422
    assert "They can answer from 6 pm to 8 pm." in answer.text
    form = next(each for each in forms_in(answer.text, PAGE) if each.action == f"/waiting/{row.id}/callback")
    assert form.fields["at"] == "16:00"
