"""A guest's wish about company: for a peer, not with one, or none. Nothing is given out or scored by it."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import NotFound
from respite.staffing import events
from respite.staffing.errors import AboutYourself
from respite.staffing.models import CompanyWish
from respite.staffing.policy.company import How
from respite.staffing.queries.peers import belonging_to


def wish_company(
    actor: Actor, house_id: uuid.UUID, guest_id: uuid.UUID, person_id: uuid.UUID, how: How | None, *, now: datetime
) -> None:
    """Keep what a guest said of a peer; None: no preference. The caller has made sure whose guest it is.

    Raises AboutYourself, whatever stands: somebody else writes down what is said of a peer. The event names nobody.
    """
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        if actor.kind == ActorKind.PERSON and actor.id == person_id:
            raise AboutYourself
        if belonging_to(session, house_id, person_id) is None:
            raise NotFound
        session.execute(
            sa.delete(CompanyWish).where(CompanyWish.guest_id == guest_id, CompanyWish.person_id == person_id)
        )
        if how is not None:
            session.add(CompanyWish(house_id=house_id, guest_id=guest_id, person_id=person_id, how=how))
        session.flush()
        record(session, house_id, events.COMPANY_WISHED, subject=None, actor=None, at=now)


def forget_guest(session: Session, guest_id: uuid.UUID) -> None:
    """A guest is forgotten, or left: nothing of their wishes stays."""
    session.execute(sa.delete(CompanyWish).where(CompanyWish.guest_id == guest_id))


def forget_peer(session: Session, house_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Somebody left the house: nobody can be with them there."""
    session.execute(sa.delete(CompanyWish).where(CompanyWish.house_id == house_id, CompanyWish.person_id == person_id))


def guests_with_wishes(session: Session) -> set[uuid.UUID]:
    return set(session.scalars(sa.select(CompanyWish.guest_id).distinct()))
