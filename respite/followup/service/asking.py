"""A step's time has come: ask by text, or put a call before whoever makes it; or move it, or let it go by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK
from respite.audit.service import lock_stream
from respite.core.db import transaction
from respite.core.due import DueRow, clear_due, handles, set_due, take
from respite.followup import events
from respite.followup.models import Came, FollowUp, State
from respite.followup.policy.steps import CALL_TEXT as CALL
from respite.followup.policy.steps import Asks, Way, templates_of
from respite.followup.policy.times import Miss, Move, lasts, quiet, turn
from respite.followup.service.ground import LOOK, STEP, against, in_a_house, over, person_of, tell, theirs_of
from respite.followup.service.planning import CALL_AHEAD
from respite.followup.service.promises import promise_call
from respite.houses.models import House
from respite.messaging.models import Correspondent, Message
from respite.messaging.policy.hours import next_open
from respite.messaging.policy.states import FINAL
from respite.messaging.policy.states import State as TextState
from respite.messaging.purposes import Purpose
from respite.messaging.service.codes import code_for, end_code
from respite.messaging.service.wordings import guest_fields
from respite.messaging.service.writing import write

#: What became of a text is looked up so long after it was written, and so often until it is known.
LOOK_AFTER = timedelta(hours=26)
#: So long one letter answers whether they would like a call.
OPEN_FOR = timedelta(days=30)
#: Called with (session, row, person, until when it is worth it, now) where a step was asked by text: what is asked
#: beside it.
also_asked: list[Callable[[Session, FollowUp, Correspondent, datetime, datetime], None]] = []


@handles(STEP)
def step_due(due: DueRow, now: datetime) -> None:
    """The handler of a step's row."""
    with transaction() as session:
        assert due.house_id is not None
        lock_stream(session, due.house_id)
        if not take(session, due):
            return
        row = session.get(FollowUp, due.subject, populate_existing=True)
        if row is None or row.state != State.PLANNED or row.planned_at is None:
            return
        came = against(session, row)
        if came is None and quiet(_answers(session, row)):
            _leave_in_peace(session, row, now)
        elif came is not None:
            over(session, row, came, CLOCK, now)
        else:
            _take_its_turn(session, row, due.due_at, now)


@handles(LOOK)
def look(due: DueRow, now: datetime) -> None:
    """What became of a text: it reached them, it did not leave, or nobody knows yet."""
    with transaction() as session:
        assert due.house_id is not None
        lock_stream(session, due.house_id)
        if not take(session, due):
            return
        row = session.get(FollowUp, due.subject, populate_existing=True)
        if row is None or row.asked_at is None:
            return
        if row.reached_at is None:
            _look(session, row, now)
        if row.asks == Asks.CALL and now >= row.asked_at + OPEN_FOR:
            end_code(session, CALL, row.id, now)
        elif row.asks == Asks.CALL:
            set_due(session, LOOK, row.id, min(now + LOOK_AFTER, row.asked_at + OPEN_FOR), row.house_id)


def text_of(session: Session, row: FollowUp) -> Message | None:
    """The text that this step became."""
    return session.scalar(sa.select(Message).where(Message.dedupe_key == text_key(row)))


def text_key(row: FollowUp) -> str:
    return f"fu:{row.stay_id}:{row.window}"


def reached(session: Session, row: FollowUp, at: datetime, now: datetime) -> None:
    if row.reached_at is None:
        row.reached_at = at
        session.flush()
        tell(session, row, events.REACHED, CLOCK, now, way=row.way)


def template_of(session: Session, row: FollowUp) -> str:
    """Which words it has: those of the first that is sent say when they are read, those of the last that it is."""
    rows = session.scalars(
        sa.select(FollowUp)
        .where(
            FollowUp.stay_id == row.stay_id,
            FollowUp.way == Way.TEXT,
            sa.or_(FollowUp.state != State.OVER, FollowUp.asked_at.is_not(None)),
        )
        .order_by(FollowUp.after)
    ).all()
    names = templates_of([Asks(each.asks) for each in rows])
    return next(name for each, name in zip(rows, names, strict=True) if each.id == row.id)


def text_fields(session: Session, row: FollowUp, person: Correspondent | None) -> dict[str, str]:
    """The fields of its words, but for the number that answers it."""
    first_name = ((person.name if person is not None else None) or "").partition(" ")[0]
    sign_off = person.sign_off if person is not None else None
    return guest_fields(session, row.house_id) | {"first_name": first_name, "sign_off": sign_off or ""}


def _take_its_turn(session: Session, row: FollowUp, due_at: datetime, now: datetime) -> None:
    assert row.planned_at is not None
    house = session.get_one(House, row.house_id)
    theirs = theirs_of(house, person_of(session, row))
    last, paused = row.planned_at + lasts(row.after), in_a_house(session, row)
    if row.way == Way.CALL:
        _put_call(session, row, last, paused, now)
        return
    before, moved = _asked_last(session, row), due_at != row.planned_at
    what = turn(now, due_at, last, theirs, row.seed, asked_before=before, paused=paused, moved=moved)
    if isinstance(what, Miss):
        over(session, row, Came.MISSED, CLOCK, now)
    elif isinstance(what, Move):
        set_due(session, STEP, row.id, what.at, row.house_id)
    else:
        _ask(session, row, last, now)


def _put_call(session: Session, row: FollowUp, last: datetime, paused: bool, now: datetime) -> None:
    """It is theirs who call to find the hour; the promise says when it is due."""
    assert row.planned_at is not None
    house = session.get_one(House, row.house_id)
    theirs = theirs_of(house, person_of(session, row))
    if paused:
        again = max(now, row.planned_at - CALL_AHEAD) + CALL_AHEAD
        if again >= last:
            over(session, row, Came.MISSED, CLOCK, now)
        else:
            set_due(session, STEP, row.id, again, row.house_id)
        return
    at = next_open(max(row.planned_at, now), theirs.hours, theirs.zones)
    if at is None or at >= last:
        over(session, row, Came.MISSED, CLOCK, now)
        return
    row.state, row.asked_at = State.ASKED, now
    promise_call(session, row, at, now)
    tell(session, row, events.ASKED, CLOCK, now, way=row.way)


def _ask(session: Session, row: FollowUp, last: datetime, now: datetime) -> None:
    person, template = person_of(session, row), template_of(session, row)
    assert person is not None, "nobody without a yes is asked"
    fields = text_fields(session, row, person)
    if template == CALL:
        fields["code"] = str(code_for(session, row.house_id, CALL, row.id, now))
    write(
        session,
        row.house_id,
        number=person.number,
        purpose=Purpose.FOLLOW_UP,
        template=template,
        fields=fields,
        language=person.language,
        dedupe_key=text_key(row),
        made_by=CLOCK.ref,
        not_before=now,
        not_after=last,
        correspondent_id=person.id,
        now=now,
    )
    row.state, row.asked_at = State.ASKED, now
    session.flush()
    tell(session, row, events.ASKED, CLOCK, now, way=row.way)
    set_due(session, LOOK, row.id, now + LOOK_AFTER, row.house_id)
    for also in also_asked:
        also(session, row, person, last, now)


def _look(session: Session, row: FollowUp, now: datetime) -> None:
    text = text_of(session, row)
    if text is not None and text.state == TextState.DELIVERED:
        reached(session, row, text.ended_at or text.posted_at or now, now)
    elif text is None or (text.state in FINAL and text.state != TextState.NEEDS_HUMAN):
        if row.state == State.ASKED:
            over(session, row, Came.NOT_SENT, CLOCK, now)
    elif row.planned_at is not None and now < row.planned_at + lasts(row.after) + 3 * LOOK_AFTER:
        set_due(session, LOOK, row.id, now + LOOK_AFTER, row.house_id)


def _answers(session: Session, row: FollowUp) -> list[bool]:
    """Whether each that went to this guest after this stay was answered, in order of time. A call that nobody has made
    yet went to nobody."""
    rows = session.scalars(
        sa.select(FollowUp)
        .where(
            FollowUp.stay_id == row.stay_id,
            FollowUp.asked_at.is_not(None),
            sa.or_(FollowUp.came.is_(None), FollowUp.came == Came.NO_ANSWER),
            sa.or_(FollowUp.way == Way.TEXT, FollowUp.state != State.ASKED),
        )
        .order_by(FollowUp.asked_at, FollowUp.after)
    )
    return [each.answered_at is not None for each in rows]


def _leave_in_peace(session: Session, row: FollowUp, now: datetime) -> None:
    """Three were not answered. Nobody is told."""
    rows = sa.select(FollowUp).where(FollowUp.stay_id == row.stay_id, FollowUp.state == State.PLANNED)
    for each in session.scalars(rows.order_by(FollowUp.after)).all():
        clear_due(session, each.id, STEP)
        over(session, each, Came.QUIET, CLOCK, now)


def _asked_last(session: Session, row: FollowUp) -> datetime | None:
    """When this guest was last asked something by text."""
    return session.scalar(
        sa.select(sa.func.max(FollowUp.asked_at)).where(
            FollowUp.guest_id == row.guest_id, FollowUp.id != row.id, FollowUp.way == Way.TEXT
        )
    )
