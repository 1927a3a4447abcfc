"""Which question a short text answers, and who lets it take effect.

A number names its question. A bare word counts where exactly one question that takes it is open to whoever has that
phone, be they a guest, a peer or both; where several are, they are asked which one, and where none is, a person reads.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from respite.messaging.models import Correspondent
from respite.messaging.models.people import LOST, CorrespondentKind
from respite.messaging.policy.short_answers import Said, Word, said
from respite.messaging.service.codes import meant_by
from respite.messaging.service.replying import Understood


@dataclass(frozen=True, slots=True)
class Question:
    """Something that a person was asked and that a bare word can answer."""

    kind: str
    subject_id: uuid.UUID
    house_id: uuid.UUID
    takes: frozenset[Word]


#: `(session, subject_id, person_id, word, now)`; None where it makes no sense, so that a person reads it. It answers
#: the same where the same is said again, and after the question is over. `person_id` is the guest's or the peer's own.
Answers = Callable[[Session, uuid.UUID, uuid.UUID, Word, datetime], Understood | None]
#: `(session, person_id, now)`: the questions that stand open to a person.
Asks = Callable[[Session, uuid.UUID, datetime], list[Question]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question, and whether guests or peers are asked it."""

    of: CorrespondentKind
    takes_it: Answers


_kinds: dict[str, Kind] = {}
_asks: list[tuple[CorrespondentKind, Asks]] = []
#: `(session, correspondent)`: whoever answers nothing. Filled by features in their wiring, once each.
answers_nothing: list[Callable[[Session, Correspondent], bool]] = []


def answers(
    kind: str, takes_it: Answers, asks: Asks | None = None, *, of: CorrespondentKind = CorrespondentKind.PEER
) -> None:
    """Declare what answers a kind of question, inside the feature's wiring."""
    _kinds[kind] = Kind(of, takes_it)
    if asks is not None and (of, asks) not in _asks:
        _asks.append((of, asks))


class ShortAnswers:
    """What is asked about each text that may be a short answer, of a guest or of a peer."""

    def houses(self, session: Session, people: Sequence[Correspondent], body: str) -> set[uuid.UUID]:
        words = said(body)
        if words is None:
            return set()
        code = meant_by(session, words.code) if words.code is not None else None
        if words.code is not None:
            return {code.house_id} & {each.house_id for each in people} if code is not None else set()
        return {each.house_id for each in people}

    def act(self, session: Session, people: Sequence[Correspondent], body: str, now: datetime) -> Understood | None:
        words, people = said(body), [each for each in people if counts(session, each)]
        if words is None or not people:
            return None
        return (
            self._coded(session, people, words, now)
            if words.code is not None
            else self._bare(session, people, words, now)
        )

    def _coded(
        self, session: Session, people: Sequence[Correspondent], words: Said, now: datetime
    ) -> Understood | None:
        assert words.code is not None
        code = meant_by(session, words.code)
        kind = _kinds.get(code.kind) if code is not None else None
        if code is None or kind is None:
            return None
        # Two who share a phone cannot be told apart; a person sorts it out.
        whose = [each for each in people if each.house_id == code.house_id and each.kind == kind.of]
        if len(whose) != 1:
            return None
        return _answered(session, kind, code.subject_id, whose[0].subject_id, words.word, now)

    def _bare(self, session: Session, people: Sequence[Correspondent], words: Said, now: datetime) -> Understood | None:
        whose = {(each.kind, each.subject_id) for each in people}
        houses = {each.house_id for each in people}
        if len({kind for kind, _subject in whose}) != len(whose):
            return None  # two guests, or two peers, on one phone
        found = [
            (question, person_id)
            for kind, person_id in sorted(whose)
            for of, asks in _asks
            if of == kind
            for question in asks(session, person_id, now)
            if words.word in question.takes and question.house_id in houses
        ]
        if not found:
            return None
        question, person_id = found[0]
        if len(found) > 1:
            return Understood(question.house_id, "answer-which", whose=person_id)
        return _answered(session, _kinds[question.kind], question.subject_id, person_id, words.word, now)


def counts(session: Session, person: Correspondent) -> bool:
    """Nobody answers from a phone that is lost, nor while they are among those who answer nothing."""
    return person.number_bad != LOST and not any(silent(session, person) for silent in answers_nothing)


def _answered(
    session: Session, kind: Kind, subject_id: uuid.UUID, person_id: uuid.UUID, word: Word, now: datetime
) -> Understood | None:
    understood = kind.takes_it(session, subject_id, person_id, word, now)
    return replace(understood, whose=person_id) if understood is not None else None


SHORT_ANSWERS = ShortAnswers()
