"""Links by which somebody chooses a password, once: the first set-up, an invitation, a password that was lost."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts import events, passwords, sessions, signals
from respite.accounts.actor import Actor, ActorKind
from respite.accounts.errors import AlreadySetUp, LinkUsed
from respite.accounts.models import Invitation, Membership, Person
from respite.accounts.service.addresses import anybody, checked_email
from respite.accounts.service.own import LONGEST_NAME, keep_password, own_words
from respite.accounts.service.signing_in import make_way
from respite.audit.service import lock_stream, record
from respite.core import clock
from respite.core.crypto import digest, new_token
from respite.core.db import db, transaction
from respite.core.errors import Invalid

SETUP_LASTS = timedelta(minutes=60)
LINK_LASTS = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Link:
    """A link that is still good, and whose it is; nobody's for the first set-up."""

    id: uuid.UUID
    person_id: uuid.UUID | None
    name: str
    email: str
    lost: bool


def make_link(session: Session, person_id: uuid.UUID | None, lasts: timedelta) -> str:
    """A new link's token, inside a use case; links made before for the same person are void."""
    now = clock.machine_now()
    session.execute(
        sa.update(Invitation)
        .where(Invitation.person_id == person_id if person_id else Invitation.person_id.is_(None))
        .where(Invitation.used_at.is_(None))
        .values(used_at=now)
    )
    token = new_token()
    session.add(Invitation(person_id=person_id, token_hash=digest(token), made_at=now, until=now + lasts))
    session.flush()
    return token


def link_of(token: str) -> Link:
    """Raises LinkUsed for one that was used, is over, or never was."""
    row = db.session.scalar(sa.select(Invitation).where(Invitation.token_hash == digest(token)))
    if row is None or row.used_at is not None or row.until <= clock.machine_now():
        raise LinkUsed
    person = db.session.get(Person, row.person_id) if row.person_id else None
    if row.person_id is None:
        return Link(row.id, None, "", "", lost=False)
    if person is None or person.deactivated_at is not None:
        raise LinkUsed
    return Link(row.id, person.id, person.name, person.email, lost=person.password_hash is not None)


def accept(
    token: str,
    password: str,
    *,
    device: str,
    tablet_id: uuid.UUID | None,
    instead_of: uuid.UUID | None,
    now: datetime,
) -> str:
    """Choose a password by a link and begin a session; returns its token. Raises LinkUsed or WeakPassword."""
    link = link_of(token)
    if link.person_id is None:
        raise LinkUsed
    person_id = link.person_id
    passwords.check(password, own_words(db.session(), db.session.get_one(Person, person_id)))
    db.session.rollback()
    fresh = passwords.hashed(password)
    with transaction() as session:
        houses = session.scalars(
            sa.select(Membership.house_id).where(Membership.person_id == person_id, Membership.ended_at.is_(None))
        ).all()
        lock_stream(session, *houses)
        _use(session, link)
        ended = keep_password(session, person_id, fresh)
        ended += make_way(session, person_id, tablet_id, instead_of)
        begun = sessions.begin(session, person_id, device=device, tablet_id=tablet_id)
        actor = Actor(ActorKind.PERSON, person_id)
        for house_id in sorted(houses):
            record(session, house_id, events.PERSON_JOINED, subject=person_id, actor=actor, at=now)
    signals.announce(*ended)
    return begun


def _use(session: Session, link: Link) -> None:
    used = session.get(Invitation, link.id, with_for_update=True, populate_existing=True)
    if used is None or used.used_at is not None:
        raise LinkUsed
    used.used_at = clock.machine_now()


def make_setup_link() -> str:
    """The token for the first person of an installation. Raises AlreadySetUp when somebody has an account."""
    with transaction() as session:
        if anybody(session):
            raise AlreadySetUp
        return make_link(session, None, SETUP_LASTS)


def set_up(token: str, *, name: str, email: str, password: str, language: str, device: str, now: datetime) -> str:
    """Make the first person by the set-up link and begin their session; returns its token.

    Raises LinkUsed, AlreadySetUp, WeakPassword, or Invalid by field.
    """
    link = link_of(token)
    if link.person_id is not None:
        raise LinkUsed
    address, wrong = checked_email(email), {}
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        wrong["name"] = _("Please say what people call you, in up to %(most)s letters.", most=LONGEST_NAME)
    if address is None:
        wrong["email"] = _("This must be an e-mail address, such as %(example)s.", example="dana@example.org")
    if address is None or wrong:
        raise Invalid(fields=wrong)
    passwords.check(password, [name, address, *address.split("@")])
    db.session.rollback()
    fresh = passwords.hashed(password)
    with transaction() as session:
        _use(session, link)
        if anybody(session):
            raise AlreadySetUp
        person = Person(email=address, name=name.strip(), password_hash=fresh, language=language, made_at=now)
        session.add(person)
        session.flush()
        return sessions.begin(session, person.id, device=device, tablet_id=None)
