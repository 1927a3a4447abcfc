"""A tablet that several people of a house share: which it is, and who has a session behind its lock."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from respite.accounts import cookies, sessions
from respite.accounts.models import Person, SignIn, Tablet
from respite.core import clock
from respite.core.crypto import digest
from respite.core.db import db


@dataclass(frozen=True, slots=True)
class Shared:
    """A shared tablet as it stood when it was read."""

    id: uuid.UUID
    house_id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class Behind:
    """A session that may be opened again in this browser."""

    sign_in_id: uuid.UUID
    name: str
    has_pin: bool


def of_request() -> Shared | None:
    """The shared tablet this browser is; none for any other browser."""
    token = cookies.read(cookies.Cookie.TABLET)
    if not token:
        return None
    row = db.session.scalar(sa.select(Tablet).where(Tablet.token_hash == digest(token), Tablet.revoked_at.is_(None)))
    return Shared(row.id, row.house_id, row.name) if row else None


def behind_lock(tablet: Shared | None, own: sessions.SignedIn | None) -> list[Behind]:
    """The sessions that this browser may open again: on a shared tablet all that began there, else its own."""
    if tablet is not None:
        which = SignIn.tablet_id == tablet.id
    elif own is not None and not own.on_tablet:
        which = SignIn.id == own.id
    else:
        return []
    rows = db.session.execute(
        sa.select(SignIn, Person.name)
        .join(Person, Person.id == SignIn.person_id)
        .where(which, SignIn.ended_at.is_(None), Person.deactivated_at.is_(None))
        .order_by(Person.name, SignIn.began_at)
    )
    now = clock.machine_now()
    return [Behind(row.id, name, row.pin_hash is not None) for row, name in rows if not sessions.is_over(row, now)]
