"""Stepping back: somebody who works in a house has no duty and no guests there for now. No reason is asked or kept.

Whoever said it takes it back: one's own word is one's own, and a lead's word is for those who lead. Upper features
call these inside their own transactions, behind the house's lock, and announce afterwards.
"""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts import events
from respite.accounts.actor import Actor, ActorKind
from respite.accounts.errors import NotYoursToTakeBack
from respite.accounts.models import Membership
from respite.accounts.rights import lock_house
from respite.accounts.roles import RIGHTS, May, Role
from respite.accounts.service.people import no_floor, only_a_director
from respite.audit.service import record
from respite.core.errors import NotFound


def lock_for(session: Session, actor: Actor, house_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Begin an act on somebody's duty: their own, or by who leads the house. Raises NotFound for anybody else."""
    own = actor.kind == ActorKind.PERSON and actor.id == person_id
    lock_house(session, actor, house_id, May.KEEP_OWN if own else May.MANAGE_PEOPLE)


def step_back(session: Session, actor: Actor, house_id: uuid.UUID, person_id: uuid.UUID, now: datetime) -> bool:
    """Take somebody's rights in the house, for now. Returns whether anything changed; said twice it is once.

    The house's last lead may step back too: nobody is kept on duty by their title, and they come back by themselves.
    """
    live = _live(session, house_id, person_id)
    if live.role == Role.STEPPED_BACK:
        return False
    if actor.id != person_id:
        only_a_director(session, actor, house_id, live.role)
    if May.KEEP_OWN not in RIGHTS[Role(live.role)]:
        raise NotFound  # has no duty in the first place
    _change(session, live, Role.STEPPED_BACK, live.role, actor.id, now)
    no_floor(session, house_id, person_id, actor, now)
    record(session, house_id, events.STEPPED_BACK, subject=person_id, actor=actor, at=now, parts=("people",))
    return True


def come_back(session: Session, actor: Actor, house_id: uuid.UUID, person_id: uuid.UUID, now: datetime) -> bool:
    """Give the rights back. Returns whether anything changed. Raises NotYoursToTakeBack."""
    live = _live(session, house_id, person_id)
    if live.role != Role.STEPPED_BACK or live.role_before is None:
        return False
    if not may_come_back(live, actor):
        raise NotYoursToTakeBack
    if actor.id != person_id:
        only_a_director(session, actor, house_id, live.role_before)
    _change(session, live, Role(live.role_before), None, None, now)
    record(session, house_id, events.CAME_BACK, subject=person_id, actor=actor, at=now, parts=("people",))
    return True


def may_come_back(live: Membership, actor: Actor) -> bool:
    """Whose word it was: their own is taken back by themselves, a lead's by whoever leads."""
    if actor.kind == ActorKind.COMMAND:
        return True
    return (live.stepped_back_by == live.person_id) == (actor.id == live.person_id)


def membership_of(session: Session, house_id: uuid.UUID, person_id: uuid.UUID) -> Membership | None:
    return session.scalar(
        sa.select(Membership).where(
            Membership.person_id == person_id, Membership.house_id == house_id, Membership.ended_at.is_(None)
        )
    )


def _live(session: Session, house_id: uuid.UUID, person_id: uuid.UUID) -> Membership:
    found = membership_of(session, house_id, person_id)
    if found is None:
        raise NotFound
    return found


def _change(
    session: Session, live: Membership, role: str, before: str | None, by: uuid.UUID | None, now: datetime
) -> None:
    live.ended_at = now
    session.flush()
    session.add(
        Membership(
            person_id=live.person_id,
            house_id=live.house_id,
            role=role,
            role_before=before,
            stepped_back_by=by,
            began_at=live.began_at,  # how long they have been here is not told by it
        )
    )
    session.flush()
