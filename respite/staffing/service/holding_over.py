"""Hold-over: those who are on are asked to stay until somebody relieves them, and told when they can go."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor, ActorKind
from respite.audit.service import record
from respite.core.db import transaction
from respite.houses.models import House
from respite.messaging.models import Message, ReplyCode
from respite.messaging.policy.short_answers import Word
from respite.messaging.purposes import Purpose
from respite.messaging.service.codes import code_for, end_code
from respite.messaging.service.questions import Question
from respite.messaging.service.replying import Understood
from respite.messaging.service.writing import cancel_where
from respite.staffing import events
from respite.staffing.errors import NotAskedToStay
from respite.staffing.models import Shift
from respite.staffing.queries.watching import outgoing, relieved_by
from respite.staffing.service.shifts import own_shift, say, works_here
from respite.staffing.service.texting import tell

STAY = "stay"
ANSWERS = (Word.YES, Word.NO)


def ask_to_stay(session: Session, house: House, coming: Shift, now: datetime) -> None:
    """Ask those whom a shift relieves, once each; it shows on the desk and on their own page too."""
    for shift in outgoing(session, coming):
        if shift.asked_to_stay_at is not None or shift.person_id is None:
            continue
        shift.asked_to_stay_at = now
        code = code_for(session, house.id, STAY, shift.id, now)
        tell(
            session, house, shift.person_id, "shift-stay", {"code": str(code)}, purpose=Purpose.DUTY,
            dedupe_key=f"stay:{shift.id}:{shift.person_id}", now=now, not_after=coming.ends_at,
        )  # fmt: skip
    session.flush()


def stays(actor: Actor, shift_id: uuid.UUID, *, now: datetime) -> Shift:
    """ "I stay until somebody is here." Raises NotAskedToStay for a shift whose holder was not asked, or who went."""
    with transaction() as session:
        shift = own_shift(session, actor, shift_id)
        say_stays(session, shift, actor, now)
    return shift


def say_stays(session: Session, shift: Shift, actor: Actor, now: datetime) -> None:
    if shift.asked_to_stay_at is None or shift.went_at is not None:
        raise NotAskedToStay
    if shift.stays_on_at is None:
        shift.stays_on_at = now
        say(session, shift, events.SHIFT_STAYS, actor, now)


def cannot_stay(actor: Actor, shift_id: uuid.UUID, *, now: datetime) -> Shift:
    """ "I can't": they go, and no reason is asked. Raises NotAskedToStay as `stays` does."""
    with transaction() as session:
        shift = own_shift(session, actor, shift_id)
        say_cannot_stay(session, shift, actor, now)
    return shift


def say_cannot_stay(session: Session, shift: Shift, actor: Actor, now: datetime) -> None:
    if shift.asked_to_stay_at is None or shift.went_at is not None:
        raise NotAskedToStay
    shift.stays_on_at, shift.went_at = None, max(min(now, shift.ends_at), shift.starts_at)
    end_code(session, STAY, shift.id, now)
    say(session, shift, events.SHIFT_WENT, actor, now)


def relieve(session: Session, coming: Shift, actor: Actor, now: datetime) -> None:
    """Somebody came: those who stayed for them are told that they can go, once nobody else of the next is missing."""
    if coming.came_at is None or coming.went_at is not None:
        return
    house = session.get_one(House, coming.house_id)
    for shift in relieved_by(session, coming):
        cancel_where(session, "answered", now, Message.dedupe_key == f"stay:{shift.id}:{shift.person_id}")
        end_code(session, STAY, shift.id, now)
        if shift.stays_on_at is None or shift.person_id is None:
            shift.asked_to_stay_at = None  # they went at their end, or go now; nothing is asked any more
            continue
        shift.went_at = now
        session.flush()
        tell(
            session, house, shift.person_id, "shift-relieved", {}, purpose=Purpose.DUTY,
            dedupe_key=f"relieved:{shift.id}:{shift.person_id}", now=now,
        )  # fmt: skip
        record(
            session, house.id, events.SHIFT_RELIEVED, subject=shift.id, actor=CLOCK, at=now,
            parts=("people", "watch"), person_id=shift.person_id,
        )  # fmt: skip
    session.flush()


def asks_to_stay(session: Session, person_id: uuid.UUID, _now: datetime) -> list[Question]:
    """Whether they can stay on, while nobody has come to relieve them."""
    found = session.execute(
        sa.select(Shift.id, Shift.house_id)
        .join(ReplyCode, ReplyCode.subject_id == Shift.id)
        .where(
            Shift.person_id == person_id,
            Shift.asked_to_stay_at.is_not(None),
            Shift.went_at.is_(None),
            ReplyCode.kind == STAY,
            ReplyCode.ended_at.is_(None),
        )
    )
    return [Question(STAY, shift_id, house_id, frozenset(ANSWERS)) for shift_id, house_id in found]


def answer_stay(
    session: Session, shift_id: uuid.UUID, person_id: uuid.UUID, word: Word, now: datetime
) -> Understood | None:
    """ "Y42" or "N42" to the question whether they stay."""
    shift = session.get(Shift, shift_id)
    if shift is None or shift.person_id != person_id or word not in ANSWERS:
        return None
    if not works_here(session, shift.house_id, person_id):
        return None
    if shift.asked_to_stay_at is None or shift.went_at is not None:
        return Understood(shift.house_id, "answer-settled")
    actor = Actor(ActorKind.PERSON, person_id)
    if word == Word.YES:
        say_stays(session, shift, actor, now)
        return Understood(shift.house_id, "answer-stays")
    say_cannot_stay(session, shift, actor, now)
    return Understood(shift.house_id, "answer-goes")
