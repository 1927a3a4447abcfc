"""A guest's plan: written, changed, ticked, shared part by part and taken away by the guest alone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.guest_page import events
from respite.guest_page.errors import PlanFull
from respite.guest_page.models import PlanKind, PlanPart, PlanWord
from respite.guest_page.service.own_act import acting_guest
from respite.guests.models import Guest

LONGEST_PART = 500
MOST_PARTS = 60


@dataclass(frozen=True, slots=True)
class Part:
    """A part with how it read before, the latest first."""

    row: PlanPart
    earlier: tuple[PlanWord, ...]


def add_part(actor: Actor, kind: PlanKind, words: str, *, shared: bool = False, now: datetime) -> PlanPart:
    """Theirs alone, unless they share it. Raises Invalid by field, PlanFull."""
    said = _fit(words)
    with transaction() as session:
        guest = acting_guest(session, actor, now)
        there = sa.select(sa.func.count()).select_from(PlanPart).where(PlanPart.guest_id == guest.id)
        if (session.scalar(there) or 0) >= MOST_PARTS:
            raise PlanFull
        part = PlanPart(
            house_id=guest.house_id, guest_id=guest.id, kind=kind, made_at=now, shared_at=now if shared else None
        )
        part.words = said
        session.add(part)
        _tell(session, guest, actor, now)
    return part


def change_part(
    actor: Actor, part_id: uuid.UUID, words: str, *, version_seen: int | None = None, now: datetime
) -> None:
    """How it read before is kept beside it. Raises NotFound, StaleVersion, Invalid by field."""
    said = _fit(words)
    with transaction() as session:
        guest, part = _own_part(session, actor, part_id, now)
        if version_seen is not None and version_seen != part.version:
            raise StaleVersion
        if part.words == said:
            return
        was = PlanWord(guest_id=guest.id, part_id=part.id, until=now, shared=part.shared_at is not None)
        was.words = part.words
        session.add(was)
        part.words = said
        _tell(session, guest, actor, now)


def share_part(actor: Actor, part_id: uuid.UUID, shared: bool, *, now: datetime) -> None:
    """With those who keep beds in the house, or theirs alone again. Said twice, it stays as it is."""
    with transaction() as session:
        guest, part = _own_part(session, actor, part_id, now)
        if shared != (part.shared_at is not None):
            part.shared_at = now if shared else None
            _tell(session, guest, actor, now)


def tick_step(actor: Actor, part_id: uuid.UUID, done: bool, *, now: datetime) -> None:
    with transaction() as session:
        guest, part = _own_part(session, actor, part_id, now)
        if part.kind != PlanKind.STEP:
            raise NotFound
        if done != (part.done_at is not None):
            part.done_at = now if done else None
            _tell(session, guest, actor, now)


def take_part_away(actor: Actor, part_id: uuid.UUID, *, now: datetime) -> None:
    """It goes with all that it ever read."""
    with transaction() as session:
        guest, part = _own_part(session, actor, part_id, now)
        session.execute(sa.delete(PlanWord).where(PlanWord.part_id == part.id))
        session.delete(part)
        _tell(session, guest, actor, now)


def plan_of(session: Session, guest_id: uuid.UUID) -> list[Part]:
    """The whole plan, as its guest reads it."""
    rows = session.execute(
        sa.select(PlanPart, PlanWord)
        .outerjoin(PlanWord, PlanWord.part_id == PlanPart.id)
        .where(PlanPart.guest_id == guest_id)
        .order_by(PlanPart.made_at, PlanPart.id, PlanWord.until.desc())
    ).all()
    parts: dict[PlanPart, list[PlanWord]] = {}
    for row in rows:
        words = parts.setdefault(row.PlanPart, [])
        if row.PlanWord is not None:
            words.append(row.PlanWord)
    return [Part(part, tuple(words)) for part, words in parts.items()]


def shared_part(session: Session, part_id: uuid.UUID) -> Part:
    """A part as those read it with whom it is shared: of how it read before, only what was shared then.

    Raises NotFound for one that its guest keeps to themselves.
    """
    part = session.get(PlanPart, part_id)
    if part is None or part.shared_at is None:
        raise NotFound
    told = sa.select(PlanWord).where(PlanWord.part_id == part.id, PlanWord.shared)
    return Part(part, tuple(session.scalars(told.order_by(PlanWord.until.desc()))))


def forget(session: Session, guest_id: uuid.UUID) -> None:
    session.execute(sa.delete(PlanWord).where(PlanWord.guest_id == guest_id))
    session.execute(sa.delete(PlanPart).where(PlanPart.guest_id == guest_id))


def _own_part(session: Session, actor: Actor, part_id: uuid.UUID, now: datetime) -> tuple[Guest, PlanPart]:
    guest = acting_guest(session, actor, now)
    part = session.get(PlanPart, part_id, populate_existing=True)
    if part is None or part.guest_id != guest.id:
        raise NotFound
    return guest, part


def _fit(words: str) -> str:
    said = words.strip()
    if not said:
        raise Invalid(fields={"words": _("Please fill this in.")})
    if len(said) > LONGEST_PART:
        raise Invalid(fields={"words": _("Please keep this to %(most)s letters.", most=LONGEST_PART)})
    return said


def _tell(session: Session, guest: Guest, actor: Actor, now: datetime) -> None:
    """The log says that they changed their plan: not which part, nor whether anybody may read it."""
    session.flush()
    record(session, guest.house_id, events.PLAN_CHANGED, subject=guest.id, actor=actor, at=now)
