"""What a guest asks from their page: asked, taken, answered in words, taken back."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound
from respite.guests import events
from respite.guests.errors import AskOver, ForgettingAsked
from respite.guests.models import AskKind, Guest, GuestAsk
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.houses.queries import rules_now

LONGEST_ASK = 300
LONGEST_ANSWER = 500
PARTS = ("asks",)


def ask_inside(session: Session, actor: Actor, guest: Guest, kind: AskKind, words: str | None, now: datetime) -> None:
    """A guest asks, inside their page's act and behind the house's lock. Raises Invalid, ForgettingAsked."""
    text = (words or "").strip() or None
    if kind != AskKind.FORGET and text is None:
        raise Invalid(fields={"words": _("Please write a few words.")})
    if text is not None and len(text) > LONGEST_ASK:
        raise Invalid(fields={"words": _("Please keep this to %(most)s letters.", most=LONGEST_ASK)})
    if kind == AskKind.FORGET and asks_to_be_forgotten(session, guest.id) is not None:
        raise ForgettingAsked
    house, rules = session.get_one(House, guest.house_id), rules_now(session, guest.house_id)
    by = local(now, house.timezone).date() + timedelta(days=rules.answer_days)
    row = GuestAsk(
        house_id=guest.house_id,
        guest_id=guest.id,
        kind=kind,
        asked_at=now,
        answer_by=by if kind == AskKind.FORGET else None,
    )
    row.words = text
    session.add(row)
    session.flush()
    record(session, guest.house_id, events.ASKED, subject=row.id, actor=actor, at=now, parts=PARTS, what=kind)


def take_back_inside(session: Session, actor: Actor, guest: Guest, ask_id: uuid.UUID, now: datetime) -> None:
    """The guest changed their mind: the row goes, words and all. Raises AskOver where it was answered for good."""
    row = session.get(GuestAsk, ask_id, populate_existing=True)
    if row is None or row.guest_id != guest.id:
        raise NotFound
    if row.ended_at is not None:
        raise AskOver
    session.delete(row)
    session.flush()
    record(session, guest.house_id, events.ASK_TAKEN_BACK, subject=ask_id, actor=actor, at=now, parts=PARTS)


def take_ask(actor: Actor, ask_id: uuid.UUID, *, version_seen: int | None = None, now: datetime) -> GuestAsk:
    """Somebody of the house says: I see to it. Raises AskOver."""
    with transaction() as session:
        row = _open(session, actor, ask_id, version_seen)
        if actor.kind != ActorKind.PERSON:
            raise NotFound
        if row.taken_by != actor.id:
            row.taken_by = actor.id
            session.flush()
            record(session, row.house_id, events.ASK_TAKEN, subject=row.id, actor=actor, at=now, parts=PARTS)
    return row


def let_taker_go(session: Session, guest_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """What this guest asked and this person saw to is anybody's again. Behind the house's lock; no event says why."""
    theirs = (GuestAsk.guest_id == guest_id, GuestAsk.taken_by == person_id, GuestAsk.ended_at.is_(None))
    for row in session.scalars(sa.select(GuestAsk).where(*theirs)).all():
        row.taken_by = None
    session.flush()


def answer_ask(
    actor: Actor, ask_id: uuid.UUID, words: str, *, version_seen: int | None = None, now: datetime
) -> GuestAsk:
    """Answer in words. To be forgotten stays open: the words say why not yet. Raises Invalid, AskOver."""
    text = words.strip()
    if not text or len(text) > LONGEST_ANSWER:
        short, long = _("Please write a few words."), _("Please keep this to %(most)s letters.", most=LONGEST_ANSWER)
        raise Invalid(fields={"words": long if text else short})
    with transaction() as session:
        row = _open(session, actor, ask_id, version_seen)
        row.answer, row.answered_by, row.answered_at = text, actor.ref, now
        if row.kind != AskKind.FORGET:
            row.ended_at = now
        session.flush()
        record(
            session, row.house_id, events.ASK_ANSWERED, subject=row.id, actor=actor, at=now, parts=PARTS, what=row.kind
        )
    return row


def asks_to_be_forgotten(session: Session, guest_id: uuid.UUID) -> GuestAsk | None:
    return session.scalar(
        sa.select(GuestAsk).where(
            GuestAsk.guest_id == guest_id, GuestAsk.kind == AskKind.FORGET, GuestAsk.ended_at.is_(None)
        )
    )


def forget(session: Session, guest_id: uuid.UUID) -> None:
    session.execute(sa.delete(GuestAsk).where(GuestAsk.guest_id == guest_id))


def _open(session: Session, actor: Actor, ask_id: uuid.UUID, version_seen: int | None) -> GuestAsk:
    row = locked_row(session, actor, GuestAsk, ask_id, May.KEEP_BEDS, version_seen)
    if row.ended_at is not None:
        raise AskOver
    return row
