"""What guests and people waiting were promised: promises know ids alone, so their names are said here."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.core.db import transaction
from respite.guests.errors import NamelessNotOffered
from respite.guests.models import Guest, Stay, Waiting
from respite.promises.models import Promise
from respite.promises.queries import promises_for
from respite.promises.service.acts import Wanted, give_in_own_words
from respite.promises.service.ends import forget_subjects
from respite.promises.subjects import Subject, Subjects

GUEST, WAITING = "guest", "waiting"


def promise_guest(
    actor: Actor, stay_id: uuid.UUID, wanted: Wanted, *, at: datetime | None = None, now: datetime
) -> Promise:
    """We said to a guest that we would, at `at` or now. Raises NamelessNotOffered for a stay without a name."""
    with transaction() as session:
        stay = locked_row(session, actor, Stay, stay_id, May.KEEP_BEDS)
        if stay.guest_id is None:
            raise NamelessNotOffered(nameless_words())
        theirs = replace(wanted, subject=(GUEST, stay.guest_id))
        return give_in_own_words(session, actor, stay.house_id, theirs, now, at)


def nameless_words() -> str:
    return _("A stay without a name keeps no promises. The house can promise something without a name.")


def guests_named(session: Session, house_id: uuid.UUID, ids: Collection[uuid.UUID]) -> Subjects:
    """Their names, and the page of the stay that is newest."""
    guests = session.scalars(sa.select(Guest).where(Guest.house_id == house_id, Guest.id.in_(ids)))
    theirs = sa.and_(Stay.house_id == house_id, Stay.guest_id.in_(ids))
    stays = session.execute(sa.select(Stay.guest_id, Stay.id).where(theirs).order_by(Stay.saved_at))
    newest = {row.guest_id: row.id for row in stays}
    return {
        guest.id: Subject(
            guest.name, url_for("guests.stay_page", stay_id=newest[guest.id]) if guest.id in newest else None
        )
        for guest in guests
    }


def waiting_named(session: Session, house_id: uuid.UUID, ids: Collection[uuid.UUID]) -> Subjects:
    """Names of those who wait still; of others none is kept."""
    rows = session.scalars(sa.select(Waiting).where(Waiting.house_id == house_id, Waiting.id.in_(ids)))
    return {
        row.id: Subject(row.name, url_for("guests.waiting_form", waiting_id=row.id) if row.ended_at is None else None)
        for row in rows
    }


def guests_of_guest(_session: Session, guest_id: uuid.UUID) -> Collection[uuid.UUID]:
    return (guest_id,)


def guests_of_waiting(session: Session, waiting_id: uuid.UUID) -> Collection[uuid.UUID]:
    guest_id = session.scalar(sa.select(Waiting.guest_id).where(Waiting.id == waiting_id))
    return () if guest_id is None else (guest_id,)


def forget(session: Session, guest_id: uuid.UUID) -> None:
    """A guest is forgotten: what they were promised goes too, here or while they waited."""
    house_id = session.get_one(Guest, guest_id).house_id
    forget_subjects(session, house_id, GUEST, [guest_id])
    waits = session.scalars(sa.select(Waiting.id).where(Waiting.guest_id == guest_id)).all()
    forget_subjects(session, house_id, WAITING, waits)


def promised_any(session: Session, row: Guest | Waiting) -> bool:
    """Whether anything was promised to this guest, or to this person who waits."""
    kind = GUEST if isinstance(row, Guest) else WAITING
    return bool(promises_for(session, row.house_id, kind, [row.id]))
