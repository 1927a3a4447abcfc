"""Numbers that are left alone: by a text, by a tap, in every house; and how they come back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import Actor
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.db import db, transaction, waiting_at_most
from respite.core.errors import NotFound
from respite.houses.models import House
from respite.messaging.errors import NoNumber, NumberOptedOut
from respite.messaging.gateway import Refused
from respite.messaging.models import Consent, Correspondent, Message, NumberStop
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service import gate, sending, stopping
from respite.messaging.service.ground import number_mark
from tests.places import SUNDAY
from tests.texts_in import SAM, alerts, answers, kinds, new_sid, person_at, rows, says, stops, text_to

ActorIn = Callable[..., Actor]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


def states(*messages: Message) -> list[tuple[str, str | None]]:
    found = {each.id: (each.state, each.reason) for each in rows(Message)}
    return [found[message.id] for message in messages]


def through_the_gate(message: Message, now: object = SUNDAY + HOUR) -> object:
    found = gate.look(db.session(), db.session.get_one(Message, message.id), now)  # type: ignore[arg-type]
    db.session.rollback()
    return found


@pytest.mark.parametrize("words", ["STOP", "stop.", "please stop texting me", "no más"])
def test_whoever_asks_to_stop_is_left_alone_by_every_house(
    app: Flask, juniper: House, aspen: House, words: str
) -> None:
    person_at(aspen)
    there, here = text_to(aspen), text_to(juniper, at=SUNDAY + MINUTE)
    theirs = text_to(aspen, "+13035550999")
    says(words)
    assert states(here, there, theirs) == [(State.SUPPRESSED, "stopped")] * 2 + [(State.SCHEDULED, None)]
    assert [(each.source, each.said_at) for each in stops()] == [("stop", SUNDAY)]
    assert "text.number.stopped" in kinds(juniper)
    assert kinds(aspen) == ["text.number.stopped"]
    told = {each.stream: each.data for each in rows(Event, Event.kind == "text.number.stopped")}
    assert told[juniper.id] == told[aspen.id] == '{"canceled":1,"source":"stop"}'
    assert answers() == ["answer-stopped"]
    assert [each.why for each in alerts()] == ["stop"]


def test_the_confirmation_passes_the_gate_and_nothing_else_does(app: Flask, juniper: House) -> None:
    says("STOP")
    [confirmation] = rows(Message)
    assert isinstance(through_the_gate(confirmation, SUNDAY), gate.Go)
    assert confirmation.not_after == SUNDAY + 5 * MINUTE
    late = text_to(juniper, purpose=Purpose.ANSWER)
    assert through_the_gate(late) == gate.End(State.SUPPRESSED, "stopped")


def test_stop_it_hurts_waits_for_a_person(app: Flask, juniper: House) -> None:
    """Texts wait and none is called back; somebody reads it first."""
    waiting = text_to(juniper, purpose=Purpose.ANSWER)
    says("Stop it hurts")
    assert [each.source for each in stops()] == ["perhaps"]
    assert states(waiting) == [(State.SCHEDULED, None)]
    assert through_the_gate(waiting) == gate.Later(SUNDAY + HOUR + 10 * MINUTE, "maybe-stopped")
    assert len(alerts()) == 1


def test_danger_words_with_an_unclear_stop_are_answered(app: Flask, juniper: House) -> None:
    says("Stop it, I want to die")
    assert [each.source for each in stops()] == ["perhaps"]
    [answer] = rows(Message)
    assert answer.template == "answer-danger"
    assert isinstance(through_the_gate(answer, SUNDAY), gate.Go)
    assert [each.why for each in alerts()] == ["words"]


def test_stop_and_then_words_of_danger_cannot_be_texted(app: Flask, juniper: House) -> None:
    """Scenario 25: no answer is written that could not arrive; whoever reads it is told to call."""
    says("STOP")
    says("I want to die", at=SUNDAY + HOUR)
    assert answers() == ["answer-stopped"]
    assert [(each.why, each.cannot_text) for each in alerts()] == [("words", True)]


def test_words_of_danger_inside_a_stop_get_the_last_words_alone(app: Flask, juniper: House) -> None:
    says("stop texting me. I want to die")
    assert [each.source for each in stops()] == ["stop"]
    assert answers() == ["answer-stopped"]
    assert [(each.why, each.cannot_text) for each in alerts()] == [("words", True)]


def test_what_the_provider_answered_is_not_answered_again(app: Flask, juniper: House) -> None:
    says("STOP", opt_out_type="STOP")
    assert [each.source for each in stops()] == ["twilio"]
    says("HELP", "+13035550999", opt_out_type="HELP")
    says("una palabra propia", "+13035550888", opt_out_type="STOP")
    assert len(stops()) == 2
    assert rows(Message) == []
    assert sorted(each.why for each in alerts()) == ["help", "stop", "stop"]


def test_start_brings_back_what_was_said_before_it(app: Flask, juniper: House) -> None:
    says("STOP")
    says("START", at=SUNDAY + HOUR)
    assert stops() == []
    [ended] = rows(NumberStop)
    assert (ended.ended_how, ended.ended_at) == ("start", SUNDAY + HOUR)
    assert answers() == ["answer-stopped", "answer-started"]
    assert kinds(juniper)[-1] == "text.number.started"


def test_an_old_start_cannot_lift_a_newer_stop(app: Flask, juniper: House) -> None:
    """It was late on its way, or is sent again by somebody else: its own time counts, not when it came."""
    says("STOP", at=SUNDAY + HOUR)
    says("START", at=SUNDAY, now=SUNDAY + 2 * HOUR)
    says("START", at=SUNDAY + HOUR, now=SUNDAY + 2 * HOUR)
    assert len(stops()) == 1
    assert answers() == ["answer-stopped"]


def test_a_start_that_is_played_again_does_nothing(app: Flask, juniper: House) -> None:
    sid = new_sid()
    says("START", sid=sid)
    says("STOP", at=SUNDAY + MINUTE)
    says("START", sid=sid, at=SUNDAY + HOUR)
    assert len(stops()) == 1


def test_a_stop_found_late_does_not_undo_a_later_start(app: Flask, juniper: House) -> None:
    says("START", at=SUNDAY + HOUR)
    says("STOP", at=SUNDAY, via="sweep", now=SUNDAY + 2 * HOUR)
    assert stops() == []
    says("STOP", at=SUNDAY + HOUR + MINUTE, via="sweep", now=SUNDAY + 2 * HOUR)
    assert len(stops()) == 1


def test_a_start_without_a_stop_is_not_answered(app: Flask, juniper: House) -> None:
    says("START")
    assert answers() == []


def test_stopping_twice_is_one_stop_that_was_said_last(app: Flask, juniper: House) -> None:
    says("STOP")
    says("Stop it hurts", at=SUNDAY + MINUTE)
    says("STOP", at=SUNDAY + 2 * MINUTE)
    assert [(each.source, each.said_at) for each in stops()] == [("stop", SUNDAY + 2 * MINUTE)]
    assert len(rows(NumberStop)) == 1


def test_a_wrong_number_ends_every_consent_to_it(app: Flask, juniper: House, aspen: House) -> None:
    sam = person_at(juniper, consents=(Purpose.FOLLOW_UP, Purpose.CARING))
    other = person_at(aspen, consents=(Purpose.CARING,))
    elsewhere = person_at(aspen, "+13035550999", consents=(Purpose.CARING,))
    waiting = text_to(juniper)
    says("wrong number", at=SUNDAY + MINUTE)
    assert states(waiting) == [(State.SUPPRESSED, "stopped")]
    assert [each.source for each in stops()] == ["wrong-number"]
    ended = {each.correspondent_id: each.ended_why for each in rows(Consent)}
    assert ended == {sam.id: "wrong-number", other.id: "wrong-number", elsewhere.id: None}
    bad = {each.id: each.number_bad for each in rows(Correspondent)}
    assert bad == {sam.id: "wrong-number", other.id: "wrong-number", elsewhere.id: None}
    assert answers() == ["answer-wrong-number"]
    assert kinds(juniper).count("text.consent.ended") == 2
    says("START", at=SUNDAY + HOUR)
    assert len(stops()) == 1, "whoever has the number now never agreed to anything"


def test_one_tap_for_somebody_who_told_us(app: Flask, juniper: House, aspen: House, actor_in: ActorIn) -> None:
    sam = person_at(juniper)
    person_at(aspen)
    waiting = text_to(juniper), text_to(aspen)
    peer = actor_in(juniper.id, Role.PEER)
    assert stopping.asked_not_to(peer, sam.id, SUNDAY) == 2
    assert states(*waiting) == [(State.SUPPRESSED, "stopped")] * 2
    assert [each.source for each in stops()] == ["asked"]
    actors = {each.stream: each.actor for each in rows(Event, Event.kind == "text.number.stopped")}
    assert actors == {juniper.id: peer.ref, aspen.id: None}
    assert alerts() == []
    says("START", at=SUNDAY + HOUR)
    assert stops() == []


def test_by_its_thread_too_and_lifted_by_hand(app: Flask, juniper: House, actor_in: ActorIn) -> None:
    dana = actor_in(juniper.id)
    sam = person_at(juniper, consents=(Purpose.CARING,))
    thread_id = says("no idea who you are").thread_id
    stopping.wrong_number(dana, thread_id, SUNDAY + MINUTE)
    assert [(each.ended_why, each.ended_by) for each in rows(Consent)] == [("wrong-number", dana.ref)]
    assert stopping.lift(dana, sam.id, SUNDAY + HOUR) is True
    assert stops() == []
    assert [each.number_bad for each in rows(Correspondent)] == [None]
    assert stopping.lift(dana, sam.id, SUNDAY + HOUR) is False
    assert kinds(juniper)[-1] == "text.number.started"


def test_a_stop_that_came_to_a_wrong_number_outlasts_the_mistake(app: Flask, juniper: House, actor_in: ActorIn) -> None:
    dana, sam = actor_in(juniper.id), person_at(juniper, consents=(Purpose.CARING,))
    stopping.wrong_number(dana, sam.id, SUNDAY)
    says("STOP", at=SUNDAY + MINUTE)
    with pytest.raises(NumberOptedOut):
        stopping.lift(dana, sam.id, SUNDAY + HOUR)
    assert [each.source for each in stops()] == ["wrong-number"]
    says("START", at=SUNDAY + 2 * HOUR)
    assert stopping.lift(dana, sam.id, SUNDAY + 3 * HOUR) is True
    assert stops() == []


def test_only_their_own_start_undoes_the_providers_word(app: Flask, juniper: House, actor_in: ActorIn) -> None:
    thread_id = says("STOP").thread_id
    with pytest.raises(NumberOptedOut):
        stopping.lift(actor_in(juniper.id), thread_id, SUNDAY + HOUR)
    assert len(stops()) == 1


def test_a_tap_beside_a_stop_does_not_make_it_one_that_a_tap_undoes(
    app: Flask, juniper: House, actor_in: ActorIn
) -> None:
    dana, thread_id = actor_in(juniper.id), says("STOP").thread_id
    stopping.asked_not_to(dana, thread_id, SUNDAY + MINUTE)
    with pytest.raises(NumberOptedOut):
        stopping.lift(dana, thread_id, SUNDAY + HOUR)
    assert [(each.source, each.said_at) for each in stops()] == [("stop", SUNDAY + MINUTE)]


def test_what_was_not_meant_as_stop_is_lifted_and_texts_go_on(app: Flask, juniper: House, actor_in: ActorIn) -> None:
    waiting = text_to(juniper, purpose=Purpose.ANSWER)
    thread_id = says("Stop it hurts").thread_id
    assert stopping.lift(actor_in(juniper.id, Role.PEER), thread_id, SUNDAY + MINUTE)
    assert isinstance(through_the_gate(waiting), gate.Go)


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.BOARD_READER])
def test_who_may_not_and_who_is_of_another_house(
    app: Flask, juniper: House, aspen: House, actor_in: ActorIn, role: Role
) -> None:
    sam = person_at(juniper)
    for actor in (actor_in(juniper.id, role), actor_in(aspen.id, Role.DIRECTOR)):
        for act in (stopping.asked_not_to, stopping.wrong_number, stopping.lift):
            with pytest.raises(NotFound):
                act(actor, sam.id, SUNDAY)  # type: ignore[operator]
    assert (stops(), kinds(juniper)) == ([], [])


def test_nobody_without_a_number_can_be_left_alone(app: Flask, juniper: House, actor_in: ActorIn) -> None:
    sam = person_at(juniper)
    with transaction() as session:
        session.get_one(Correspondent, sam.id).number_index = None
    with pytest.raises(NoNumber):
        stopping.asked_not_to(actor_in(juniper.id), sam.id, SUNDAY)


def test_two_houses_at_once_make_one_stop(app: Flask, juniper: House, aspen: House, actor_in: ActorIn) -> None:
    acts = [(actor_in(house.id), person_at(house).id) for house in (juniper, aspen) for _ in range(3)]
    failed: list[Exception] = []

    def act(actor: Actor, whose: object) -> None:
        with app.app_context():
            try:
                stopping.asked_not_to(actor, whose, SUNDAY)  # type: ignore[arg-type]
            except Exception as error:
                failed.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=act, args=each) for each in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert failed == []
    assert len(stops()) == len(rows(NumberStop)) == 1


def test_the_senders_stop_needs_no_house(app: Flask, juniper: House) -> None:
    """The provider says 21610 while a text is handed over: no house's lock is taken under the text's row."""
    waiting = text_to(juniper)
    with transaction() as session:
        assert stopping.stop_number(session, number_mark(SAM), source="twilio", said_at=SUNDAY, now=SUNDAY) == 1
    assert states(waiting) == [(State.SUPPRESSED, "stopped")]
    with transaction() as session:
        stopping.stop_number(session, number_mark(SAM), source="stop", said_at=SUNDAY, now=SUNDAY)
    assert [each.source for each in stops()] == ["twilio"], "what the provider holds outlasts what was said"


@pytest.mark.parametrize("code", [21610, 21211])
def test_who_writes_an_answer_down_waits_for_nobody_who_may_wait_for_its_text(
    app: Flask, juniper: House, database_url: str, code: int
) -> None:
    """An erasing has the person and what waits, and comes to this text next; on PostgreSQL that was a circle."""
    if database_url.startswith("sqlite"):
        pytest.skip("one writes at a time there")
    sam = person_at(juniper)
    now, later = text_to(juniper, purpose=Purpose.ANSWER, not_before=SUNDAY), text_to(juniper)
    _touched, claimed = sending.claim(SUNDAY)
    assert claimed is not None
    with db.engine.connect() as erasing:
        erasing.execute(sa.text("SET lock_timeout = 60000"))
        for row in (later, sam):
            erasing.execute(sa.select(type(row).id).where(type(row).id == row.id).with_for_update())
        with waiting_at_most(2):
            sending.write_down(claimed, Refused(400, code), SUNDAY)
        erasing.rollback()
    ended, waits = states(now, later)
    assert ended[0] in (State.SUPPRESSED, State.FAILED)
    assert waits == (State.SCHEDULED, None)
    if code == 21610:
        assert through_the_gate(later) == gate.End(State.SUPPRESSED, "no-consent")
        assert [each.source for each in stops()] == ["twilio"]
