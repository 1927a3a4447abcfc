"""The outbox: a text is a row, written in the transaction of its cause. Nothing is sent here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.messaging.errors import NoNumber, TooLong
from respite.messaging.gateway import put_right
from respite.messaging.models import Message
from respite.messaging.policy.segments import LONGEST, count, tidy
from respite.messaging.policy.states import State
from respite.messaging.policy.templates import render
from respite.messaging.purposes import Purpose, rules_of
from respite.messaging.service.gate import LAST_WORDS
from respite.messaging.service.ground import number_mark
from respite.messaging.service.wordings import words_for

#: A text in one of these has not been handed to anybody and can still be called back.
WAITING = (State.SCHEDULED, State.QUEUED)


def write(
    session: Session,
    house_id: uuid.UUID,
    *,
    number: str | None,
    purpose: Purpose,
    dedupe_key: str,
    made_by: str,
    now: datetime,
    words: str | None = None,
    template: str | None = None,
    fields: Mapping[str, str] | None = None,
    language: str = "en",
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    correspondent_id: uuid.UUID | None = None,
    thread_id: uuid.UUID | None = None,
    answers_id: uuid.UUID | None = None,
) -> Message:
    """Put a text into the outbox, with its words frozen as they are today.

    Either `words` that a person wrote or a `template` with its `fields`. The row that stands under `dedupe_key`
    is returned as it is, so writing twice is writing once. Raises NoNumber, TooLong.
    """
    standing = session.scalar(sa.select(Message).where(Message.dedupe_key == dedupe_key))
    if standing is not None:
        return standing
    if not number:
        raise NoNumber
    wording: int | None = None
    if words is None:
        assert template is not None, "a text has words or a template"
        frame, wording = words_for(session, house_id, template, language)
        words = render(frame, fields or {})
    body = tidy(words)
    if len(body) > LONGEST:
        raise TooLong
    rules, due = rules_of(purpose), not_before or put_right(now)
    message = Message(
        house_id=house_id,
        correspondent_id=correspondent_id,
        thread_id=thread_id,
        purpose=purpose,
        template=template,
        wording=wording,
        language=language,
        segments=count(body).segments,
        number_index=number_mark(number),
        dedupe_key=dedupe_key,
        answers_id=answers_id,
        made_by=made_by,
        made_at=now,
        rank=rules.rank,
        not_before=due,
        not_after=not_after or due + rules.lasts,
        state=State.SCHEDULED if due > now else State.QUEUED,
        next_at=due,
    )
    message.body, message.number = body, number
    session.add(message)
    session.flush()
    return message


def cancel(message: Message, reason: str, now: datetime, state: State = State.CANCELED) -> None:
    """Call a text back that waits. One that was handed over already is left as it is."""
    if message.state in WAITING:
        message.state, message.reason, message.next_at, message.ended_at = state, reason, None, now
        if nothing_to_decide(message):
            message.decided_at = now


def nothing_to_decide(message: Message) -> bool:
    """Answers that leave by themselves: none is owed to a number that wants none, and an alert asks who has to call."""
    if message.purpose != Purpose.AUTOMATIC:
        return False
    too_late = message.state == State.EXPIRED and message.template in LAST_WORDS
    return too_late or message.state == State.SUPPRESSED


def cancel_where(
    session: Session,
    reason: str,
    now: datetime,
    *where: sa.ColumnElement[bool],
    state: State = State.CANCELED,
    pass_over: bool = False,
) -> int:
    """Call back every waiting text that fits; returns how many. In id order, so that two at once cannot block.

    Who holds another text's row has to `pass_over` what somebody else holds, and leave it to the gate.
    """
    rows = sa.select(Message).where(Message.state.in_(WAITING), *where).order_by(Message.id)
    waiting = session.scalars(rows.with_for_update(skip_locked=pass_over)).all()
    for message in waiting:
        cancel(message, reason, now, state)
    session.flush()
    return len(waiting)


def move(session: Session, dedupe_key: str, not_before: datetime, **changed: Any) -> Message | None:
    """Move a waiting text with its cause. None where there is none that still waits."""
    message = session.scalar(sa.select(Message).where(Message.dedupe_key == dedupe_key, Message.state.in_(WAITING)))
    if message is None:
        return None
    late = message.not_after - message.not_before
    message.state, message.not_before, message.next_at = State.SCHEDULED, not_before, not_before
    message.not_after = changed.get("not_after", not_before + late)
    message.reason = None
    return message
