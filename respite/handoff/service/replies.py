"""Answers by text of those who are on call: "I have it", or "not me"."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.handoff.models import Handoff
from respite.handoff.service.calling import HANDOFF, ask_next, asked_about
from respite.handoff.service.taking import taken_by_text
from respite.messaging.models import ReplyCode
from respite.messaging.policy.short_answers import Word
from respite.messaging.service.questions import Question
from respite.messaging.service.replying import Understood
from respite.staffing.models import ShiftStep
from respite.staffing.service.shifts import works_here


def answer_handoff(
    session: Session, handoff_id: uuid.UUID, person_id: uuid.UUID, word: Word, now: datetime
) -> Understood | None:
    """ "Y42": I have it; "N42": not me, ask the next."""
    handoff = session.get(Handoff, handoff_id)
    if handoff is None or word not in (Word.YES, Word.NO) or not works_here(session, handoff.house_id, person_id):
        return None
    asked = asked_about(session, handoff)
    if person_id not in asked:
        return None
    if word == Word.NO:
        # Said twice, or when the next was asked already, it wakes nobody more.
        if handoff.taken_at is None and person_id == asked[-1]:
            ask_next(session, handoff, now)
        return Understood(handoff.house_id, "answer-passes")
    taken_by_text(session, Actor(ActorKind.PERSON, person_id), handoff, person_id, now)
    return Understood(handoff.house_id, "answer-looks-after")


def asks_of_handoffs(session: Session, person_id: uuid.UUID, _now: datetime) -> list[Question]:
    about = sa.select(ShiftStep.about_id).where(ShiftStep.told_id == person_id)
    found = session.execute(
        sa.select(Handoff.id, Handoff.house_id)
        .join(ReplyCode, sa.and_(ReplyCode.subject_id == Handoff.id, ReplyCode.ended_at.is_(None)))
        .where(Handoff.id.in_(about), Handoff.taken_at.is_(None))
    )
    return [Question(HANDOFF, row_id, house_id, frozenset({Word.YES, Word.NO})) for row_id, house_id in found]
