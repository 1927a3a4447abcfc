"""Signing in, locking, unlocking, signing out."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts import passwords, sessions, signals, throttle
from respite.accounts.errors import PinUsedUp, WrongPin, WrongSignIn
from respite.accounts.models import Person, SignIn
from respite.accounts.service.addresses import address_of
from respite.core import clock
from respite.core.db import db, transaction
from respite.core.errors import NotFound

MOST_PIN_TRIES = 5


def sign_in(
    email: str,
    password: str,
    *,
    network: str,
    device: str,
    tablet_id: uuid.UUID | None = None,
    instead_of: uuid.UUID | None = None,
) -> str:
    """Begin a session and return its token. Raises WrongSignIn or TooManyTries.

    `instead_of`: the session this browser had, which ends unless it stays behind a shared tablet's lock.
    """
    address = address_of(email)
    marks = throttle.marks_of("sign-in", address, network)
    throttle.begin_try(marks)
    person_id, better_hash = _whose(address, password)
    with transaction() as session:
        person = session.get(Person, person_id) if person_id else None
        if person is None or person.deactivated_at is not None:
            raise WrongSignIn
        throttle.forget_tries(session, marks)
        person.password_hash = better_hash or person.password_hash
        ended = make_way(session, person.id, tablet_id, instead_of)
        token = sessions.begin(session, person.id, device=device, tablet_id=tablet_id)
    signals.announce(*ended)
    return token


def _whose(address: str, password: str) -> tuple[uuid.UUID | None, str | None]:
    """Whose address and password these are, and a hash by today's settings where the kept one is older.

    Takes as long for an address that nobody has.
    """
    found = db.session.execute(sa.select(Person.id, Person.password_hash).where(Person.email == address)).first()
    db.session.rollback()
    kept = found.password_hash if found else None
    if not passwords.matches(kept, password) or found is None or kept is None:
        return None, None
    return found.id, passwords.hashed(password) if passwords.needs_new_hash(kept) else None


def make_way(
    session: Session, person_id: uuid.UUID, tablet_id: uuid.UUID | None, instead_of: uuid.UUID | None
) -> list[str]:
    """End what this browser had; on a shared tablet the others' sessions stay, locked. Returns their marks."""
    here = session.scalars(
        sa.select(SignIn).where(
            sa.or_(SignIn.id == instead_of, SignIn.tablet_id == tablet_id if tablet_id else sa.false()),
            SignIn.ended_at.is_(None),
        )
    ).all()
    stay = [row for row in here if tablet_id and row.tablet_id == tablet_id and row.person_id != person_id]
    marks = end_rows(session, [row for row in here if row not in stay])
    return marks + _lock(row for row in stay if row.locked_at is None)


def _lock(rows: Iterable[SignIn]) -> list[str]:
    marks = []
    for row in rows:
        row.locked_at = clock.machine_now()
        marks.append(_mark(row))
    return marks


def end_rows(session: Session, rows: Iterable[SignIn]) -> list[str]:
    marks = []
    for row in rows:
        row.ended_at, row.pin_hash = clock.machine_now(), None
        marks.append(_mark(row))
    session.flush()
    return marks


def _mark(row: SignIn) -> str:
    return f"sign-in:{row.id}"


def sign_out(sign_in_id: uuid.UUID) -> None:
    with transaction() as session:
        marks = end_rows(session, session.scalars(sa.select(SignIn).where(SignIn.id == sign_in_id)))
    signals.announce(*marks)


def end_own(person_id: uuid.UUID, sign_in_id: uuid.UUID) -> None:
    """End one of one's own sessions, on another device perhaps. Raises NotFound for anybody else's."""
    with transaction() as session:
        row = session.get(SignIn, sign_in_id)
        if row is None or row.person_id != person_id:
            raise NotFound
        marks = end_rows(session, [row] if row.ended_at is None else [])
    signals.announce(*marks)


def end_all(session: Session, person_id: uuid.UUID, *, but: uuid.UUID | None = None) -> list[str]:
    """End a person's sessions inside a use case; returns their marks, to announce after the commit."""
    rows = session.scalars(sa.select(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None)))
    return end_rows(session, [row for row in rows if row.id != but])


def lock(sign_in_id: uuid.UUID) -> str | None:
    """Lock a session and return its new token, or nothing when it is over."""
    with transaction() as session:
        row = session.get(SignIn, sign_in_id)
        if row is None or row.ended_at is not None:
            return None
        row.locked_at = row.locked_at or clock.machine_now()
        token = sessions.renew(row)
    signals.announce(_mark(row))
    return token


def unlock_by_password(sign_in_id: uuid.UUID, password: str, *, network: str) -> str:
    """Unlock a session and return its new token. Raises WrongSignIn, TooManyTries, or NotFound when it is over.

    The caller has made sure that this browser may open the session.
    """
    email = db.session.scalar(sa.select(Person.email).join(SignIn).where(SignIn.id == sign_in_id))
    db.session.rollback()
    if email is None:
        raise NotFound
    marks = throttle.marks_of("sign-in", email, network)
    throttle.begin_try(marks)
    if _whose(email, password)[0] is None:
        raise WrongSignIn
    with transaction() as session:
        throttle.forget_tries(session, marks)
        token, others = _open(session, sign_in_id)
    signals.announce(*others)
    return token


def unlock_by_pin(sign_in_id: uuid.UUID, pin: str) -> str:
    """Unlock a session of a shared tablet and return its new token.

    A try is counted before it is made, so that many at once are counted too. Raises WrongPin; the fifth wrong
    one ends the session and raises PinUsedUp.
    """
    with transaction() as session:
        counted = session.execute(
            sa.update(SignIn)
            .where(SignIn.id == sign_in_id, SignIn.pin_tries < MOST_PIN_TRIES, SignIn.pin_hash.is_not(None))
            .values(pin_tries=SignIn.pin_tries + 1)
        )
        left = cast("sa.CursorResult[tuple[()]]", counted).rowcount == 1
    row = db.session.get(SignIn, sign_in_id)
    kept, tries = (row.pin_hash, row.pin_tries) if row else (None, 0)
    db.session.rollback()
    if left and passwords.pin_matches(kept, sign_in_id, pin):
        with transaction() as session:
            token, others = _open(session, sign_in_id)
        signals.announce(*others)
        return token
    if left and tries < MOST_PIN_TRIES:
        raise WrongPin
    sign_out(sign_in_id)
    raise PinUsedUp


def _open(session: Session, sign_in_id: uuid.UUID) -> tuple[str, list[str]]:
    row = session.get(SignIn, sign_in_id)
    now = clock.machine_now()
    if row is None or sessions.is_over(row, now):
        raise NotFound
    row.locked_at, row.pin_tries, row.seen_at = None, 0, now
    if row.tablet_id is None:
        return sessions.renew(row), []
    others = session.scalars(
        sa.select(SignIn).where(
            SignIn.tablet_id == row.tablet_id,
            SignIn.id != row.id,
            SignIn.ended_at.is_(None),
            SignIn.locked_at.is_(None),
        )
    ).all()
    return sessions.renew(row), _lock(others)


def choose_pin(sign_in_id: uuid.UUID, pin: str) -> None:
    """Keep six digits for this session on this shared tablet. Raises WeakPassword, or NotFound elsewhere."""
    passwords.check_pin(pin)
    kept = passwords.pin_hashed(sign_in_id, pin)
    with transaction() as session:
        row = session.get(SignIn, sign_in_id)
        if row is None or row.tablet_id is None or sessions.is_over(row, clock.machine_now()):
            raise NotFound
        row.pin_hash, row.pin_tries = kept, 0
