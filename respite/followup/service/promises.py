"""Calls: a promise with an owner, due in the hours in which the person can answer. What is said stays with the two."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.followup import events
from respite.followup.models import Came, FollowUp, State
from respite.followup.policy.times import Theirs
from respite.followup.service.ground import over, tell
from respite.guests.service.promised import GUEST
from respite.messaging.policy.hours import next_open
from respite.promises.models import Promise
from respite.promises.policy import Kind, Outcome, Way, When
from respite.promises.policy import State as PromiseState
from respite.promises.service.acts import Wanted, give_inside, let_go_inside, may_have

HALF_AN_HOUR = timedelta(minutes=30)


def promise_call(session: Session, row: FollowUp, at: datetime, now: datetime) -> Promise:
    """Somebody calls them at `at`: whoever went through it with them, or whoever is on."""
    subject = (GUEST, row.guest_id)
    owner = row.caller_id if may_have(session, row.house_id, row.caller_id, subject) else None
    wanted = Wanted(kind=Kind.CALLBACK, way=Way.CALL, subject=subject, when=When(at), owner_id=owner)
    promise = give_inside(session, CLOCK, row.house_id, wanted, now)
    row.promise_id = promise.id
    session.flush()
    return promise


def soon_in(theirs: Theirs, now: datetime) -> datetime:
    """The round half hour after next, or the first of their hours after it."""
    over_it = timedelta(minutes=now.minute % 30, seconds=now.second, microseconds=now.microsecond)
    soon = now - over_it + HALF_AN_HOUR * (2 if over_it else 1)
    return next_open(soon, theirs.hours, theirs.zones) or soon


def let_call_go(session: Session, row: FollowUp, actor: Actor, now: datetime) -> None:
    """The call is not to be made, where it was not yet."""
    promise = session.get(Promise, row.promise_id) if row.promise_id is not None else None
    row.promise_id = None
    session.flush()
    if promise is not None and promise.state == PromiseState.OPEN:
        let_go_inside(session, promise, actor, now)


def promise_moved(session: Session, promise: Promise, now: datetime) -> None:
    """A promise was kept, let go or opened again: of a call that follows a stay it says what came of it."""
    row = session.scalar(sa.select(FollowUp).where(FollowUp.promise_id == promise.id))
    if row is None or row.way == "text":
        return  # a text was answered with a wish for a call: that it was answered is known
    if promise.state == PromiseState.OPEN:
        row.state, row.came, row.reached_at, row.answered_at = State.ASKED, None, None, None
    elif promise.outcome == Outcome.REACHED:
        row.state, row.came, row.reached_at, row.answered_at = State.ANSWERED, None, now, now
        tell(session, row, events.REACHED, CLOCK, now, way=row.way)
        tell(session, row, events.ANSWERED, CLOCK, now, way=row.way)
    else:
        over(session, row, Came.NO_ANSWER if promise.outcome == Outcome.NO_ANSWER else Came.LET_GO, CLOCK, now)
    session.flush()
