"""Server-side sessions: the row is the authority, the cookie holds 256 random bits and nothing else.

A session ends after an hour without a sign of its person and twelve hours after it began, by the machine's
clock. On a shared tablet it locks after five minutes instead, and lasts its twelve hours behind the lock.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from respite.accounts import cookies
from respite.accounts.actor import Actor, ActorKind
from respite.accounts.models import Invitation, KeptFrom, Membership, Person, SignIn
from respite.accounts.roles import Role
from respite.core import clock
from respite.core.crypto import digest, new_token
from respite.core.db import db, transaction
from respite.core.errors import Busy

IDLE = timedelta(minutes=60)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
TABLET_IDLE = timedelta(minutes=5)
TABLET_SEEN_EVERY = timedelta(seconds=30)
REMEMBERED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Who:
    """The person of a session, in plain values: they outlive the transaction they were read in."""

    id: uuid.UUID
    name: str
    language: str


@dataclass(frozen=True)
class SignedIn(UserMixin):
    """A session that is live, as it stood when it was read."""

    id: uuid.UUID
    person: Who
    tablet_id: uuid.UUID | None
    locked: bool
    seen_at: datetime
    actor: Actor

    @property
    def mark(self) -> str:
        return f"sign-in:{self.id}"

    @property
    def on_tablet(self) -> bool:
        return self.tablet_id is not None


login = LoginManager()
login.session_protection = None


@login.request_loader
def _of_request(_request: object) -> SignedIn | None:
    token = cookies.read(cookies.Cookie.SIGN_IN)
    return by_token(token) if token else None


def of_request() -> SignedIn | None:
    """The session of this request, locked or not; none where nobody signed in or it is over."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def by_token(token: str) -> SignedIn | None:
    return _read(SignIn.token_hash == digest(token))


def _read(which: sa.ColumnElement[bool]) -> SignedIn | None:
    # Asked along with the rest, so that only somebody from whom anything is kept costs another read.
    anything_kept = sa.exists().where(KeptFrom.person_id == Person.id)
    found = db.session.execute(
        sa.select(SignIn, Person, anything_kept).join(Person, Person.id == SignIn.person_id).where(which)
    ).first()
    now = clock.machine_now()
    if found is None or is_over(found[0], now) or found[1].deactivated_at is not None:
        return None
    row, person, any_kept = found
    kept_from = frozenset(_kept_from(db.session(), person.id)) if any_kept else frozenset()
    return SignedIn(
        id=row.id,
        person=Who(person.id, person.name, person.language),
        tablet_id=row.tablet_id,
        locked=is_locked(row, now),
        seen_at=row.seen_at,
        actor=Actor(ActorKind.PERSON, person.id, roles_of(db.session(), person.id), kept_from=kept_from),
    )


def _kept_from(session: Session, person_id: uuid.UUID) -> Iterable[uuid.UUID]:
    return session.scalars(sa.select(KeptFrom.guest_id).where(KeptFrom.person_id == person_id))


def roles_of(session: Session, person_id: uuid.UUID) -> dict[uuid.UUID, Role]:
    """The person's live roles by house."""
    found = session.execute(
        sa.select(Membership.house_id, Membership.role).where(
            Membership.person_id == person_id, Membership.ended_at.is_(None)
        )
    )
    return {house_id: Role(role) for house_id, role in found}


def is_over(row: SignIn, now: datetime) -> bool:
    if row.ended_at is not None or now - row.began_at > ABSOLUTE:
        return True
    return row.tablet_id is None and now - row.seen_at > IDLE


def is_locked(row: SignIn, now: datetime) -> bool:
    return row.locked_at is not None or (row.tablet_id is not None and now - row.seen_at > TABLET_IDLE)


def open_now(now: datetime) -> sa.ColumnElement[bool]:
    """The same as `is_over` and `is_locked` in SQL: sessions that are live and not locked."""
    idle = sa.case((SignIn.tablet_id.is_(None), now - IDLE), else_=now - TABLET_IDLE)
    return sa.and_(
        SignIn.ended_at.is_(None),
        SignIn.locked_at.is_(None),
        SignIn.began_at >= now - ABSOLUTE,
        SignIn.seen_at >= idle,
    )


def begin(session: Session, person_id: uuid.UUID, *, device: str, tablet_id: uuid.UUID | None) -> str:
    """Begin a session and return its token; always a fresh one, whatever the browser brought."""
    token, now = new_token(), clock.machine_now()
    session.add(
        SignIn(
            person_id=person_id,
            token_hash=digest(token),
            tablet_id=tablet_id,
            device=device[:80],
            began_at=now,
            seen_at=now,
        )
    )
    session.flush()
    return token


def renew(row: SignIn) -> str:
    """Another token for the same session; the old one opens nothing from here on."""
    token = new_token()
    row.token_hash = digest(token)
    return token


def note_seen(signed_in: SignedIn) -> None:
    """The person gave a sign. Written at most every five minutes, on a shared tablet every half minute."""
    now = clock.machine_now()
    if now - signed_in.seen_at < (TABLET_SEEN_EVERY if signed_in.on_tablet else SEEN_EVERY):
        return
    try:
        with transaction() as session:
            session.execute(
                sa.update(SignIn).where(SignIn.id == signed_in.id, SignIn.seen_at < now).values(seen_at=now)
            )
    except (Busy, OperationalError):  # in turn, or the disk is full: looking goes on
        return  # the next sign of the person is as good


@dataclass(frozen=True, slots=True)
class Open:
    """One of a person's open sessions, as the list of them shows it."""

    id: uuid.UUID
    device: str
    on_tablet: bool
    began_at: datetime
    seen_at: datetime


def open_of(person_id: uuid.UUID) -> list[Open]:
    """The person's sessions that are not over, the latest first."""
    rows = db.session.scalars(
        sa.select(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
        .order_by(SignIn.seen_at.desc(), SignIn.id)
    )
    now = clock.machine_now()
    return [
        Open(row.id, row.device, row.tablet_id is not None, row.began_at, row.seen_at)
        for row in rows
        if not is_over(row, now)
    ]


def forget_old() -> int:
    """Let sessions go that were over a month ago, and links that nobody used; returns how many sessions."""
    before = clock.machine_now() - REMEMBERED
    with transaction() as session:
        session.execute(sa.delete(Invitation).where(Invitation.until < before))
        gone = session.execute(sa.delete(SignIn).where(SignIn.began_at < before))
        return cast("sa.CursorResult[tuple[()]]", gone).rowcount
