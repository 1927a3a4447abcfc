"""Finding out what became of a try of unclear end, from what the provider lists. Nothing is guessed.

A text is found, or the provider's listings stay empty for the purpose's settle time *by the provider's own clock*:
then it was not taken. Ours may have jumped, and a process may have been killed, since it was handed over.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.core.clock import machine_now
from respite.core.db import db, transaction
from respite.messaging.gateway import LineDown, Listing, Seen, gateway
from respite.messaging.models import Attempt, Message
from respite.messaging.policy.states import State
from respite.messaging.purposes import MOST_TRIES, rules_of
from respite.messaging.service import settling
from respite.messaging.service.sending import LEASE
from respite.messaging.service.settling import Outcome

#: How far our clock and the provider's may be apart, beside what a jump made of them.
SKEW = timedelta(minutes=10)
#: As far back as a listing goes: a text of ours is never of unclear end for longer than that before a person has it.
FARTHEST = timedelta(days=3)
MOST_AT_ONCE = 200


def find_out(now: datetime) -> int:
    """Look at every text of unclear end; returns how many found theirs. `now` is the house clock."""
    end_leases()
    waiting = db.session.execute(
        sa.select(Message.id, Message.attempt_no)
        .where(Message.state == State.UNKNOWN)
        .order_by(Message.looked_at.asc().nulls_first(), Message.id)
        .limit(MOST_AT_ONCE)
    ).all()
    db.session.rollback()
    found, line_down = 0, False
    for message_id, n in waiting:
        try:
            if not line_down:
                found += _one(message_id, n, now)
        except LineDown:
            line_down = True  # the rest of this round would wait for the same time-out, one after the other
        if line_down:
            _too_late(message_id, n, now)
    return found


def end_leases() -> int:
    """Claims whose process is gone: of unclear end, since nobody knows how far it came.

    A lease that ends later than any could is of a clock that has jumped back since; nobody waits for hours for it.
    """
    now = machine_now()
    over = sa.or_(Message.lease_until < now, Message.lease_until > now + 2 * LEASE)
    with transaction() as session:
        lost = session.scalars(
            sa.select(Message)
            .where(Message.state == State.SENDING, over)
            .order_by(Message.id)
            .with_for_update(skip_locked=True)
        ).all()
        for message in lost:
            message.state, message.reason, message.lease_until = State.UNKNOWN, "unclear", None
            attempt = _attempt(session, message.id, message.attempt_no)
            if attempt.outcome == Outcome.OPEN:
                attempt.outcome = Outcome.UNCLEAR
        return len(lost)


def _one(message_id: uuid.UUID, n: int, now: datetime) -> bool:
    message = db.session.get(Message, message_id)
    if message is None or message.number is None:
        db.session.rollback()
        return _forgotten(message_id, n, now)
    number, started = message.number, _attempt(db.session(), message_id, n).started_at
    db.session.rollback()
    # Twice the skew before: our clock may have stood wrong when it was handed over. Claimed SIDs are passed over.
    listing = gateway().outbound_to(number, max(started, machine_now() - FARTHEST) - 2 * SKEW)
    with transaction() as session:
        locked = session.get(Message, message_id, with_for_update=True)
        if locked is None or locked.attempt_no != n or locked.state != State.UNKNOWN:
            return False
        locked.looked_at = now
        return _judge(session, locked, _attempt(session, message_id, n), listing, now)


def _judge(session: Session, message: Message, attempt: Attempt, listing: Listing, now: datetime) -> bool:
    """What a listing says of one text. The caller holds its row."""
    unclaimed = _unclaimed(session, listing, message)
    if _alike(session, message):
        # Several of ours with the same words to the same number: a SID could be either's, so callbacks must tell.
        return _until_too_late(message, "several-alike", now)
    mine = [seen for seen in unclaimed if seen.body == message.body]
    if mine:
        first = min(mine, key=lambda seen: (seen.made_at, seen.sid))
        settling.taken(session, message, attempt, first.sid, first.status, first.error_code, now)
        if len(mine) > 1:
            message.reason, message.to_tell = "maybe-twice", True
        return True
    if any(not seen.body for seen in unclaimed):
        return _until_too_late(message, "words-removed", now)
    if attempt.missed_at is None:
        attempt.missed_at = listing.at
        return False
    settled = (listing.at - attempt.missed_at).total_seconds() >= settle_seconds(message)
    if settled:
        _was_not_taken(message, attempt, now)
    return settled


def settle_seconds(message: Message) -> int:
    return rules_of(message.purpose).settle


def _was_not_taken(message: Message, attempt: Attempt, now: datetime) -> None:
    attempt.outcome, attempt.ended_at = Outcome.NOT_SENT, machine_now()
    if not rules_of(message.purpose).sent_again:
        # A late kindness is better than a double one: a person says whether it goes once more.
        settling.end(message, State.NEEDS_HUMAN, "unclear", now, tell=True)
    elif message.tries >= MOST_TRIES:
        settling.end(message, State.NEEDS_HUMAN, "too-many-tries", now, tell=True)
    else:
        settling.wait(message, "was-not-taken", now)


def _until_too_late(message: Message, reason: str, now: datetime) -> bool:
    message.reason = reason
    if message.not_after <= now:
        settling.end(message, State.NEEDS_HUMAN, reason, now, tell=True)
    return False


def _too_late(message_id: uuid.UUID, n: int, now: datetime) -> None:
    """The provider cannot be asked. When the text is no longer worth sending, a person has it."""
    with transaction() as session:
        message = session.get(Message, message_id, with_for_update=True)
        if message is not None and message.attempt_no == n and message.state == State.UNKNOWN:
            message.looked_at = now
            _until_too_late(message, "provider-silent", now)


def _forgotten(message_id: uuid.UUID, n: int, now: datetime) -> bool:
    with transaction() as session:
        message = session.get(Message, message_id, with_for_update=True)
        if message is None or message.attempt_no != n or message.state != State.UNKNOWN:
            return False
        settling.end(message, State.CANCELED, "forgotten", now)
        return True


def _unclaimed(session: Session, listing: Listing, message: Message) -> list[Seen]:
    sids = [seen.sid for seen in listing.texts]
    claimed = set(session.scalars(sa.select(Attempt.sid).where(Attempt.sid.in_(sids))))
    return [seen for seen in listing.texts if seen.outbound and seen.sid not in claimed and seen.to == message.number]


def _alike(session: Session, message: Message) -> bool:
    """Whether another text of unclear end to this number has the same words."""
    others = session.scalars(
        sa.select(Message).where(
            Message.number_index == message.number_index,
            Message.id != message.id,
            Message.state.in_((State.UNKNOWN, State.SENDING)),
        )
    )
    return any(other.body == message.body for other in others)


def _attempt(session: Session, message_id: uuid.UUID, n: int) -> Attempt:
    return session.scalars(sa.select(Attempt).where(Attempt.message_id == message_id, Attempt.n == n)).one()
