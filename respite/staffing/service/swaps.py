"""A peer asks one colleague to take a shift, or to swap it for one of theirs, and keeps the shift until the yes.

Everything happens behind the house's lock, where the shifts and the rules are asked again: of two who say yes to
questions over one shift at the same moment, one has it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor, ActorKind
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.core.db import transaction
from respite.core.due import set_due
from respite.core.errors import Invalid, NotFound
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.messaging.service.codes import code_for
from respite.staffing import events
from respite.staffing.errors import (
    AlreadyAnswered,
    AskedAlready,
    BeginsTooSoon,
    CameAlready,
    NotAsked,
    QuestionOver,
    SaidNo,
    StandsInTheWay,
)
from respite.staffing.models import Shift, SwapRequest
from respite.staffing.policy.swaps import Ended, open_until
from respite.staffing.queries.duty import duty_on
from respite.staffing.queries.swaps import said_no, standing_over
from respite.staffing.service import swap_words
from respite.staffing.service.overruling import write_down
from respite.staffing.service.shifts import give_to, own_shift
from respite.staffing.service.swap_ends import EXPIRES, close, end, ended_by_now, note, shifts_of
from respite.staffing.service.swap_rules import Against, hands_of, rules_in, speaks_against
from respite.staffing.service.swap_words import SWAP


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that stands, and whether a text tells of it; where none can, somebody may like to call."""

    swap: SwapRequest
    texted: bool


@dataclass(frozen=True, slots=True)
class Agreed:
    """What came of a yes. Where `ended` is none and it did not happen, whoever keeps the shifts is to look at it."""

    happened: bool
    ended: Ended | None = None
    against: tuple[Against, ...] = ()


# -- asking -----------------------------------------------------------------------------------------------------------


def ask(
    actor: Actor, shift_id: uuid.UUID, other_id: uuid.UUID, *, other_shift_id: uuid.UUID | None = None, now: datetime
) -> Asked:
    """Ask a colleague to take one's own shift, or to swap it for one of theirs. Asked twice alike, it is one question.

    Raises NotYourShift, BeginsTooSoon, CameAlready, AskedAlready, SaidNo, StandsInTheWay, and AlreadyAnswered where the
    colleague's shift has changed.
    """
    with transaction() as session:
        shift = own_shift(session, actor, shift_id)
        house = session.get_one(House, shift.house_id)
        other_shift = _their_shift(session, shift, other_id, other_shift_id)
        until = open_until(shift.starts_at, *([other_shift.starts_at] if other_shift else []))
        if until <= now:
            raise BeginsTooSoon
        if shift.came_at is not None:
            raise CameAlready
        standing = _standing(session, shift, now)
        if standing is not None:
            if (standing.other_id, standing.other_shift_id) == (other_id, other_shift_id):
                return Asked(standing, swap_words.ask(session, standing, shift, other_shift, now))
            raise AskedAlready
        if (other_id, other_shift_id) in said_no(session, shift):
            raise SaidNo
        if other_id == actor.id or speaks_against(
            session, house, hands_of(shift, other_id, other_shift, actor.id), now
        ):
            raise StandsInTheWay
        swap = SwapRequest(
            house_id=house.id,
            shift_id=shift.id,
            shift_version=shift.version,
            asker_id=actor.id,
            other_id=other_id,
            other_shift_id=other_shift_id,
            other_version=other_shift.version if other_shift else None,
            asked_at=now,
            until=until,
        )
        session.add(swap)
        session.flush()
        code_for(session, house.id, SWAP, swap.id, now)
        set_due(session, EXPIRES, swap.id, until, house.id)
        note(session, swap, events.SWAP_ASKED, None, now, shift_id=shift.id)
        return Asked(swap, swap_words.ask(session, swap, shift, other_shift, now))


def take_back(actor: Actor, swap_id: uuid.UUID, *, now: datetime) -> SwapRequest:
    """Whoever asked asks no more. Raises QuestionOver, and NotFound for anybody else."""
    with transaction() as session:
        swap = _open_question(session, actor, swap_id, May.SEE_SHIFTS, "asker_id")
        end(session, swap, Ended.TAKEN_BACK, actor, now)
    return swap


def stop(actor: Actor, swap_id: uuid.UUID, *, now: datetime) -> SwapRequest:
    """Whoever keeps the shifts ends a question; both hear that nothing has changed. Raises QuestionOver."""
    with transaction() as session:
        swap = _open_question(session, actor, swap_id, May.KEEP_SHIFTS)
        end(session, swap, Ended.STOPPED, actor, now)
    return swap


def _their_shift(session: Session, shift: Shift, other_id: uuid.UUID, other_shift_id: uuid.UUID | None) -> Shift | None:
    if other_shift_id is None:
        return None
    found = session.get(Shift, other_shift_id, populate_existing=True)
    if found is None or found.house_id != shift.house_id or found.published_at is None:
        raise NotFound
    if found.person_id != other_id or found.came_at is not None:
        raise AlreadyAnswered
    return found


def _standing(session: Session, shift: Shift, now: datetime) -> SwapRequest | None:
    """The question that the shift's owner asked; one whose time is over ends here, sweep or no sweep."""
    for swap in standing_over(session, shift.id):
        if swap.shift_id == shift.id:
            if swap.until > now:
                return swap
            end(session, swap, Ended.OVER, CLOCK, now)
    return None


# -- answering --------------------------------------------------------------------------------------------------------


def say_yes(actor: Actor, swap_id: uuid.UUID, *, now: datetime) -> Agreed:
    """A yes by a tap. Raises NotFound for anybody who was not asked."""
    with transaction() as session:
        swap = locked_row(session, actor, SwapRequest, swap_id, May.SEE_SHIFTS)
        _only(actor, swap.other_id)
        return agree(session, swap, actor, now)


def say_no(actor: Actor, swap_id: uuid.UUID, *, now: datetime) -> None:
    """A no by a tap; nobody asks why. Said twice, once. Raises QuestionOver, NotFound."""
    with transaction() as session:
        swap = locked_row(session, actor, SwapRequest, swap_id, May.SEE_SHIFTS)
        _only(actor, swap.other_id)
        if swap.ended_why != Ended.DECLINED and not decline(session, swap, actor, now):
            raise QuestionOver


def agree(session: Session, swap: SwapRequest, actor: Actor, now: datetime) -> Agreed:
    """A yes of whoever was asked. The caller holds the house's lock, so shifts and rules are asked again here."""
    if swap.ended_at is not None:
        return Agreed(swap.ended_why == Ended.DONE, Ended(swap.ended_why or Ended.OVER))
    shift, other_shift = shifts_of(session, swap)
    if ended_by_now(session, swap, actor, now):
        return Agreed(False, Ended(swap.ended_why or Ended.OVER))
    house = session.get_one(House, swap.house_id)
    found = speaks_against(session, house, hands_of(shift, swap.other_id, other_shift, swap.asker_id), now)
    if not found and not is_looked_at(session, house, shift):
        change_hands(session, swap, actor, now)
        return Agreed(True, Ended.DONE)
    first, swap.agreed_at, swap.against = swap.agreed_at is None, swap.agreed_at or now, rules_in(found)
    if first:
        swap_words.tell_waits(session, swap, shift, now)
        note(session, swap, events.SWAP_ANSWERED, None, now)
    session.flush()
    return Agreed(False, None, tuple(found))


def decline(session: Session, swap: SwapRequest, actor: Actor, now: datetime) -> bool:
    """A no of whoever was asked, also after a yes that waits. False where the question is over by now."""
    if swap.ended_at is not None or ended_by_now(session, swap, actor, now):
        return False
    end(session, swap, Ended.DECLINED, actor, now)
    return True


def is_looked_at(session: Session, house: House, shift: Shift) -> bool:
    """Whether by the house's rules of that day somebody who keeps the shifts says yes to each swap."""
    return bool(duty_on(session, house, local(shift.starts_at, house.timezone).date()).swaps_looked_at)


def let_happen(actor: Actor, swap_id: uuid.UUID, why: str, *, now: datetime) -> SwapRequest:
    """Whoever keeps the shifts lets a swap happen to which both said yes. Over rules it takes a reason, which stands
    beside each shift they spoke against, with the name of who decided it.

    Raises Invalid without one, QuestionOver, NotAsked before the colleague's yes.
    """
    with transaction() as session:
        swap = _open_question(session, actor, swap_id, May.KEEP_SHIFTS)
        if ended_by_now(session, swap, actor, now):
            return swap
        if swap.agreed_at is None:
            raise NotAsked
        house, (shift, other_shift) = session.get_one(House, swap.house_id), shifts_of(session, swap)
        found = speaks_against(session, house, hands_of(shift, swap.other_id, other_shift, swap.asker_id), now)
        if found and not why.strip():
            raise Invalid(fields={"why": _("Please say why, in a few words.")})
        change_hands(session, swap, actor, now, overridden=bool(found))
        for each in found:
            write_down(session, each.shift, each.reasons, why, actor, now)
    return swap


def change_hands(session: Session, swap: SwapRequest, actor: Actor, now: datetime, *, overridden: bool = False) -> None:
    """The shifts change hands. Each is lost first, so that nobody has two at once on the way.

    The caller holds the house's lock and has asked the rules. Raises what `shifts.give_to` raises.
    """
    shift, other_shift = shifts_of(session, swap)
    close(session, swap, Ended.DONE, now)  # first, so that what follows the shifts finds it ended
    if other_shift is not None:
        for each in (shift, other_shift):
            give_to(session, each, None, actor, now)
        give_to(session, other_shift, swap.asker_id, actor, now)
    give_to(session, shift, swap.other_id, actor, now)
    swap_words.tell_done(session, swap, shift, other_shift, actor, now)
    facts = {"shift_id": shift.id, "other_shift_id": swap.other_shift_id, "overridden": overridden}
    note(session, swap, events.SWAP_DONE, actor, now, **facts)


def _open_question(
    session: Session, actor: Actor, swap_id: uuid.UUID, right: May, whose: str | None = None
) -> SwapRequest:
    swap = locked_row(session, actor, SwapRequest, swap_id, right)
    if whose is not None:
        _only(actor, getattr(swap, whose))
    if swap.ended_at is not None:
        raise QuestionOver
    return swap


def _only(actor: Actor, person_id: uuid.UUID) -> None:
    """Existence is private: to anybody else there is no such question."""
    if actor.kind != ActorKind.PERSON or actor.id != person_id:
        raise NotFound
