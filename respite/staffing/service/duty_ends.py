"""Duty ends: somebody steps back, comes back, leaves the house, or lost their phone.

What hangs on a person is let go in the same transaction, so nothing that waits reaches them afterwards. Nobody asks
why, and nothing here keeps it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts import signals
from respite.accounts.actor import Actor, ActorKind
from respite.accounts.models import Membership
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.accounts.service import stepping_back
from respite.accounts.service.signing_in import end_all
from respite.audit.service import lock_stream, record
from respite.core.db import transaction
from respite.core.errors import NotFound
from respite.messaging.models import Correspondent
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.service.correspondents import put
from respite.messaging.service.lost import call_back, rest_number
from respite.staffing import events
from respite.staffing.models import Roster, RosterSeat, Shift
from respite.staffing.queries.peers import belonging_to, peer_of
from respite.staffing.service.company import forget_peer
from respite.staffing.service.feeds import end_feeds
from respite.staffing.service.shifts import give_to, leave_early

Ended = Callable[[Session, uuid.UUID, uuid.UUID, Actor, datetime], None]

#: Called with (session, house id, person id, actor, now), behind the house's lock, when somebody has no duty there
#: any more: what was offered to or asked of them ends. Their shifts are open and their texts called back by then.
duty_ended: list[Ended] = []
#: Called likewise when somebody's phone is lost: what opens without a sign-in ends.
phone_lost: list[Ended] = []


def coming_shifts(session: Session, house_id: uuid.UUID, person_id: uuid.UUID, now: datetime) -> list[Shift]:
    """Shifts of theirs in the house that are on or to come, in order."""
    found = session.scalars(
        sa.select(Shift)
        .where(
            Shift.house_id == house_id,
            Shift.person_id == person_id,
            Shift.ends_at > now,
            Shift.went_at.is_(None),
            Shift.published_at.is_not(None),
        )
        .order_by(Shift.starts_at, Shift.id)
    )
    return list(found)


def step_back(actor: Actor, house_id: uuid.UUID, person_id: uuid.UUID, *, now: datetime) -> int:
    """ "No duty and no guests for now": at their own word, or by who leads. Returns how many shifts are open now."""
    with transaction() as session:
        stepping_back.lock_for(session, actor, house_id, person_id)
        if not stepping_back.step_back(session, actor, house_id, person_id, now):
            return 0
        opened = _let_go(session, house_id, person_id, actor, now)
    signals.announce(f"person:{person_id}")
    return opened


def come_back(actor: Actor, house_id: uuid.UUID, person_id: uuid.UUID, *, now: datetime) -> None:
    """On duty again; shifts that were opened stay open. Raises NotYoursToTakeBack."""
    with transaction() as session:
        stepping_back.lock_for(session, actor, house_id, person_id)
        stepping_back.come_back(session, actor, house_id, person_id, now)
    signals.announce(f"person:{person_id}")


def lose_phone(
    actor: Actor, house_id: uuid.UUID, person_id: uuid.UUID, *, but: uuid.UUID | None = None, now: datetime
) -> int:
    """Somebody's phone is lost: any colleague says so. Their sessions and links end, and their number rests.

    `but` is the session of whoever says it of their own phone, from another device. Returns how many sessions ended.
    """
    with transaction() as session:
        houses = _houses_of(session, person_id)
        lock_stream(session, house_id, *houses)
        lock_house(session, actor, house_id, May.SEE_SHIFTS)
        if actor.kind != ActorKind.PERSON or belonging_to(session, house_id, person_id) is None:
            raise NotFound
        marks = end_all(session, person_id, but=but if person_id == actor.id else None)
        end_feeds(session, person_id, now)
        for each in houses:
            for person in _as_correspondent(session, each, person_id):
                rest_number(session, person, now)
            for heard in phone_lost:
                heard(session, each, person_id, actor, now)
            record(session, each, events.PHONE_LOST, subject=person_id, actor=actor, at=now, parts=("people",))
    signals.announce(*marks)
    return len(marks)


def left(session: Session, house_id: uuid.UUID, person_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Somebody left the house, inside the transaction in which they did. The house keeps no number of theirs."""
    for person in _as_correspondent(session, house_id, person_id):
        call_back(session, person, now)
        put(
            session,
            house_id,
            CorrespondentKind.PEER,
            person_id,
            name=person.name,
            number=None,
            language=None,
            now=now,
            actor=actor,
        )
    forget_peer(session, house_id, person_id)
    _let_go(session, house_id, person_id, actor, now)
    peer = peer_of(session, house_id, person_id)
    if peer is not None:
        peer.shares, peer.shares_with_colleagues = [], False
        session.flush()
    if not _houses_of(session, person_id):
        end_feeds(session, person_id, now)


def _let_go(session: Session, house_id: uuid.UUID, person_id: uuid.UUID, actor: Actor, now: datetime) -> int:
    opened = 0
    for shift in coming_shifts(session, house_id, person_id, now):
        if shift.came_at is not None:
            leave_early(session, shift, actor, now)
        else:
            give_to(session, shift, None, actor, now)
            opened += 1
    drafts = sa.select(Roster.id).where(Roster.house_id == house_id, Roster.state.in_(("choosing", "draft")))
    for seat in session.scalars(
        sa.select(RosterSeat).where(RosterSeat.person_id == person_id, RosterSeat.roster_id.in_(drafts))
    ).all():
        seat.person_id, seat.locked = None, False
    session.flush()
    for person in _as_correspondent(session, house_id, person_id):
        call_back(session, person, now)
    for heard in duty_ended:
        heard(session, house_id, person_id, actor, now)
    return opened


def _as_correspondent(session: Session, house_id: uuid.UUID, person_id: uuid.UUID) -> list[Correspondent]:
    return list(
        session.scalars(
            sa.select(Correspondent).where(
                Correspondent.house_id == house_id,
                Correspondent.subject_id == person_id,
                Correspondent.kind == CorrespondentKind.PEER,
            )
        )
    )


def _houses_of(session: Session, person_id: uuid.UUID) -> list[uuid.UUID]:
    found = session.scalars(
        sa.select(Membership.house_id).where(Membership.person_id == person_id, Membership.ended_at.is_(None))
    )
    return sorted(found)
