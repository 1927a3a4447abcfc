"""What became of a try: the answer at the door, a status that came later, a listing that showed it.

Everything here runs inside a transaction that has the message's row, and is fenced: what an earlier try brings
back late can prove that a text was taken, and never sends it again.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from respite.core.clock import machine_now
from respite.messaging.gateway import Accepted, Answer, NotReached, Refused, Unclear
from respite.messaging.models import Attempt, Correspondent, Message, Pause
from respite.messaging.models.people import LOST
from respite.messaging.policy.provider_errors import Act, act_after, act_for
from respite.messaging.policy.states import FINAL, State, after_status
from respite.messaging.purposes import MOST_TRIES
from respite.messaging.service.gate import LAST_WORDS
from respite.messaging.service.stopping import stop_number
from respite.messaging.service.writing import WAITING, nothing_to_decide

MOST_SECOND_TRIES = 2  # after the provider said that a text it had taken did not arrive
SOON = timedelta(minutes=2)
LATER = timedelta(minutes=30)
A_DAY = timedelta(hours=24)
TWICE = "maybe-twice"
#: The last look could not be had, since a STOP for the number was being committed. Two seconds later it stands, or not.
STOP_COMES, STOP_STANDS = "stop-comes", timedelta(seconds=2)
LONGEST_REST = 300  # seconds between two tries at a provider that is busy or not there


class Outcome(StrEnum):
    """What is known of one try."""

    OPEN = "open"
    ACCEPTED = "accepted"
    FAILED = "failed"  # taken, and it did not arrive
    REFUSED = "refused"
    UNCLEAR = "unclear"
    NOT_SENT = "not-sent"


def is_mine(message: Message, attempt: Attempt) -> bool:
    """The fence: whether this try is the one the message is waiting for."""
    return message.attempt_no == attempt.n and message.state in (State.SENDING, State.UNKNOWN)


def settle(session: Session, message: Message, attempt: Attempt, answer: Answer, now: datetime) -> None:
    """Write down the provider's answer to a try."""
    if isinstance(answer, Accepted):
        taken(session, message, attempt, answer.sid, answer.status, None, now)
        return
    if attempt.sid is not None:
        return  # a callback or a listing was quicker, and proved that it was taken
    attempt.ended_at = machine_now()
    mine = is_mine(message, attempt)
    match answer:
        case Refused(http, code, retry_after):
            attempt.outcome, attempt.http, attempt.code = Outcome.REFUSED, http, code
            if mine:
                _refused(session, message, act_for(http, code), code, retry_after, now)
        case NotReached():
            attempt.outcome = Outcome.NOT_SENT
            if mine:
                message.tries -= 1
                wait(message, "not-reached", now + resting(message.attempt_no))
        case Unclear(http):
            attempt.outcome, attempt.http = Outcome.UNCLEAR, http
            if mine:
                message.state, message.reason, message.lease_until = State.UNKNOWN, "unclear", None


def call_off(message: Message, attempt: Attempt, reason: str, now: datetime) -> None:
    """A claimed text that was never handed over: the last look found something against it."""
    attempt.outcome, attempt.ended_at = Outcome.NOT_SENT, machine_now()
    if not is_mine(message, attempt):
        return
    if reason == "stopped":
        end(message, State.SUPPRESSED, reason, now)
    else:
        message.tries -= 1
        wait(message, reason, now + STOP_STANDS if reason == STOP_COMES else now)


def taken(
    session: Session,
    message: Message,
    attempt: Attempt,
    sid: str,
    status: str,
    code: int | None,
    now: datetime,
) -> str:
    """The provider has it, under this SID, with this status. Returns what that made of the row."""
    if attempt.sid is not None and attempt.sid != sid:
        _twice(message)
        return "conflict"
    first = attempt.sid is None
    if first:
        attempt.sid, attempt.ended_at = sid, machine_now()
        attempt.outcome = Outcome.ACCEPTED
    if attempt.outcome == Outcome.FAILED:
        return _after_all(message, attempt, sid, status, now)
    if message.sid is not None and message.sid != sid:
        if first:
            _twice(message)
        return "conflict"
    moved = message.sid is None
    if moved:
        # Also where the row had been given up, called back or put to a person: this is what is true.
        message.sid, message.posted_at = sid, message.posted_at or now
        message.state, message.reason = State.ACCEPTED, _still(message)
        message.next_at = message.lease_until = message.ended_at = None
        message.to_tell = False
    return "moved" if _status(session, message, attempt, status, code, now) or moved else "nothing-new"


def _status(session: Session, message: Message, attempt: Attempt, status: str, code: int | None, now: datetime) -> bool:
    state = after_status(State(message.state), status, code)
    if state is None:
        return False
    if state in (State.UNDELIVERED, State.FAILED):
        attempt.outcome, attempt.code = Outcome.FAILED, code
        _did_not_arrive(session, message, attempt, state, code, now)
    elif state in FINAL:
        end(message, state, _still(message), now)
    else:
        message.state, message.reason = state, _still(message)
    return True


def _after_all(message: Message, attempt: Attempt, sid: str, status: str, now: datetime) -> str:
    """Word of a try that had failed. Only "delivered" matters: it arrived after all, and is not sent again."""
    if after_status(State.UNDELIVERED, status, None) != State.DELIVERED or message.state == State.DELIVERED:
        return "nothing-new"
    attempt.outcome = Outcome.ACCEPTED
    if message.state in (*WAITING, State.UNDELIVERED, State.FAILED, State.EXPIRED, State.NEEDS_HUMAN):
        message.sid = sid
        end(message, State.DELIVERED, _still(message), now)
    else:
        _twice(message)
    return "conflict"


def _did_not_arrive(
    session: Session, message: Message, attempt: Attempt, state: State, code: int | None, now: datetime
) -> None:
    act = act_after(code)
    message.error_code = code
    if _a_later_one_is_open(session, message, attempt):
        if act == Act.STOP_NUMBER:
            stop_number(session, message.number_index, source="twilio", said_at=now, now=now, pass_over=True)
        message.state, message.reason, message.sid = State.UNKNOWN, "unclear", None
        return
    failed = session.scalar(
        sa.select(sa.func.count()).where(Attempt.message_id == message.id, Attempt.outcome == Outcome.FAILED)
    )
    once_more = (failed or 0) <= MOST_SECOND_TRIES and message.tries < MOST_TRIES
    if act in (Act.AGAIN_SOON, Act.AGAIN_LATER, Act.WAIT_A_DAY) and once_more:
        at = now + {Act.AGAIN_SOON: SOON, Act.AGAIN_LATER: LATER}.get(act, A_DAY)
        if at < message.not_after:
            message.sid = None
            wait(message, "did-not-arrive", at)
            return
    if act == Act.PAUSE:
        pause_line(session, code, now)
        message.sid, message.tries = None, message.tries - 1
        wait(message, "paused", now)
        return
    _give_up(session, message, state, act, code, now)


def _a_later_one_is_open(session: Session, message: Message, attempt: Attempt) -> bool:
    """Whether nobody knows yet of a later try: then only that one's end says whether the text goes once more."""
    later = sa.select(Attempt.id).where(
        Attempt.message_id == message.id,
        Attempt.n > attempt.n,
        Attempt.n == message.attempt_no,
        Attempt.outcome.in_((Outcome.OPEN, Outcome.UNCLEAR)),
    )
    return session.scalar(later) is not None


def _refused(
    session: Session, message: Message, act: Act, code: int | None, retry_after: float | None, now: datetime
) -> None:
    message.error_code = code
    if act == Act.AGAIN_SOON:
        # "Never processed and always safe to retry", so it spends no try.
        message.tries -= 1
        rest = timedelta(seconds=retry_after or 0)
        wait(message, "provider-busy", now + max(rest, resting(message.attempt_no)))
    elif act in (Act.AGAIN_LATER, Act.WAIT_A_DAY):
        if message.tries >= MOST_TRIES:
            end(message, State.NEEDS_HUMAN, "too-many-tries", now, tell=True)
        else:
            wait(message, "provider-full", now + (LATER if act == Act.AGAIN_LATER else A_DAY))
    elif act == Act.PAUSE:
        pause_line(session, code, now)
        message.tries -= 1
        wait(message, "paused", now)
    else:
        _give_up(session, message, State.FAILED, act, code, now)


def _give_up(session: Session, message: Message, state: State, act: Act, code: int | None, now: datetime) -> None:
    reasons = {Act.STOP_NUMBER: "stopped-at-provider", Act.BAD_NUMBER: "number-bad", Act.BUG: "cannot-be-sent"}
    if act == Act.STOP_NUMBER:
        end(message, State.SUPPRESSED, reasons[act], now, tell=message.rank == 0 and message.template not in LAST_WORDS)
        stop_number(session, message.number_index, source="twilio", said_at=now, now=now, pass_over=True)
        return
    if act == Act.BAD_NUMBER:
        at_number = sa.select(Correspondent).where(Correspondent.number_index == message.number_index)
        # Whoever is changed or erased just now may be waiting for this text: the next one finds out as well.
        for person in session.scalars(at_number.order_by(Correspondent.id).with_for_update(skip_locked=True)).all():
            if person.number_bad != LOST:
                person.number_bad = "no-mobile"
    end(message, state, reasons.get(act, "not-delivered" if state == State.UNDELIVERED else "refused"), now, tell=True)


def pause_line(session: Session, code: int | None, now: datetime) -> None:
    """Everything waits: account, sender or registration is not in order. One alarm, however many texts meet it."""
    standing = sa.select(Pause.id).where(Pause.ended_at.is_(None), Pause.house_id.is_(None), Pause.purpose.is_(None))
    if session.scalar(standing.limit(1)) is not None:
        return
    try:
        with session.begin_nested():
            session.add(Pause(why="provider", code=code, since=now, to_tell=True))
    except IntegrityError:
        return  # another hand met it at the same moment


def end(message: Message, state: State, reason: str | None, now: datetime, *, tell: bool = False) -> None:
    message.state, message.reason, message.ended_at = state, reason, now
    message.next_at = message.lease_until = None
    if nothing_to_decide(message):
        message.decided_at = now
    message.to_tell = message.to_tell or tell


def wait(message: Message, reason: str, at: datetime) -> None:
    """Try again at `at`; the gate is asked anew then."""
    message.state, message.reason, message.next_at, message.lease_until = State.QUEUED, reason, at, None
    message.ended_at = None


def resting(attempt_no: int) -> timedelta:
    """Two seconds, four, eight ... five minutes, a little apart for each, so that they do not all come at once."""
    seconds = min(2.0 ** min(attempt_no, 9), LONGEST_REST)
    return timedelta(seconds=seconds * random.uniform(1.0, 1.2))  # noqa: S311


def _twice(message: Message) -> None:
    """Two SIDs for one text: it may have arrived twice. That cannot be mended, so a person is told."""
    message.reason, message.to_tell = TWICE, True


def _still(message: Message) -> str | None:
    """What a good word about a text does not settle: that it may have arrived twice."""
    return TWICE if message.reason == TWICE else None
