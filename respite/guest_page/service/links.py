"""A guest's link: given by a peer, open for longer, ended. The token is with the guest alone."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.models import Answered
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.crypto import digest
from respite.core.db import transaction
from respite.core.errors import IdempotencyKeyReused
from respite.guest_page import events
from respite.guest_page.errors import NoLink
from respite.guest_page.models import GuestLink, PageSession, PlanPart
from respite.guests.models import Guest

LASTS = timedelta(days=30)


def give_link(actor: Actor, guest_id: uuid.UUID, token: str, *, now: datetime) -> GuestLink:
    """A link that `token` opens from now on, for 30 days; the one before opens nothing any more.

    Raises IdempotencyKeyReused where the token was somebody's before.
    """
    with transaction() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.KEEP_BEDS)
        known = sa.select(GuestLink.id).where(GuestLink.token_hash == digest(token))
        if session.scalar(known) is not None:
            raise IdempotencyKeyReused
        end_in(session, guest.id, now)
        link = GuestLink(
            house_id=guest.house_id,
            guest_id=guest.id,
            token_hash=digest(token),
            made_by=actor.ref,
            made_at=now,
            until=now + LASTS,
        )
        session.add(link)
        session.flush()
        record(session, guest.house_id, events.LINK_GIVEN, subject=guest.id, actor=actor, at=now, until=link.until)
    return link


def prolong_link(actor: Actor, guest_id: uuid.UUID, *, now: datetime) -> GuestLink:
    """It opens for 30 days from now. Raises NoLink where there is none that opens."""
    with transaction() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.KEEP_BEDS)
        link = live_link(session, guest.id, now)
        if link is None:
            raise NoLink
        link.until = max(link.until, now + LASTS)
        record(session, guest.house_id, events.LINK_PROLONGED, subject=guest.id, actor=actor, at=now, until=link.until)
    return link


def end_link(actor: Actor, guest_id: uuid.UUID, *, now: datetime) -> None:
    """It opens nothing from here on, wherever the page is open now. Said twice, nothing more happens."""
    with transaction() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.KEEP_BEDS)
        if end_in(session, guest.id, now):
            record(session, guest.house_id, events.LINK_ENDED, subject=guest.id, actor=actor, at=now)


def live_link(session: Session, guest_id: uuid.UUID, now: datetime) -> GuestLink | None:
    """The one that opens the guest's page now."""
    return session.scalar(
        sa.select(GuestLink).where(GuestLink.guest_id == guest_id, GuestLink.ended_at.is_(None), GuestLink.until > now)
    )


def opens_page(session: Session, guest_id: uuid.UUID, now: datetime) -> bool:
    return live_link(session, guest_id, now) is not None


def live_link_and_shared(
    session: Session, guest_id: uuid.UUID, now: datetime
) -> tuple[GuestLink | None, list[PlanPart]]:
    """What the card shows of the page, in one read: the link that opens it, and what of the plan is shared."""
    live = sa.and_(GuestLink.guest_id == Guest.id, GuestLink.ended_at.is_(None), GuestLink.until > now)
    rows = session.execute(
        sa.select(GuestLink, PlanPart)
        .select_from(Guest)
        .outerjoin(GuestLink, live)
        .outerjoin(PlanPart, sa.and_(PlanPart.guest_id == Guest.id, PlanPart.shared_at.is_not(None)))
        .where(Guest.id == guest_id)
        .order_by(PlanPart.made_at, PlanPart.id)
    ).all()
    return (rows[0].GuestLink if rows else None), [row.PlanPart for row in rows if row.PlanPart is not None]


def was_given(session: Session, guest_id: uuid.UUID) -> bool:
    """Whether the guest ever had a link, one that has ended included."""
    return session.scalar(sa.select(GuestLink.id).where(GuestLink.guest_id == guest_id).limit(1)) is not None


def forget(session: Session, guest_id: uuid.UUID) -> None:
    """A guest is forgotten: their links open nothing, like any that never were."""
    session.execute(sa.delete(Answered).where(Answered.actor == f"{ActorKind.GUEST}:{guest_id}"))
    links = sa.select(GuestLink.id).where(GuestLink.guest_id == guest_id)
    session.execute(sa.delete(PageSession).where(PageSession.link_id.in_(links)))
    session.execute(sa.delete(GuestLink).where(GuestLink.guest_id == guest_id))


def end_with_them(session: Session, guest: Guest, actor: Actor, now: datetime) -> None:
    """A guest has died: their page closes, wherever it is open."""
    if end_in(session, guest.id, now):
        record(session, guest.house_id, events.LINK_ENDED, subject=guest.id, actor=actor, at=now)


def open_again(session: Session, guest: Guest, ended_at: datetime, _actor: Actor, now: datetime) -> None:
    """It was a mistake: the link that ended with it opens as before, unless another was given since."""
    if live_link(session, guest.id, now) is not None:
        return
    ended = sa.select(GuestLink).where(
        GuestLink.guest_id == guest.id, GuestLink.ended_at == ended_at, GuestLink.until > now
    )
    link = session.scalar(ended.limit(1))
    if link is not None:
        link.ended_at = None
        session.flush()


def end_in(session: Session, guest_id: uuid.UUID, now: datetime) -> bool:
    """`end_link` inside the caller's transaction: whether one opened something until now.

    One that ran out is ended too, so that another can be given.
    """
    links = session.scalars(
        sa.select(GuestLink).where(GuestLink.guest_id == guest_id, GuestLink.ended_at.is_(None))
    ).all()
    for link in links:
        session.execute(sa.delete(PageSession).where(PageSession.link_id == link.id))
        link.ended_at = min(now, link.until)
    session.flush()
    return any(link.until > now for link in links)
