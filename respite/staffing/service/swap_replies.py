"""Texts that answer a colleague's question about a shift: "Y42", "no"."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.houses.models import House
from respite.messaging.models import ReplyCode
from respite.messaging.policy.short_answers import Word
from respite.messaging.service.questions import Question
from respite.messaging.service.replying import Understood
from respite.staffing.models import SwapRequest
from respite.staffing.policy.swaps import Ended
from respite.staffing.service import swaps
from respite.staffing.service.offer_replies import open_again
from respite.staffing.service.swap_ends import shifts_of
from respite.staffing.service.swap_words import SWAP, about, first_name

ANSWERS = frozenset({Word.YES, Word.NO})
#: So long after it happened a bare "yes" is still about the swap that they said yes to.
STILL_MEANT = timedelta(hours=12)


def swap_answered(
    session: Session, swap_id: uuid.UUID, person_id: uuid.UUID, word: Word, now: datetime
) -> Understood | None:
    """Yes takes it, no passes; a no after it happened means that they can't come."""
    if word not in ANSWERS:
        return None
    swap = session.get(SwapRequest, swap_id, populate_existing=True)
    if swap is None:  # a shift of it left the list
        house_id = session.scalar(
            sa.select(ReplyCode.house_id).where(ReplyCode.kind == SWAP, ReplyCode.subject_id == swap_id)
        )
        return Understood(house_id, "swap-ended") if house_id else None
    if swap.other_id != person_id:
        return None
    actor = Actor(ActorKind.PERSON, person_id)
    if word == Word.YES:
        return _agreed(session, swap, swaps.agree(session, swap, actor, now))
    if swap.ended_why == Ended.DONE:
        shift, _other = shifts_of(session, swap)
        return open_again(session, shift, person_id, now) if shift.person_id == person_id else None
    declined = swaps.decline(session, swap, actor, now) or swap.ended_why == Ended.DECLINED
    return Understood(swap.house_id, "swap-passed" if declined else "swap-ended")


def questions_to(session: Session, person_id: uuid.UUID, now: datetime) -> list[Question]:
    """What colleagues ask of somebody who has not answered; where nothing stands, the last that they said yes to."""
    theirs = sa.select(SwapRequest).where(SwapRequest.other_id == person_id)
    found = list(
        session.scalars(
            theirs.where(SwapRequest.ended_at.is_(None), SwapRequest.agreed_at.is_(None), SwapRequest.until > now)
        )
    )
    if not found:
        lately = theirs.where(SwapRequest.ended_why == Ended.DONE, SwapRequest.ended_at > now - STILL_MEANT)
        found = list(session.scalars(lately.order_by(SwapRequest.ended_at.desc(), SwapRequest.id).limit(1)))
    return [Question(SWAP, swap.id, swap.house_id, ANSWERS) for swap in found]


def _agreed(session: Session, swap: SwapRequest, agreed: swaps.Agreed) -> Understood:
    if not agreed.happened:
        return Understood(swap.house_id, "swap-waits" if agreed.ended is None else "swap-ended")
    house, (shift, other_shift) = session.get_one(House, swap.house_id), shifts_of(session, swap)
    fields = about(session, house, swap.other_id, shift, other_shift)
    if other_shift is None:
        return Understood(house.id, "shift-yours", fields)
    return Understood(house.id, "swap-done", {**fields, "peer_first_name": first_name(session, swap.asker_id)})
