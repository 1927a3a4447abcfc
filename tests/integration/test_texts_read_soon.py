"""Somebody is asked to read a text soon, and it moves on until a person says yes; nothing of it is ever a figure."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.audit.service import lock_stream
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.core.due import Due, sweep
from respite.core.errors import NotFound
from respite.houses.models import House
from respite.messaging.errors import AlreadyDecided
from respite.messaging.models import Message, ReadSoon, Thread
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service import reading
from respite.staffing.models import Shift
from tests.places import SUNDAY
from tests.texts_in import alerts, answers, kinds, person_at, rows, says, stops

ActorIn = Callable[..., Actor]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ON_CALL, LEAD = "+13035550201", "+13035550202"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def asked(juniper: House, actor_in: ActorIn) -> dict[str, uuid.UUID]:
    """Ben is on call and Dana coordinates; both agreed to be asked by text. Nobody is in the house."""
    people = {"ben": actor_in(juniper.id, Role.PEER, "Ben").id, "dana": actor_in(juniper.id, name="Dana").id}
    for name, number in (("ben", ON_CALL), ("dana", LEAD)):
        person_at(juniper, number, kind=CorrespondentKind.PEER, subject_id=people[name], consents=(Purpose.READ_SOON,))
    shift(juniper, people["ben"], "on-call")
    return people


def shift(house: House, person_id: uuid.UUID, kind: str) -> None:
    with transaction() as session:
        session.add(
            Shift(
                house_id=house.id,
                person_id=person_id,
                kind=kind,
                starts_at=SUNDAY - HOUR,
                ends_at=SUNDAY + 12 * HOUR,
                published_at=SUNDAY,
            )
        )


def at(minutes: int) -> datetime:
    now = SUNDAY + minutes * MINUTE
    sweep(now)
    return now


def asking() -> list[str]:
    """To whom a text has gone that asks to read, in order; told apart by the end of the number."""
    found = rows(Message, Message.purpose == Purpose.READ_SOON)
    return [(message.number or "")[-3:] for message in sorted(found, key=lambda each: (each.made_at, each.number))]


def test_nobody_is_in_the_house_so_whoever_is_on_call_gets_a_text_at_once(
    app: Flask, juniper: House, asked: dict[str, uuid.UUID]
) -> None:
    says("quetzal-canary, I want to die")
    [alert] = alerts()
    assert (alert.why, alert.step, alert.asked_person_id, alert.cannot_text) == ("words", 0, asked["ben"], False)
    assert asking() == ["201"]
    [text] = rows(Message, Message.purpose == Purpose.READ_SOON)
    assert "http://127.0.0.1:5000/houses/juniper-house/texts" in text.body
    assert "canary" not in text.body
    assert "die" not in text.body
    assert answers() == ["answer-danger"]


def test_whoever_is_in_the_house_sees_it_there_first(
    app: Flask, juniper: House, asked: dict[str, uuid.UUID], actor_in: ActorIn
) -> None:
    sam = actor_in(juniper.id, Role.PEER, "Sam").id
    shift(juniper, sam, "floor")
    shift(juniper, actor_in(juniper.id, Role.VOLUNTEER, "Vic").id, "floor")
    says("HELP")
    [alert] = alerts()
    assert (alert.step, alert.asked_person_id, asking()) == (0, sam, [])
    at(5)
    [alert] = alerts()
    assert (alert.step, alert.asked_person_id, asking()) == (1, asked["ben"], ["201"])
    at(10)
    [alert] = alerts()
    assert (alert.step, alert.asked_person_id, asking()) == (2, asked["dana"], ["201", "202"])


def test_it_goes_to_the_coordinators_again_and_again_and_then_stays(
    app: Flask, juniper: House, asked: dict[str, uuid.UUID]
) -> None:
    says("HELP")
    for minute in range(0, 300, 5):
        at(minute)
    [alert] = alerts()
    assert asking() == ["201", "201", *["202"] * 7]
    assert alert.step == reading.LAST_STEP
    assert [row.kind for row in rows(Due) if row.kind.startswith("text.")] == []
    says("HELP", at=SUNDAY + 300 * MINUTE)
    [again] = alerts()
    assert (again.id, again.step, len(asking())) == (alert.id, 0, 10), "a new text asks anew"


def test_nobody_to_ask_is_still_open(app: Flask, juniper: House) -> None:
    says("I want to die")
    at(5)
    [alert] = alerts()
    assert (alert.step, alert.asked_person_id) == (1, None)


def test_who_did_not_agree_to_texts_gets_none(app: Flask, juniper: House, actor_in: ActorIn) -> None:
    ben = actor_in(juniper.id, Role.PEER, "Ben").id
    person_at(juniper, ON_CALL, kind=CorrespondentKind.PEER, subject_id=ben)
    shift(juniper, ben, "on-call")
    says("HELP")
    assert [each.asked_person_id for each in alerts()] == [ben]
    assert asking() == []


def test_taken_is_taken_and_a_week_later_nothing_is_left(
    app: Flask, juniper: House, asked: dict[str, uuid.UUID], actor_in: ActorIn
) -> None:
    says("I want to die")
    [alert] = alerts()
    sam = actor_in(juniper.id, Role.PEER, "Sam")
    reading.take(sam, alert.id, SUNDAY + MINUTE)
    assert alerts() == []
    [text] = rows(Message, Message.purpose == Purpose.READ_SOON)
    assert (text.state, text.reason) == (State.CANCELED, "taken"), "nobody needs to be asked any more"
    reading.take(sam, alert.id, SUNDAY + 2 * MINUTE)
    with pytest.raises(AlreadyDecided):
        reading.take(actor_in(juniper.id), alert.id, SUNDAY + 2 * MINUTE)
    sweep(SUNDAY + HOUR)
    assert asking() == ["201"]
    sweep(SUNDAY + 7 * DAY)
    assert len(rows(ReadSoon)) == 1
    sweep(SUNDAY + 7 * DAY + MINUTE)
    assert rows(ReadSoon) == []


def test_a_thread_has_one_open_alert_and_the_graver_word_stands(
    app: Flask, juniper: House, asked: dict[str, uuid.UUID]
) -> None:
    says("HELP")
    at(5)
    at(10)
    says("HELP", at=SUNDAY + 11 * MINUTE)
    assert [(each.why, each.step) for each in alerts()] == [("help", 2)], "no graver, and still being asked"
    said = says("I want to die", at=SUNDAY + 12 * MINUTE)
    assert [(each.why, each.step, each.inbound_id) for each in alerts()] == [("words", 0, said.id)]
    says("HELP", at=SUNDAY + 13 * MINUTE)
    says("STOP", at=SUNDAY + 14 * MINUTE)
    [alert] = alerts()
    assert (alert.why, alert.cannot_text) == ("words", True)
    says("I want to die", "+13035550999", at=SUNDAY + 15 * MINUTE)
    assert len(alerts()) == 2, "another person is another alert"


def test_several_alerts_at_once_are_one_text(app: Flask, juniper: House, asked: dict[str, uuid.UUID]) -> None:
    for n in range(5):
        says("HELP", f"+1303555030{n}", at=SUNDAY + n * timedelta(seconds=20))
    assert len(alerts()) == 5
    assert asking() == ["201"]
    for alert in alerts():
        with transaction() as session:
            lock_stream(session, juniper.id)
            assert alert.thread_id is not None
            reading.take_thread(session, Actor(ActorKind.PERSON, asked["ben"]), alert.thread_id, SUNDAY + 2 * MINUTE)
    says("HELP", "+13035550310", at=SUNDAY + 3 * MINUTE)
    assert asking() == ["201", "201"], "what was taken before does not keep the next one quiet"


def test_the_log_says_that_something_moved_and_nothing_else(
    app: Flask, juniper: House, asked: dict[str, uuid.UUID], actor_in: ActorIn
) -> None:
    says("I want to die")
    at(5)
    [alert] = alerts()
    reading.take(actor_in(juniper.id), alert.id, SUNDAY + 6 * MINUTE)
    moved = rows(Event, Event.kind == "text.read-soon.moved")
    assert len(moved) == 3
    assert {(each.subject, each.actor, each.because_of, each.data) for each in moved} == {(None, None, None, "{}")}
    assert kinds(juniper)[0] == "text.inbound.came"


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.BOARD_READER, Role.CLINICAL_ON_CALL])
def test_who_may_not_read_takes_nothing(
    app: Flask, juniper: House, aspen: House, actor_in: ActorIn, role: Role
) -> None:
    person_at(juniper)
    says("HELP")
    [alert] = alerts()
    for actor in (actor_in(juniper.id, role), actor_in(aspen.id, Role.DIRECTOR)):
        with pytest.raises(NotFound):
            reading.take(actor, alert.id, SUNDAY)
    assert len(alerts()) == 1


def test_another_answering_machine_gets_one_answer(app: Flask, juniper: House, clock: StillClock) -> None:
    """Scenario 37: whatever we answer is answered, and the alert is raised all the same."""
    for n in range(12):
        says("Are you in danger? I want to die", at=SUNDAY + n * MINUTE)
    assert answers() == ["answer-danger"]
    says("I want to die", at=SUNDAY + 11 * HOUR)
    assert answers() == ["answer-danger"]
    says("I want to die", at=SUNDAY + 13 * HOUR)
    assert answers() == ["answer-danger"] * 2
    assert len(alerts()) == 1


def test_other_answers_once_an_hour(app: Flask, juniper: House) -> None:
    for minute in (0, 10, 59, 61):
        says("HELP", at=SUNDAY + minute * MINUTE)
    assert answers() == ["answer-help"] * 2
    says("STOP", at=SUNDAY + 70 * MINUTE)
    with transaction() as session:
        session.execute(sa.update(Message).values(state=State.DELIVERED, next_at=None))
    says("START", at=SUNDAY + 71 * MINUTE)
    says("STOP", at=SUNDAY + 72 * MINUTE)
    assert answers()[2:] == ["answer-stopped", "answer-started"], "that we stop was confirmed just before"
    assert len(stops()) == 1


def test_help_in_spanish_is_answered_in_spanish(app: Flask, juniper: House) -> None:
    person_at(juniper, language="es")
    says("ayuda")
    [answer] = rows(Message, Message.purpose == Purpose.AUTOMATIC)
    assert (answer.template, answer.language) == ("answer-help", "es")
    assert "988, oprime 2" in answer.body
    assert [each.why for each in alerts()] == ["help"]


def test_nothing_of_it_is_on_the_wall_or_the_board(app: Flask, juniper: House, asked: dict[str, uuid.UUID]) -> None:
    """The log's parts name the inbox alone, so no screen of the house is even asked to look."""
    says("I want to die")
    parts = {event.parts for event in rows(Event, Event.kind == "text.read-soon.moved")}
    assert parts == {'["texts"]'}


def test_what_waits_to_be_read_stands_in_order(app: Flask, juniper: House) -> None:
    says("STOP", "+13035550301")
    says("HELP", "+13035550302", at=SUNDAY + MINUTE)
    says("I want to die", "+13035550303", at=SUNDAY + 2 * MINUTE)
    says("HELP", "+13035550304", at=SUNDAY + 3 * MINUTE)
    found = reading.open_alerts(db.session(), juniper.id)
    assert [each.why for each in found] == ["words", "help", "help", "stop"]
    assert found[1].raised_at < found[2].raised_at


def test_a_number_that_rests_alerts_only_by_words_of_danger(app: Flask, juniper: House) -> None:
    thread_id = says("hello").thread_id
    with transaction() as session:
        session.get_one(Thread, thread_id).rest_until = SUNDAY + DAY
    for n in range(25):
        says("HELP" if n == 3 else "hello", at=SUNDAY + n * timedelta(seconds=1))
    assert alerts() == []
    says("I want to die", at=SUNDAY + MINUTE)
    assert [each.why for each in alerts()] == ["words"]
    says("HELP", at=SUNDAY + DAY)
    assert len(alerts()) == 1


def test_a_text_is_kept_and_asked_about_where_nobody_can_say_who_is_next(
    app: Flask, juniper: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_about: object) -> list[uuid.UUID]:
        raise LookupError("the roster cannot be read")

    monkeypatch.setattr(reading, "who_next", [broken])
    says("STOP. I want to die")
    assert [each.source for each in stops()] == ["perhaps"]
    assert [alert.why for alert in alerts()] == ["words"]
