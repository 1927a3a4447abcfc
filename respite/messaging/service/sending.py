"""Sending: claim (one commit), hand over (no transaction is open), write the answer down (another commit).

Between the two commits the process may die. Then the claim's lease runs out, the text counts as of unclear
end, and `finding_out` asks the provider; nothing is ever handed over again on a guess.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from respite.core import fences
from respite.core.clock import machine_now
from respite.core.db import db, end_read, transaction
from respite.core.logs import log
from respite.messaging.gateway import Answer, CalledOff, gateway
from respite.messaging.models import Attempt, Message, Pause
from respite.messaging.policy.states import State
from respite.messaging.service import gate, settling
from respite.messaging.service.telling import tell

LEASE = timedelta(seconds=60)
# A claim that has waited this long is not handed over any more: the lease would run out under the request (25 s).
FRESH_SECONDS = 30.0
HANDS = 8
LONGEST_PUMP = 20.0  # seconds; the next one goes on

Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A text that is ours to hand over, with all that is needed when no transaction is open."""

    message_id: uuid.UUID
    attempt_id: uuid.UUID
    n: int
    to: str
    mark: bytes
    body: str
    valid_for: int
    since: float  # monotonic seconds: the machine's clock may jump


def pump(now: Now, hands: int = HANDS) -> int:
    """Send what is due; returns how many texts were handed over or found not to leave now."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    until = time.monotonic() + LONGEST_PUMP
    if not _anything_due(now()):
        return 0
    with fences.many_pass():
        if hands == 1:
            done = _work(now, until)
        else:
            with ThreadPoolExecutor(hands, thread_name_prefix="texts") as pool:
                done = sum(pool.map(lambda _hand: _work_in(app, now, until), range(hands)))
    tell(now())
    return done


def _work_in(app: Flask, now: Now, until: float) -> int:
    with app.app_context():
        return _work(now, until)


def _work(now: Now, until: float) -> int:
    """One hand: a text after another. What fails here (a full disk, a lost database) ends this hand, not the text."""
    done = 0
    try:
        while time.monotonic() < until:
            touched, claimed = claim(now())
            done += touched
            if claimed is not None:
                carry(claimed, now)
            elif not touched:
                break
    except Exception as error:
        db.session.rollback()
        log.error("texts.hand-stopped", error=type(error).__name__)
    return done


def _anything_due(now: datetime) -> bool:
    due = db.session.scalar(sa.select(Message.id).where(Message.next_at <= now).limit(1))
    end_read()
    return due is not None


def claim(now: datetime) -> tuple[int, Claimed | None]:
    """Take the next text that is due, through the gate. How many rows were looked at, and the text if it may go.

    Several processes may claim at once: on PostgreSQL a row that another is looking at is passed over, on SQLite
    the write lock lets one in at a time.
    """
    with transaction() as session:
        if _all_paused(session):
            return 0, None
        message = _next(session, now)
        if message is None:
            return 0, None
        try:
            with session.begin_nested():
                return 1, _through_the_gate(session, message, now)
        except Exception as error:
            # One row that cannot be read must not stop the others for ever.
            log.error("texts.gate-failed", error=type(error).__name__)
            session.refresh(message)
            settling.end(message, State.NEEDS_HUMAN, "cannot-be-read", now, tell=True)
            return 1, None


def _next(session: Session, now: datetime) -> Message | None:
    for rank in (0, 1):
        found = session.scalar(
            sa.select(Message)
            .where(Message.rank == rank, Message.next_at <= now)
            .order_by(Message.next_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if found is not None:
            return found
    return None


def _all_paused(session: Session) -> bool:
    whole = sa.select(Pause.id).where(Pause.ended_at.is_(None), Pause.house_id.is_(None), Pause.purpose.is_(None))
    return session.scalar(whole.limit(1)) is not None


def _through_the_gate(session: Session, message: Message, now: datetime) -> Claimed | None:
    match gate.look(session, message, now):
        case gate.End(state, reason):
            settling.end(message, state, reason, now, tell=state in (State.NEEDS_HUMAN, State.EXPIRED))
            return None
        case gate.Later(at, reason):
            message.state, message.next_at, message.reason = State.SCHEDULED, at, reason
            return None
        case gate.Go(valid_for):
            return _begin(session, message, valid_for)


def _begin(session: Session, message: Message, valid_for: int) -> Claimed:
    message.attempt_no += 1
    message.tries += 1
    message.state, message.reason, message.next_at = State.SENDING, None, None
    message.lease_until = machine_now() + LEASE
    attempt = Attempt(message_id=message.id, n=message.attempt_no, started_at=machine_now())
    session.add(attempt)
    session.flush()
    assert message.number is not None
    assert message.body is not None
    number, mark = message.number, message.number_index
    return Claimed(message.id, attempt.id, attempt.n, number, mark, message.body, valid_for, time.monotonic())


def carry(claimed: Claimed, now: Now) -> None:
    """Hand the text over, looking once more at the last moment, and write the answer down."""
    try:
        answer = hand_over(claimed)
    except CalledOff as off:
        with transaction() as session:
            settling.call_off(*_locked(session, claimed), off.reason, now())
    else:
        write_down(claimed, answer, now())


def hand_over(claimed: Claimed) -> Answer:
    """Raises CalledOff where the last look found something; then nothing of it left."""
    return gateway().send(
        to=claimed.to,
        body=claimed.body,
        attempt_id=str(claimed.attempt_id),
        valid_for=claimed.valid_for,
        leaving=lambda: leaving(claimed),
    )


@contextmanager
def leaving(claimed: Claimed) -> Iterator[None]:
    """The last look and, inside, the writing of the request: no STOP for the number is committed between the two.

    Raises CalledOff where something stands against it, or a STOP is being committed just now.
    """
    with ExitStack() as held:
        try:
            db.session.connection()  # had before the fence is passed, so that nobody waits for the pool under it
            still = held.enter_context(fences.passing(claimed.mark))
            against = look_again(claimed)
            still()
        except fences.Shut as shut:
            raise CalledOff(settling.STOP_COMES) from shut
        except SQLAlchemyError as error:
            raise CalledOff("not-looked") from error
        if against is not None:
            raise CalledOff(against)
        yield


def look_again(claimed: Claimed) -> str | None:
    """What came up since the claim: a STOP, an erasing, another try, too much time. Then it is not handed over."""
    message = db.session.get(Message, claimed.message_id, populate_existing=True)
    try:
        if message is None or message.attempt_no != claimed.n or message.state != State.SENDING:
            return "not-ours"
        if message.number is None:
            return "forgotten"
        against = gate.last_look(db.session(), message)
        if against is not None:
            return against
        if time.monotonic() - claimed.since > FRESH_SECONDS:
            return "took-too-long"
        return None
    finally:
        end_read()


def write_down(claimed: Claimed, answer: Answer, now: datetime) -> None:
    with transaction() as session:
        settling.settle(session, *_locked(session, claimed), answer, now)


def _locked(session: Session, claimed: Claimed) -> tuple[Message, Attempt]:
    message = session.get_one(Message, claimed.message_id, with_for_update=True)
    return message, session.get_one(Attempt, claimed.attempt_id)
