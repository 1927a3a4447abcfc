"""Making this browser a shared tablet of a house, and taking that back."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from respite.accounts import events, signals, tablets
from respite.accounts.actor import Actor
from respite.accounts.models import SignIn, Tablet
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.accounts.service.signing_in import end_rows
from respite.audit.service import record
from respite.core import clock
from respite.core.crypto import digest, new_token
from respite.core.db import db, transaction
from respite.core.errors import Invalid

LONGEST_NAME = 60


def share(actor: Actor, house_id: uuid.UUID, sign_in_id: uuid.UUID, *, name: str, now: datetime) -> str:
    """Make the browser of this session a shared tablet; returns the token for its cookie. Raises Invalid."""
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise Invalid(
            fields={"name": _("Please say where the tablet is, in up to %(most)s letters.", most=LONGEST_NAME)}
        )
    token = new_token()
    with transaction() as session:
        lock_house(session, actor, house_id, May.PAIR_SCREENS)
        tablet = Tablet(
            house_id=house_id,
            name=name.strip(),
            token_hash=digest(token),
            made_by=actor.id,
            made_at=clock.machine_now(),
        )
        session.add(tablet)
        session.flush()
        session.get_one(SignIn, sign_in_id).tablet_id = tablet.id
        record(session, house_id, events.TABLET_SHARED, subject=tablet.id, actor=actor, at=now)
    return token


def take_back(actor: Actor, tablet_id: uuid.UUID, *, now: datetime) -> Tablet:
    """The browser is nobody's shared tablet any more; the sessions behind its lock end."""
    with transaction() as session:
        tablet = locked_row(session, actor, Tablet, tablet_id, May.PAIR_SCREENS)
        marks: list[str] = []
        if tablet.revoked_at is None:
            tablet.revoked_at = clock.machine_now()
            marks = end_rows(
                session,
                session.scalars(sa.select(SignIn).where(SignIn.tablet_id == tablet.id, SignIn.ended_at.is_(None))),
            )
            record(session, tablet.house_id, events.TABLET_TAKEN_BACK, subject=tablet.id, actor=actor, at=now)
    signals.announce(*marks)
    return tablet


def tablets_of(house_id: uuid.UUID) -> list[tablets.Shared]:
    """The house's shared tablets by name."""
    rows = db.session.scalars(
        sa.select(Tablet)
        .where(Tablet.house_id == house_id, Tablet.revoked_at.is_(None))
        .order_by(sa.func.lower(Tablet.name), Tablet.id)
    )
    return [tablets.Shared(row.id, row.house_id, row.name) for row in rows]
