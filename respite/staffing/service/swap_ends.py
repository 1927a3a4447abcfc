"""How a question between two peers ends, and what ends it: their word, a change of a shift, their duty, the clock."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import DueRow, clear_due, handles, set_due, take
from respite.messaging.service.codes import end_code
from respite.staffing import events
from respite.staffing.models import Shift, SwapRequest
from respite.staffing.policy.swaps import KEPT_FOR, Ended
from respite.staffing.queries.swaps import every_over, open_of_person, standing_over
from respite.staffing.service import swap_words
from respite.staffing.service.shifts import PARTS
from respite.staffing.service.swap_words import SWAP

EXPIRES, FORGETS = "staffing.swap.expires", "staffing.swap.forgets"


def end(session: Session, swap: SwapRequest, why: Ended, actor: Actor, now: datetime) -> None:
    """Nobody's yes counts any more; whoever waits hears so."""
    close(session, swap, why, now)
    shift = session.get_one(Shift, swap.shift_id)
    if why == Ended.DECLINED:
        swap_words.tell_declined(session, swap, shift, now)
    else:
        swap_words.tell_over(session, swap, shift, actor, now)
    note(session, swap, events.SWAP_ENDED, None, now, why=str(why))


def close(session: Session, swap: SwapRequest, why: Ended, now: datetime) -> None:
    swap.ended_at, swap.ended_why = now, why
    end_code(session, SWAP, swap.id, now)
    clear_due(session, swap.id, EXPIRES)
    set_due(session, FORGETS, swap.id, now + KEPT_FOR, swap.house_id)
    session.flush()
    swap_words.call_back(session, swap, now)


def ended_by_now(session: Session, swap: SwapRequest, actor: Actor, now: datetime) -> bool:
    """Whether its time is over or a shift of it is another one; it is ended where that is so."""
    shift, other_shift = shifts_of(session, swap)
    if swap.until <= now:
        end(session, swap, Ended.OVER, actor, now)
    elif (shift.version, shift.person_id) != (swap.shift_version, swap.asker_id) or (
        other_shift is not None and (other_shift.version, other_shift.person_id) != (swap.other_version, swap.other_id)
    ):
        end(session, swap, Ended.CHANGED, actor, now)
    return swap.ended_at is not None


# -- what hangs on the shifts, on the people, and on the clock --------------------------------------------------------


def follow(session: Session, shift: Shift, before: uuid.UUID | None, actor: Actor, now: datetime) -> None:
    """A shift was given to somebody, opened or moved: questions about it as it was are over."""
    for swap in standing_over(session, shift.id):
        mine = swap.shift_id == shift.id
        version, person = (swap.shift_version, swap.asker_id) if mine else (swap.other_version, swap.other_id)
        if (shift.version, shift.person_id) != (version, person):
            end(session, swap, Ended.CHANGED, actor, now)


def hear(session: Session, shift: Shift, actor: Actor, now: datetime) -> None:
    """Somebody said that they came: it is theirs, and no question any more."""
    follow(session, shift, shift.person_id, actor, now)


def forget(session: Session, shift: Shift, actor: Actor, now: datetime) -> None:
    """The shift leaves the list, and questions about it with it."""
    for swap in standing_over(session, shift.id):
        end(session, swap, Ended.CHANGED, actor, now)
    for swap in every_over(session, shift.id):
        _delete(session, swap)
    session.flush()


def let_go(session: Session, house_id: uuid.UUID, person_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Somebody has no duty in the house any more: what they asked and were asked is over."""
    for swap in open_of_person(session, house_id, person_id):
        end(session, swap, Ended.CHANGED, actor, now)


@handles(EXPIRES)
def swap_expires(row: DueRow, now: datetime) -> None:
    """Nobody answered in time: whoever asked keeps the shift, and hears so."""
    if row.house_id is None:
        return
    with transaction() as session:
        lock_house(session, CLOCK, row.house_id, May.SEE_SHIFTS)
        swap = session.get(SwapRequest, row.subject, populate_existing=True) if take(session, row) else None
        if swap is not None and swap.ended_at is None:
            end(session, swap, Ended.OVER, CLOCK, now)


@handles(FORGETS)
def swap_forgets(row: DueRow, now: datetime) -> None:
    """Who asked whom long ago is nobody's business any more."""
    if row.house_id is None:
        return
    with transaction() as session:
        lock_house(session, CLOCK, row.house_id, May.SEE_SHIFTS)
        swap = session.get(SwapRequest, row.subject) if take(session, row) else None
        if swap is not None:
            _delete(session, swap)


def _delete(session: Session, swap: SwapRequest) -> None:
    clear_due(session, swap.id, EXPIRES, FORGETS)
    session.delete(swap)


def shifts_of(session: Session, swap: SwapRequest) -> tuple[Shift, Shift | None]:
    """The shifts of a question as they are now."""
    shift = session.get_one(Shift, swap.shift_id, populate_existing=True)
    other = session.get_one(Shift, swap.other_shift_id, populate_existing=True) if swap.other_shift_id else None
    return shift, other


def note(session: Session, swap: SwapRequest, event: str, actor: Actor | None, now: datetime, **data: Any) -> None:
    """Into the house's log; pages of shifts look again."""
    record(session, swap.house_id, event, subject=swap.id, actor=actor, at=now, parts=(*PARTS, "swaps"), **data)
