"""From what a guest chose to rows with a time: made when the stay ends, moved with what they hang on."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor, ActorKind
from respite.core.due import clear_due, set_due
from respite.followup import events
from respite.followup.models import Came, FollowUp, State
from respite.followup.policy.steps import LONGEST, Step, Way
from respite.followup.policy.times import lasts, planned_at
from respite.followup.queries import Plan, plan_of_stay, rows_of_stay
from respite.followup.service.ground import STEP, against, over, person_of, tell, theirs_of, yes_to
from respite.followup.service.promises import let_call_go
from respite.guests.models import Guest, Stay
from respite.guests.policy.stay_states import StayState
from respite.guests.service.leaving_told import StayEnded
from respite.houses.models import House
from respite.messaging.models import Correspondent
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.purposes import Purpose
from respite.messaging.service.correspondents import consents_of

#: So long before its time a call is put before whoever makes it.
CALL_AHEAD = timedelta(hours=24)
_SETTLED = (State.ASKED, State.ANSWERED)


def stay_ended(session: Session, told: StayEnded, actor: Actor, now: datetime) -> None:
    """A guest left: what they chose gets its time. Who was not asked, and agreed to nothing, is not asked later."""
    stay = told.stay
    if stay.guest_id is None:
        return
    rows = {row.window: row for row in rows_of_stay(session, stay.id)}
    agreed = any(each.purpose == Purpose.FOLLOW_UP for each in consents_of(session, stay.house_id, stay.guest_id))
    said = bool(told.chosen or rows or told.follow_up is not None)
    if not said and (not agreed or _open_rows(session, stay.guest_id)):
        return  # what an earlier stay has planned goes on
    plan = plan_of_stay(session, stay.house_id, rows.values())
    for step in plan.on:
        row = rows.get(step.window)
        way = told.chosen.get(step.window) or _usual(row, told.follow_up, told.follow_up is None and bool(told.chosen))
        if row is None:
            row = _made(session, stay, plan, step, way, actor, now)
        elif row.way != way:
            row.way, row.chosen_at, row.chosen_by = way, now, actor.ref
        row.caller_id = actor.id if actor.kind == ActorKind.PERSON else row.caller_id
        tell(session, row, events.OFFERED, actor, now)
        if row.state not in _SETTLED:
            schedule(session, row, stay, actor, now)
    _end_earlier(session, stay, told.follow_up is False, actor, now)


def leaving_undone(session: Session, stay: Stay, now: datetime) -> None:
    """The leaving was taken back: what the guest chose themselves stands until they leave, the rest goes with it."""
    for row in rows_of_stay(session, stay.id):
        if row.state in _SETTLED:
            continue
        clear_due(session, row.id, STEP)
        let_call_go(session, row, CLOCK, now)
        if row.chosen_by == f"guest:{row.guest_id}":
            row.state, row.came, row.planned_at = State.CHOSEN, None, None
        else:
            session.delete(row)
    session.flush()
    _earlier_again(session, stay, now)


def yes_changed(session: Session, person: Correspondent, purpose: str, given: bool, now: datetime) -> None:
    """A yes to such texts was given, or is over: what hangs on it is planned, or ends."""
    if purpose != Purpose.FOLLOW_UP or person.kind != CorrespondentKind.GUEST:
        return
    if not given:
        for row in _open_rows(session, person.subject_id):
            if row.way == Way.TEXT and yes_to(session, row) is None:
                over(session, row, Came.NO_YES, CLOCK, now)
        return
    stay = last_stay(session, person.subject_id, now)
    if stay is None:
        return
    rows = {row.window: row for row in rows_of_stay(session, stay.id)}
    plan = plan_of_stay(session, stay.house_id, rows.values())
    for step in plan.on if not rows else ():
        row = _made(session, stay, plan, step, Way.TEXT, CLOCK, now)
        tell(session, row, events.OFFERED, CLOCK, now)
        schedule(session, row, stay, CLOCK, now)
    _plan_unasked(session, stay, now)


def plan_anew(session: Session, person: Correspondent, now: datetime) -> None:
    """Their hours, their zone or whether it is safe to text changed: what is planned moves with them, or rests, or
    comes again."""
    if person.kind != CorrespondentKind.GUEST:
        return
    for row in _open_rows(session, person.subject_id):
        schedule(session, row, session.get_one(Stay, row.stay_id), CLOCK, now)
    stay = last_stay(session, person.subject_id, now)
    if stay is not None and person.safe_to_text:
        _plan_unasked(session, stay, now)


def _plan_unasked(session: Session, stay: Stay, now: datetime) -> None:
    """What ended for want of a yes, where one stands now."""
    for row in rows_of_stay(session, stay.id):
        if (
            row.way == Way.TEXT
            and row.state == State.OVER
            and row.came == Came.NO_YES
            and against(session, row) is None
        ):
            schedule(session, row, stay, CLOCK, now)


def house_moved(session: Session, house_id: uuid.UUID, now: datetime) -> None:
    """The house's clock is another: so is that of everybody whose own zone nobody knows."""
    for row in session.scalars(
        sa.select(FollowUp).where(FollowUp.house_id == house_id, FollowUp.state == State.PLANNED).order_by(FollowUp.id)
    ).all():
        schedule(session, row, session.get_one(Stay, row.stay_id), CLOCK, now)


def choose(
    session: Session, guest: Guest, stay: Stay, ways: Mapping[str, Way], actor: Actor, now: datetime
) -> list[FollowUp]:
    """Keep what a guest chose of the plan, item by item; returns the rows that changed. One that is settled stays."""
    rows = {row.window: row for row in rows_of_stay(session, stay.id)}
    plan, changed = plan_of_stay(session, stay.house_id, rows.values()), []
    for step in plan.on:
        way, row = ways.get(step.window), rows.get(step.window)
        if way is None or (row is not None and (row.way == way and row.state != State.OVER)):
            continue
        if row is None:
            row = _made(session, stay, plan, step, way, actor, now)
            if stay.state == StayState.LEFT:
                tell(session, row, events.OFFERED, actor, now)
        elif row.asked_at is not None or row.state in _SETTLED:
            continue
        row.way, row.chosen_at, row.chosen_by = way, now, actor.ref
        tell(session, row, events.CHOSEN, actor, now, way=way)
        if stay.state == StayState.LEFT:
            schedule(session, row, stay, actor, now)
        changed.append(row)
    session.flush()
    return changed


def schedule(session: Session, row: FollowUp, stay: Stay, actor: Actor, now: datetime) -> None:
    """Give it its time, or end it, by what was chosen and by what stands against it."""
    assert stay.left_at is not None, "planned when they have left"
    let_call_go(session, row, actor, now)
    if row.way == Way.NONE:
        over(session, row, Came.NOT_WANTED, actor, now)
        return
    came = against(session, row)
    if came is not None:
        over(session, row, came, actor, now)
        return
    house = session.get_one(House, row.house_id)
    at = planned_at(stay.left_at, row.after, theirs_of(house, person_of(session, row)), row.seed)
    if at + lasts(row.after) <= now:
        over(session, row, Came.MISSED, actor, now)
        return
    newly = row.state not in (State.PLANNED,)
    row.state, row.came, row.planned_at = State.PLANNED, None, at
    due = at - CALL_AHEAD if row.way == Way.CALL else at
    session.flush()
    set_due(session, STEP, row.id, due, row.house_id)
    if newly:
        tell(session, row, events.AGREED, actor, now, way=row.way)


def last_stay(session: Session, guest_id: uuid.UUID, now: datetime) -> Stay | None:
    """The stay that things follow: their last, while they are in no other and its plan may still have something."""
    rows = list(
        session.scalars(
            sa.select(Stay).where(Stay.guest_id == guest_id, Stay.state.in_((StayState.HERE, StayState.LEFT)))
        ).unique()
    )
    if any(row.state == StayState.HERE for row in rows):
        return None
    left = [row for row in rows if row.left_at is not None and row.left_at + timedelta(hours=LONGEST) > now]
    return max(left, key=lambda row: (row.left_at, row.id), default=None)


def _usual(row: FollowUp | None, follow_up: bool | None, others_chosen: bool) -> Way:
    """Where nothing was said of this step: what they chose before, else a text, which needs their yes to texts; and
    nothing where they chose among the others."""
    if follow_up is False:
        return Way.CALL if row is not None and row.way == Way.CALL else Way.NONE
    if row is not None:
        return Way(row.way)
    return Way.NONE if others_chosen else Way.TEXT


def _made(session: Session, stay: Stay, plan: Plan, step: Step, way: Way, actor: Actor, now: datetime) -> FollowUp:
    row = FollowUp(
        house_id=stay.house_id,
        guest_id=stay.guest_id,
        stay_id=stay.id,
        plan_number=plan.number,
        window=step.window,
        after=step.after,
        asks=step.asks,
        connections=step.connections,
        way=way,
        state=State.CHOSEN,
        chosen_at=now,
        chosen_by=actor.ref,
    )
    session.add(row)
    session.flush()
    return row


def _open_rows(session: Session, guest_id: uuid.UUID) -> list[FollowUp]:
    wanted = sa.select(FollowUp).where(FollowUp.guest_id == guest_id, FollowUp.state == State.PLANNED)
    return list(session.scalars(wanted.order_by(FollowUp.after, FollowUp.id)))


def _earlier_again(session: Session, stay: Stay, now: datetime) -> None:
    """What the last stay before this one had planned, and ended with a leaving that is taken back."""
    rows = session.scalars(
        sa.select(FollowUp)
        .join(Stay, Stay.id == FollowUp.stay_id)
        .where(FollowUp.guest_id == stay.guest_id, FollowUp.stay_id != stay.id, Stay.left_at.is_not(None))
        .order_by(Stay.left_at.desc(), FollowUp.after)
    ).all()
    for row in rows:
        ended = row.state == State.OVER and row.asked_at is None and row.way != Way.NONE
        if row.stay_id == rows[0].stay_id and ended and row.came in (Came.NEWER, Came.NOT_WANTED, Came.NO_YES):
            schedule(session, row, session.get_one(Stay, row.stay_id), CLOCK, now)


def _end_earlier(session: Session, stay: Stay, no_more: bool, actor: Actor, now: datetime) -> None:
    """What an earlier stay had planned ends where this one has its own, and its texts where they want none."""
    assert stay.guest_id is not None
    rows = _open_rows(session, stay.guest_id)
    newer = any(row.stay_id == stay.id for row in rows)
    for row in rows:
        if row.stay_id != stay.id and (newer or (no_more and row.way == Way.TEXT)):
            let_call_go(session, row, actor, now)
            over(session, row, Came.NEWER if newer else Came.NOT_WANTED, actor, now)
