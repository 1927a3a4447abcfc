""" "A second person is wanted": one tap, and those on call are asked one after another, then those who lead the house.

Who said yes stands there by name and time, and has a place that is watched like any other. A text says until when and
nothing of why.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor, ActorKind
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import DueRow, clear_due, handles, set_due, take
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.messaging.models import Message, ReplyCode
from respite.messaging.policy.short_answers import Word
from respite.messaging.purposes import Purpose
from respite.messaging.service.codes import code_for, end_code
from respite.messaging.service.questions import Question
from respite.messaging.service.replying import Understood
from respite.messaging.service.writing import cancel_where
from respite.staffing import events
from respite.staffing.errors import NotAsked
from respite.staffing.models import NOBODY, CallIn, Shift, ShiftStep
from respite.staffing.policy.duty import Duty
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.policy.watching import COMES, PASSES, Step
from respite.staffing.queries.duty import duty_on
from respite.staffing.queries.shifts import asked_to_read
from respite.staffing.queries.watching import asked, on_call_in_order, steps_about
from respite.staffing.service.coming import come_in
from respite.staffing.service.shifts import works_here
from respite.staffing.service.texting import clock_of, language_of, tell
from respite.staffing.service.watching import LEADS, PARTS, note

CALL, CALL_GOES_ON = "call-in", "staffing.call.goes-on"
USUAL = timedelta(hours=4)  # where no shift on the floor says until when


def want_second(actor: Actor, house_id: uuid.UUID, *, now: datetime) -> CallIn:
    """Ask for a second person, until the end of the shift that is on. Wanted already: that call is returned."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        standing = session.scalar(
            sa.select(CallIn).where(CallIn.house_id == house_id, CallIn.ended_at.is_(None), CallIn.until > now).limit(1)
        )
        if standing is not None:
            return standing
        call = CallIn(house_id=house_id, asked_by=actor.ref, asked_at=now, until=_until(session, house_id, now))
        session.add(call)
        session.flush()
        record(session, house_id, events.CALL_MADE, subject=call.id, actor=actor, at=now, parts=PARTS, until=call.until)
        _go_on(session, call, now)
    return call


def end_call(actor: Actor, call_id: uuid.UUID, *, version_seen: int | None = None, now: datetime) -> CallIn:
    """Nobody is needed any more; whoever said yes keeps their place until they or the house say otherwise."""
    with transaction() as session:
        call = locked_row(session, actor, CallIn, call_id, May.KEEP_BEDS, version_seen)
        if call.ended_at is None:
            call.ended_at = now
            _settled(session, call, now)
            record(session, call.house_id, events.CALL_ENDED, subject=call.id, actor=actor, at=now, parts=PARTS)
    return call


def call_answered(actor: Actor, call_id: uuid.UUID, person_id: uuid.UUID, answer: str, *, now: datetime) -> CallIn:
    """What somebody said whom a colleague called, or says themselves on the desk. Raises NotAsked."""
    with transaction() as session:
        call = locked_row(session, actor, CallIn, call_id, May.KEEP_BEDS)
        if answer == "looks-after":  # a lead's yes; they may send somebody or come themselves
            answer = COMES
        if answer not in (COMES, PASSES) or person_id not in _asked(session, call):
            raise NotAsked
        _answer(session, call, person_id, answer, "screen" if person_id == actor.id else "call", now)
    return call


def answer_call(
    session: Session, call_id: uuid.UUID, person_id: uuid.UUID, word: Word, now: datetime
) -> Understood | None:
    """Yes or no by text."""
    call = session.get(CallIn, call_id)
    if call is None or word not in (Word.YES, Word.NO) or not works_here(session, call.house_id, person_id):
        return None
    if call.comes_id == person_id and word == Word.YES:
        return Understood(call.house_id, "answer-coming", _words(session, call, person_id))
    if call.ended_at is not None or call.comes_id is not None or person_id not in _asked(session, call):
        return Understood(call.house_id, "answer-settled")
    _answer(session, call, person_id, COMES if word == Word.YES else PASSES, "text", now)
    if word == Word.NO:
        return Understood(call.house_id, "answer-passes")
    return Understood(call.house_id, "answer-coming", _words(session, call, person_id))


def asks_of_calls(session: Session, person_id: uuid.UUID, now: datetime) -> list[Question]:
    about = sa.select(ShiftStep.about_id).where(ShiftStep.told_id == person_id)
    found = session.execute(
        sa.select(CallIn.id, CallIn.house_id)
        .join(ReplyCode, sa.and_(ReplyCode.subject_id == CallIn.id, ReplyCode.ended_at.is_(None)))
        .where(CallIn.id.in_(about), CallIn.ended_at.is_(None), CallIn.comes_id.is_(None), CallIn.until > now)
    )
    return [Question(CALL, call_id, house_id, frozenset({Word.YES, Word.NO})) for call_id, house_id in found]


@handles(CALL_GOES_ON)
def call_goes_on(row: DueRow, now: datetime) -> None:
    """Nobody answered in time: ask the next. At its end a call is over."""
    with transaction() as session:
        if row.house_id is None:
            return
        lock_house(session, CLOCK, row.house_id, May.SEE_SHIFTS)
        if not take(session, row):
            return
        call = session.get(CallIn, row.subject, populate_existing=True)
        if call is None or call.ended_at is not None:
            return
        if call.until <= now:
            call.ended_at = now
            _settled(session, call, now)
            record(session, call.house_id, events.CALL_ENDED, subject=call.id, actor=CLOCK, at=now, parts=PARTS)
        elif call.comes_id is None:
            _go_on(session, call, now)
        else:
            set_due(session, CALL_GOES_ON, call.id, call.until, call.house_id)


def _go_on(session: Session, call: CallIn, now: datetime) -> None:
    """Ask the next who was not asked; where no text reaches them, the one after at once."""
    house = session.get_one(House, call.house_id)
    while True:
        known = _asked(session, call)
        on_call = [each for each in on_call_in_order(session, house.id, now) if each not in known]
        if on_call:
            if _ask(session, house, call, Step.ASK_ON_CALL, on_call[0], now):
                break
            continue
        leads = [each for each in asked_to_read(session, house.id, LEADS, now) if each not in known]
        for person_id in leads:
            _ask(session, house, call, Step.ASK_LEAD, person_id, now)
        record(session, house.id, events.SHIFT_WATCHED, subject=call.id, actor=CLOCK, at=now, parts=PARTS)
        set_due(session, CALL_GOES_ON, call.id, call.until, house.id)
        return
    record(session, house.id, events.SHIFT_WATCHED, subject=call.id, actor=CLOCK, at=now, parts=PARTS)
    goes_on = now + timedelta(minutes=_duty(session, house, now).on_call_answers)
    set_due(session, CALL_GOES_ON, call.id, min(goes_on, call.until), house.id)


def _ask(session: Session, house: House, call: CallIn, step: Step, person_id: uuid.UUID, now: datetime) -> bool:
    code = str(code_for(session, house.id, CALL, call.id, now))
    message = tell(
        session, house, person_id, "second-wanted", {**_words(session, call, person_id), "code": code},
        purpose=Purpose.DUTY, dedupe_key=f"call:{call.id}:{person_id}", now=now, not_after=call.until,
    )  # fmt: skip
    note(session, house.id, _key(call), step, person_id, "text" if message is not None else "call", now)
    return message is not None


def _answer(session: Session, call: CallIn, person_id: uuid.UUID, answer: str, how: str, now: datetime) -> None:
    if call.comes_id is not None or person_id in asked(_rows(session, call), answer):
        return
    note(session, call.house_id, _key(call), answer, person_id, how, now)
    if answer == PASSES:
        _go_on(session, call, now)
        return
    house = session.get_one(House, call.house_id)
    call.comes_id, call.answered_at = person_id, now
    begin = min(now + timedelta(minutes=_duty(session, house, now).on_way_gives), call.until - timedelta(minutes=1))
    come_in(session, house.id, person_id, max(begin, now), call.until, now)
    _settled(session, call, now)
    set_due(session, CALL_GOES_ON, call.id, call.until, house.id)
    actor = Actor(ActorKind.PERSON, person_id)
    record(session, house.id, events.SHIFT_WATCHED, subject=call.id, actor=actor, at=now, parts=PARTS, step=answer)


def _settled(session: Session, call: CallIn, now: datetime) -> None:
    clear_due(session, call.id, CALL_GOES_ON)
    cancel_where(session, "answered", now, Message.dedupe_key.startswith(f"call:{call.id}:"))
    end_code(session, CALL, call.id, now)
    session.flush()


def _rows(session: Session, call: CallIn) -> list[ShiftStep]:
    return steps_about(session, *_key(call))


def _asked(session: Session, call: CallIn) -> list[uuid.UUID]:
    return asked(_rows(session, call), Step.ASK_ON_CALL, Step.ASK_LEAD)


def _key(call: CallIn) -> tuple[uuid.UUID, uuid.UUID, datetime]:
    return call.id, NOBODY, call.asked_at


def _words(session: Session, call: CallIn, person_id: uuid.UUID) -> dict[str, str]:
    house = session.get_one(House, call.house_id)
    return {"time_words": clock_of(call.until, house, language_of(session, house, person_id))}


def _duty(session: Session, house: House, now: datetime) -> Duty:
    return duty_on(session, house, local(now, house.timezone).date())


def _until(session: Session, house_id: uuid.UUID, now: datetime) -> datetime:
    """The end of the floor shift that is on now and ends last; some hours where that is none."""
    last = session.scalar(
        sa.select(sa.func.max(Shift.ends_at)).where(
            Shift.house_id == house_id,
            Shift.kind == ShiftKind.FLOOR,
            Shift.published_at.is_not(None),
            Shift.starts_at <= now,
            Shift.ends_at > now + timedelta(minutes=30),
        )
    )
    return last or now + USUAL
