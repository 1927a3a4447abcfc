"""What people answer around a shift, by text or told on the telephone: on their way, here, can't come; I come in."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.messaging.policy.short_answers import Word
from respite.messaging.service.questions import Question
from respite.messaging.service.replying import Understood
from respite.staffing import events
from respite.staffing.errors import NotAsked, ShiftOver, ShiftTooFar
from respite.staffing.models import Shift
from respite.staffing.policy.shifts import EARLIEST_COMING, ShiftKind
from respite.staffing.policy.watching import COMES, LADDER, LOOKS_AFTER, PASSES, Step, waits_until
from respite.staffing.queries.shifts import asked_to_read
from respite.staffing.queries.watching import asked
from respite.staffing.service.cannot_come import give_back
from respite.staffing.service.coming import come_in, say_on_way
from respite.staffing.service.shifts import say_came, works_here
from respite.staffing.service.texting import clock_of, language_of
from respite.staffing.service.watching import LEADS, PARTS, Watched, arm, go_on, settle_down, watched

SHIFT = "shift"
ON_WAY_OR_HERE = frozenset({Word.ONE, Word.TWO})


def asks_of_shifts(session: Session, person_id: uuid.UUID, now: datetime) -> list[Question]:
    """What a bare "1" or "2" is about: the next shift they have not come to; "2" again, the one they came to."""
    found = list(
        session.scalars(
            sa.select(Shift)
            .where(
                Shift.person_id == person_id,
                Shift.kind == ShiftKind.FLOOR,
                Shift.published_at.is_not(None),
                Shift.went_at.is_(None),
                Shift.ends_at > now,
                Shift.starts_at <= now + EARLIEST_COMING,
            )
            .order_by(Shift.starts_at, Shift.id)
        )
    )
    shift = next((each for each in found if each.came_at is None), next(iter(found), None))
    return [] if shift is None else [Question(SHIFT, shift.id, shift.house_id, ON_WAY_OR_HERE)]


def answer_shift(
    session: Session, shift_id: uuid.UUID, person_id: uuid.UUID, word: Word, now: datetime
) -> Understood | None:
    """ "1" or "2" of the one whose shift it is. None where it is over or far off: then a person reads it."""
    shift = session.get(Shift, shift_id)
    if shift is None or shift.person_id != person_id or not works_here(session, shift.house_id, person_id):
        return None
    actor = Actor(ActorKind.PERSON, person_id)
    try:
        if word == Word.TWO or (word == Word.ONE and shift.came_at is not None):
            say_came(session, shift, actor, now)
            return Understood(shift.house_id, "answer-here")
        if word == Word.ONE:
            say_on_way(session, shift, actor, now)
            return Understood(
                shift.house_id, "answer-on-way", {"time_words": _looked_for(session, shift, person_id, now)}
            )
    except (ShiftOver, ShiftTooFar):
        return None
    return None


def _looked_for(session: Session, shift: Shift, person_id: uuid.UUID, now: datetime) -> str:
    """By when somebody who is on their way is looked for."""
    on = watched(session, shift, now)
    until = waits_until(shift.on_way_at, on.duty) or shift.starts_at
    return clock_of(max(until, shift.starts_at), on.house, language_of(session, on.house, person_id))


def answer_come_in(
    session: Session, shift_id: uuid.UUID, person_id: uuid.UUID, word: Word, now: datetime
) -> Understood | None:
    """Yes or no of somebody on call, or of a lead, who was asked because nobody is here yet."""
    shift = session.get(Shift, shift_id)
    if shift is None or word not in (Word.YES, Word.NO) or not works_here(session, shift.house_id, person_id):
        return None
    on = watched(session, shift, now)
    rows = on.rows()
    if person_id in asked(rows, COMES):
        return Understood(shift.house_id, "answer-coming", _until(on, person_id))
    if person_id in asked(rows, LOOKS_AFTER):
        return Understood(shift.house_id, "answer-looks-after")
    if _settled(on) or person_id not in asked(rows, *LADDER):
        return Understood(shift.house_id, "answer-settled")
    actor = Actor(ActorKind.PERSON, person_id)
    if word == Word.NO:
        _passes(on, person_id, "text", actor)
        return Understood(shift.house_id, "answer-passes")
    if person_id in asked(rows, Step.ASK_LEAD):
        _answered(on, LOOKS_AFTER, person_id, "text", actor)
        return Understood(shift.house_id, "answer-looks-after")
    _comes(on, person_id, "text", actor)
    return Understood(shift.house_id, "answer-coming", _until(on, person_id))


def answered(actor: Actor, shift_id: uuid.UUID, person_id: uuid.UUID, answer: str, *, now: datetime) -> Shift:
    """What somebody said whom a colleague called, or what they say themselves on the desk: comes, passes, looks-after,
    on-way, cannot-come. Raises NotAsked for who has nothing to do with it."""
    with transaction() as session:
        shift = locked_row(session, actor, Shift, shift_id, May.KEEP_BEDS)
        on, how = watched(session, shift, now), "screen" if person_id == actor.id else "call"
        leads = asked_to_read(session, shift.house_id, LEADS, now)
        if shift.ends_at <= now:
            raise ShiftOver
        if answer in ("on-way", "cannot-come") and shift.person_id == person_id:
            if answer == "on-way":
                say_on_way(session, shift, actor, now)
            else:
                give_back(session, shift, Actor(ActorKind.PERSON, person_id), now)
        elif answer == LOOKS_AFTER and person_id in leads:
            _answered(on, LOOKS_AFTER, person_id, how, actor)
        elif answer in (COMES, PASSES) and person_id in asked(on.rows(), *LADDER):
            if not _settled(on):
                (_comes if answer == COMES else _passes)(on, person_id, how, actor)
        else:
            raise NotAsked
    return shift


def _settled(on: Watched) -> bool:
    over = on.shift.ends_at <= on.now or on.shift.came_at is not None
    return over or bool(asked(on.rows(), COMES, LOOKS_AFTER))


def _comes(on: Watched, person_id: uuid.UUID, how: str, actor: Actor) -> None:
    """They get a place of their own from when they can be there, and that one is watched like any other. Whose shift
    it is keeps it: they may still come."""
    begin = on.now + timedelta(minutes=on.duty.on_way_gives)
    end = max(on.shift.ends_at, begin + timedelta(hours=1))
    come_in(on.session, on.house.id, person_id, begin, end, on.now)
    _answered(on, COMES, person_id, how, actor)


def _passes(on: Watched, person_id: uuid.UUID, how: str, actor: Actor) -> None:
    """Not them: the next is asked at once."""
    if person_id not in asked(on.rows(), PASSES):
        on.done(PASSES, person_id, how)
        go_on(on.session, on.shift, on.now, since=on.now, at_once=True)


def _answered(on: Watched, answer: str, person_id: uuid.UUID, how: str, actor: Actor) -> None:
    if person_id not in asked(on.rows(), answer):
        on.done(answer, person_id, how)
    settle_down(on.session, on.shift, on.now)
    arm(on.session, on.shift, on.now)
    record(
        on.session, on.house.id, events.SHIFT_WATCHED, subject=on.shift.id, actor=actor, at=on.now, parts=PARTS,
        step=answer,
    )  # fmt: skip


def _until(on: Watched, person_id: uuid.UUID) -> dict[str, str]:
    language = language_of(on.session, on.house, person_id)
    return {"time_words": clock_of(on.shift.ends_at, on.house, language)}
