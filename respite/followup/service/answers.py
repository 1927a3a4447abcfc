"""What a guest writes back: any words count as an answer, and a person reads them; one letter asks for a call."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK
from respite.core.due import clear_due
from respite.followup import events
from respite.followup.models import FollowUp, State
from respite.followup.policy.steps import CALL_TEXT as CALL
from respite.followup.policy.steps import Asks, Way
from respite.followup.service.asking import reached, text_of
from respite.followup.service.ground import LOOK, person_of, tell, theirs_of
from respite.followup.service.promises import let_call_go, promise_call, soon_in
from respite.guests.service.offer_words import said_time
from respite.houses.models import House
from respite.messaging.models import Correspondent, Inbound, ReplyCode
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.policy.short_answers import Word
from respite.messaging.policy.stopping_words import Means
from respite.messaging.service.codes import end_code
from respite.messaging.service.questions import Question
from respite.messaging.service.replying import Understood
from respite.promises.models import Promise
from respite.promises.policy import State as PromiseState

HEARD, CALL_YES = "follow-up-heard", "follow-up-call-yes"
#: These are no answer to how somebody is.
_NO_ANSWER = (Means.STOP, Means.STOP_PERHAPS, Means.WRONG_NUMBER)


def came_in(session: Session, inbound: Inbound, means: Means, now: datetime) -> None:
    """Whatever somebody writes back answers what they were asked last, and nothing else is made of it here."""
    if means in _NO_ANSWER:
        return
    theirs = sa.select(Correspondent).where(
        Correspondent.number_index == inbound.number_index,
        Correspondent.house_id == inbound.house_id,
        Correspondent.kind == CorrespondentKind.GUEST,
    )
    people = session.scalars(theirs).all()
    if len(people) == 1:  # of two on one phone nobody knows who it was
        row = _asked_last(session, people[0].subject_id)
        if row is not None:
            answered(session, row, now)


def answered(session: Session, row: FollowUp, now: datetime) -> None:
    """They answered, so it reached them."""
    if row.answered_at is not None:
        return
    reached(session, row, now, now)
    if row.asks != Asks.CALL:
        clear_due(session, row.id, LOOK)
    row.state, row.came, row.answered_at = State.ANSWERED, None, now
    session.flush()
    tell(session, row, events.ANSWERED, CLOCK, now, way=row.way)


def call_answered(
    session: Session, row_id: uuid.UUID, guest_id: uuid.UUID, word: Word, now: datetime
) -> Understood | None:
    """Y or N to a call, the last word counting. Said twice, one call is promised, and its time is the one told."""
    row = session.get(FollowUp, row_id, populate_existing=True)
    if row is None or row.guest_id != guest_id or word not in (Word.YES, Word.NO):
        return None
    answered(session, row, now)
    end_code(session, CALL, row.id, now)
    if word == Word.NO:
        let_call_go(session, row, CLOCK, now)
        return Understood(row.house_id, HEARD)
    house = session.get_one(House, row.house_id)
    theirs = theirs_of(house, person_of(session, row))
    promise = session.get(Promise, row.promise_id) if row.promise_id is not None else None
    if promise is None or promise.state != PromiseState.OPEN:
        promise = promise_call(session, row, soon_in(theirs, now), now)
    at = promise.due_at or soon_in(theirs, now)
    return Understood(row.house_id, CALL_YES, {"time_words": _when(session, row, at, theirs.zones[0], now)})


def open_calls(session: Session, guest_id: uuid.UUID, now: datetime) -> list[Question]:
    """The question of a call that stands open to a guest."""
    asked = sa.select(FollowUp).join(ReplyCode, ReplyCode.subject_id == FollowUp.id)
    live = (ReplyCode.kind == CALL, ReplyCode.ended_at.is_(None))
    rows = session.scalars(asked.where(FollowUp.guest_id == guest_id, *live).order_by(FollowUp.asked_at))
    return [Question(CALL, row.id, row.house_id, frozenset((Word.YES, Word.NO))) for row in rows]


def _asked_last(session: Session, guest_id: uuid.UUID) -> FollowUp | None:
    """What they were asked last, by a text that left; it may be answered already, and then nothing is newer."""
    rows = session.scalars(
        sa.select(FollowUp)
        .where(
            FollowUp.guest_id == guest_id,
            FollowUp.way == Way.TEXT,
            FollowUp.asked_at.is_not(None),
            FollowUp.state != State.OVER,
        )
        .order_by(FollowUp.asked_at.desc(), FollowUp.after.desc())
    )
    for row in rows:
        text = text_of(session, row)
        if text is not None and text.posted_at is not None:
            return row
    return None


def _when(session: Session, row: FollowUp, at: datetime, zone: str, now: datetime) -> str:
    """The day and the hour of a call, where they are, in the language of their texts."""
    person = person_of(session, row)
    language = person.language if person is not None else session.get_one(House, row.house_id).language
    return said_time(at, zone, language, now)
