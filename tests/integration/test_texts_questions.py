"""Which question a short text answers; the questions here are the test's own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from respite.core.db import db, transaction
from respite.houses.models import House
from respite.messaging.models import Message, ReplyCode, Thread
from respite.messaging.models.people import LOST, CorrespondentKind
from respite.messaging.policy.short_answers import Word
from respite.messaging.service import questions
from respite.messaging.service.codes import RESTS, code_for, end_code, meant_by
from respite.messaging.service.replying import Understood
from tests.places import SUNDAY
from tests.texts_in import alerts, person_at, rows, says

KIND = "test-question"
PEER, GUEST = "+13035550171", "+13035550172"


class Asked:
    def __init__(self, house: House) -> None:
        self.house_id = house.id
        self.open: list[uuid.UUID] = []
        self.heard: list[tuple[uuid.UUID, uuid.UUID, Word]] = []

    def asks(self, _session: Session, _person: uuid.UUID, _now: datetime) -> list[questions.Question]:
        return [questions.Question(KIND, each, self.house_id, frozenset({Word.YES, Word.NO})) for each in self.open]

    def takes(
        self, _session: Session, subject: uuid.UUID, person: uuid.UUID, word: Word, _now: datetime
    ) -> Understood | None:
        self.heard.append((subject, person, word))
        return Understood(self.house_id, "answer-which") if word in (Word.YES, Word.NO) else None


@pytest.fixture
def asked(juniper: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    asked = Asked(juniper)
    monkeypatch.setattr(questions, "_kinds", {KIND: questions.Kind(CorrespondentKind.PEER, asked.takes)})
    monkeypatch.setattr(questions, "_asks", [(CorrespondentKind.PEER, asked.asks)])
    return asked


@pytest.fixture
def peer(juniper: House) -> uuid.UUID:
    return person_at(juniper, PEER, kind=CorrespondentKind.PEER).subject_id


def question(juniper: House, at: datetime = SUNDAY) -> tuple[uuid.UUID, int]:
    subject = uuid.uuid4()
    with transaction() as session:
        return subject, code_for(session, juniper.id, KIND, subject, at)


def unseen() -> list[datetime]:
    return [thread.unseen_since for thread in rows(Thread) if thread.unseen_since]


def test_a_number_names_its_question_and_nobody_has_to_read_it(juniper: House, asked: Asked, peer: uuid.UUID) -> None:
    subject, code = question(juniper)
    other, _code = question(juniper)
    asked.open = [subject, other]
    text = says(f"Y{code}", PEER)
    assert asked.heard == [(subject, peer, Word.YES)]
    assert [message.template for message in rows(Message, Message.answers_id == text.id)] == ["answer-which"]
    assert not unseen()


def test_the_same_text_twice_does_it_once(juniper: House, asked: Asked, peer: uuid.UUID) -> None:
    subject, code = question(juniper)
    says(f"N{code}", PEER, sid="SM" + "a" * 32)
    says(f"N{code}", PEER, sid="SM" + "a" * 32)
    assert asked.heard == [(subject, peer, Word.NO)]
    assert len(rows(Message)) == 1


def test_a_bare_word_counts_for_the_only_question(juniper: House, asked: Asked, peer: uuid.UUID) -> None:
    subject, _code = question(juniper)
    asked.open = [subject]
    says("yes", PEER)
    assert asked.heard == [(subject, peer, Word.YES)]
    asked.open = [subject, uuid.uuid4()]
    says("yes", PEER)
    assert len(asked.heard) == 1  # asked which one it was
    assert len(rows(Message)) == 2


@pytest.mark.parametrize("body", ["yes", "2", "Y4242", "Y42 from six on, is that fine?"])
def test_what_answers_nothing_is_read_by_people(juniper: House, asked: Asked, peer: uuid.UUID, body: str) -> None:
    says(body, PEER)
    assert not asked.heard
    assert not rows(Message)
    assert unseen() == [SUNDAY]


def test_a_guest_answers_no_question_of_a_peer(juniper: House, asked: Asked, peer: uuid.UUID) -> None:
    _subject, code = question(juniper)
    person_at(juniper, GUEST)
    says(f"Y{code}", GUEST)
    assert not asked.heard
    assert unseen()


@pytest.fixture
def asked_of_guests(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> Asked:
    monkeypatch.setattr(questions, "_kinds", {KIND: questions.Kind(CorrespondentKind.GUEST, asked.takes)})
    monkeypatch.setattr(questions, "_asks", [(CorrespondentKind.GUEST, asked.asks)])
    return asked


def test_a_guest_answers_their_own_in_their_own_language(juniper: House, asked_of_guests: Asked) -> None:
    guest = person_at(juniper, GUEST, language="es")
    subject, code = question(juniper)
    text = says(f"Sí {code}, gracias", GUEST)
    assert asked_of_guests.heard == [(subject, guest.subject_id, Word.YES)]
    (answer,) = rows(Message, Message.answers_id == text.id)
    assert (answer.language, answer.correspondent_id) == ("es", guest.id)
    assert not unseen()
    asked_of_guests.open = [subject]
    says("no", GUEST)
    assert asked_of_guests.heard[1:] == [(subject, guest.subject_id, Word.NO)]


def test_a_peer_answers_no_question_of_a_guest(juniper: House, asked_of_guests: Asked, peer: uuid.UUID) -> None:
    subject, code = question(juniper)
    asked_of_guests.open = [subject]
    says(f"Y{code}", PEER)
    says("yes", PEER)
    assert not asked_of_guests.heard
    assert unseen()


def test_who_is_guest_and_peer_answers_as_the_one_who_was_asked(
    juniper: House, asked_of_guests: Asked, peer: uuid.UUID
) -> None:
    guest = person_at(juniper, PEER, language="es")
    subject, code = question(juniper)
    says("yes", PEER)
    assert not asked_of_guests.heard
    asked_of_guests.open = [subject]
    for body in (f"Y{code}", "yes"):
        text = says(body, PEER)
        assert asked_of_guests.heard.pop() == (subject, guest.subject_id, Word.YES)
        assert [each.language for each in rows(Message, Message.answers_id == text.id)] == ["es"]


def test_two_guests_on_one_phone_are_told_apart_by_people(juniper: House, asked_of_guests: Asked) -> None:
    subject, code = question(juniper)
    asked_of_guests.open = [subject]
    person_at(juniper, GUEST)
    person_at(juniper, GUEST)
    says(f"Y{code}", GUEST)
    says("yes", GUEST)
    assert not asked_of_guests.heard
    assert unseen()


def test_nobody_answers_from_a_phone_that_is_lost(juniper: House, asked_of_guests: Asked) -> None:
    person_at(juniper, GUEST, number_bad=LOST)
    _subject, code = question(juniper)
    says(f"Y{code}", GUEST)
    assert not asked_of_guests.heard
    assert unseen()


def test_two_peers_on_one_phone_are_told_apart_by_people(juniper: House, asked: Asked, peer: uuid.UUID) -> None:
    _subject, code = question(juniper)
    person_at(juniper, PEER, kind=CorrespondentKind.PEER)
    says(f"Y{code}", PEER)
    assert not asked.heard
    assert unseen()


def test_an_answer_that_breaks_is_read_by_people(
    juniper: House, asked: Asked, peer: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> Understood:
        raise RuntimeError

    monkeypatch.setattr(questions, "_kinds", {KIND: questions.Kind(CorrespondentKind.PEER, broken)})
    _subject, code = question(juniper)
    says(f"Y{code}", PEER)
    assert unseen() == [SUNDAY]


def test_what_came_before_still_waits(juniper: House, asked: Asked, peer: uuid.UUID) -> None:
    says("Could somebody call me?", PEER)
    _subject, code = question(juniper)
    says(f"Y{code}", PEER, at=SUNDAY + timedelta(minutes=5))
    assert unseen() == [SUNDAY]


def test_danger_comes_first(juniper: House, asked: Asked, peer: uuid.UUID) -> None:
    _subject, code = question(juniper)
    says(f"N{code} I want to die", PEER)
    assert not asked.heard
    assert alerts()


def test_numbers_are_given_once_and_rest(juniper: House) -> None:
    """All two-digit ones are used before a longer one comes; one that ended comes back after a month."""
    codes = [question(juniper)[1] for _each in range(95)]
    assert len(set(codes)) == 95
    assert sum(code < 100 for code in codes) == 90
    with transaction() as session:
        row = session.query(ReplyCode).filter(ReplyCode.number == codes[0]).one()
        end_code(session, KIND, row.subject_id, SUNDAY)
        again = code_for(session, juniper.id, KIND, uuid.uuid4(), SUNDAY + timedelta(days=1))
        assert again != codes[0]
        ended = meant_by(session, codes[0])
        assert ended is not None
        assert ended.subject_id == row.subject_id
        later = code_for(session, juniper.id, KIND, uuid.uuid4(), SUNDAY + RESTS + timedelta(seconds=1))
        assert later == codes[0]
    db.session.rollback()
