"""What the two are texted about a question between them: the question itself, and how it ended, once."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.models import Person
from respite.houses.models import House
from respite.messaging.models import Message
from respite.messaging.purposes import Purpose
from respite.messaging.service.codes import code_for
from respite.messaging.service.writing import cancel_where
from respite.staffing.models import Shift, SwapRequest
from respite.staffing.service.asking import may_be_asked_at
from respite.staffing.service.offer_words import NOT_READ
from respite.staffing.service.texting import language_of, link_to, reachable, shift_fields, tell

SWAP = "swap"
NOTICE_LASTS = timedelta(hours=12)


def ask(session: Session, swap: SwapRequest, shift: Shift, other_shift: Shift | None, now: datetime) -> bool:
    """Text the question, at an hour at which they may be asked. False: no text reaches them in time."""
    house = session.get_one(House, swap.house_id)
    peer = reachable(session, house.id, swap.other_id, Purpose.SHIFTS)
    at = may_be_asked_at(session, house, peer, now) if peer is not None else swap.until
    if at >= swap.until:
        return False
    fields = about(session, house, swap.other_id, shift, other_shift)
    text = tell(
        session,
        house,
        swap.other_id,
        "swap-take" if other_shift is None else "swap-for",
        {
            **fields,
            "peer_first_name": first_name(session, swap.asker_id),
            "code": str(code_for(session, house.id, SWAP, swap.id, now)),
        },
        purpose=Purpose.SHIFTS,
        dedupe_key=_question(swap),
        now=now,
        not_before=at,
        not_after=swap.until,
    )
    return text is not None


def call_back(session: Session, swap: SwapRequest, now: datetime) -> None:
    """A question that has not left is called back."""
    cancel_where(session, "swap-ended", now, Message.dedupe_key == _question(swap))


def tell_done(
    session: Session, swap: SwapRequest, shift: Shift, other_shift: Shift | None, actor: Actor, now: datetime
) -> None:
    """Whoever did not say the last word hears that the shifts have changed hands."""
    for person_id, other_id in _both(swap, actor):
        if other_shift is not None:
            template, first, second = "swap-done", shift, other_shift
            if person_id == swap.asker_id:
                first, second = other_shift, shift
        else:
            template, first, second = ("swap-given" if person_id == swap.asker_id else "shift-yours"), shift, None
        _tell(session, swap, person_id, other_id, template, first, second, "done", now, not_after=shift.ends_at)


def tell_declined(session: Session, swap: SwapRequest, shift: Shift, now: datetime) -> None:
    _tell(session, swap, swap.asker_id, swap.other_id, "swap-declined", shift, None, "no", now)


def tell_waits(session: Session, swap: SwapRequest, shift: Shift, now: datetime) -> None:
    """They said yes, and somebody who keeps the shifts is to look first."""
    _tell(session, swap, swap.asker_id, swap.other_id, "swap-looked-at", shift, None, "waits", now)


def tell_over(session: Session, swap: SwapRequest, shift: Shift, actor: Actor, now: datetime) -> None:
    """It ended without a yes that counted: whoever waits hears so, and whoever read the question."""
    read = session.scalar(
        sa.select(Message.id).where(Message.dedupe_key == _question(swap), Message.state.not_in(NOT_READ))
    )
    for person_id, other_id in _both(swap, actor):
        if person_id == swap.asker_id or read is not None or swap.agreed_at is not None:
            _tell(session, swap, person_id, other_id, "swap-over", shift, None, "over", now)


def about(
    session: Session, house: House, person_id: uuid.UUID, shift: Shift, other_shift: Shift | None
) -> dict[str, str]:
    """When a shift is, and the second one where there is one, in the language that somebody reads texts in."""
    language = language_of(session, house, person_id)
    fields = shift_fields(shift.starts_at, shift.ends_at, house, language)
    if other_shift is not None:
        other = shift_fields(other_shift.starts_at, other_shift.ends_at, house, language)
        fields["other_words"] = f"{other['day_words']} {other['time_words']}"
    return fields


def first_name(session: Session, person_id: uuid.UUID) -> str:
    name = session.get_one(Person, person_id).name
    return next(iter(name.split()), name)


def _both(swap: SwapRequest, actor: Actor) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """The two, each with the other, without the one who acts: they read what came of it."""
    both = [(swap.asker_id, swap.other_id), (swap.other_id, swap.asker_id)]
    return [each for each in both if actor.kind != ActorKind.PERSON or actor.id != each[0]]


def _tell(
    session: Session,
    swap: SwapRequest,
    person_id: uuid.UUID,
    other_id: uuid.UUID,
    template: str,
    shift: Shift,
    other_shift: Shift | None,
    what: str,
    now: datetime,
    *,
    not_after: datetime | None = None,
) -> None:
    house = session.get_one(House, swap.house_id)
    fields = about(session, house, person_id, shift, other_shift)
    tell(
        session,
        house,
        person_id,
        template,
        {**fields, "peer_first_name": first_name(session, other_id), "link": link_to("/me")},
        purpose=Purpose.SHIFTS,
        dedupe_key=f"swap:{swap.id}:{person_id}:{what}",
        now=now,
        not_after=not_after or now + NOTICE_LASTS,
    )


def _question(swap: SwapRequest) -> str:
    return f"swap:{swap.id}:ask"
