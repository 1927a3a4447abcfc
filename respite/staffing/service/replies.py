"""Which question a peer's short text answers, and who lets it take effect.

A number names its question. A bare word counts where exactly one question that takes it is open to that person; where
several are, they are asked which one, and where none is, a person reads it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from respite.messaging.models import Correspondent
from respite.messaging.service.replying import Understood
from respite.staffing.policy.short_answers import Said, Word, said
from respite.staffing.service.codes import meant_by
from respite.staffing.service.peer_phone import LOST
from respite.staffing.service.texting import stepped_back


@dataclass(frozen=True, slots=True)
class Question:
    """Something that a person was asked and that a bare word can answer."""

    kind: str
    subject_id: uuid.UUID
    house_id: uuid.UUID
    takes: frozenset[Word]


#: `(session, subject_id, person_id, word, now)`; None where it makes no sense, so that a person reads it. It answers
#: the same where the same is said again, and after the question is over.
Answers = Callable[[Session, uuid.UUID, uuid.UUID, Word, datetime], Understood | None]
#: `(session, person_id, now)`: the questions that stand open to a person.
Asks = Callable[[Session, uuid.UUID, datetime], list[Question]]

_answers: dict[str, Answers] = {}
_asks: list[Asks] = []


def answers(kind: str, takes_it: Answers, asks: Asks | None = None) -> None:
    """Declare what answers a kind of question, inside the feature's wiring."""
    _answers[kind] = takes_it
    if asks is not None and asks not in _asks:
        _asks.append(asks)


class ShortAnswers:
    """What messaging asks about each text of a peer that may be one."""

    def houses(self, session: Session, peers: Sequence[Correspondent], body: str) -> set[uuid.UUID]:
        words = said(body)
        if words is None:
            return set()
        code = meant_by(session, words.code) if words.code is not None else None
        if words.code is not None:
            return {code.house_id} & {peer.house_id for peer in peers} if code is not None else set()
        return {peer.house_id for peer in peers}

    def act(self, session: Session, peers: Sequence[Correspondent], body: str, now: datetime) -> Understood | None:
        words, peers = said(body), [peer for peer in peers if counts(session, peer)]
        if words is None or not peers:
            return None
        return (
            self._coded(session, peers, words, now)
            if words.code is not None
            else self._bare(session, peers, words, now)
        )

    def _coded(self, session: Session, peers: Sequence[Correspondent], words: Said, now: datetime) -> Understood | None:
        assert words.code is not None
        code = meant_by(session, words.code)
        if code is None or code.kind not in _answers:
            return None
        # Two who share a phone cannot be told apart; a person sorts it out.
        whose = [peer for peer in peers if peer.house_id == code.house_id]
        if len(whose) != 1:
            return None
        return _answers[code.kind](session, code.subject_id, whose[0].subject_id, words.word, now)

    def _bare(self, session: Session, peers: Sequence[Correspondent], words: Said, now: datetime) -> Understood | None:
        people = {peer.subject_id for peer in peers}
        houses = {peer.house_id for peer in peers}
        if len(people) != 1:
            return None
        (person_id,) = people
        found = [
            question
            for asks in _asks
            for question in asks(session, person_id, now)
            if words.word in question.takes and question.house_id in houses
        ]
        if not found:
            return None
        if len(found) > 1:
            return Understood(found[0].house_id, "answer-which")
        (question,) = found
        return _answers[question.kind](session, question.subject_id, person_id, words.word, now)


def counts(session: Session, peer: Correspondent) -> bool:
    """Whoever stepped back answers nothing for duty, and nobody answers from a phone that is lost."""
    return peer.number_bad != LOST and not stepped_back(session, peer.house_id, peer.subject_id)


SHORT_ANSWERS = ShortAnswers()
