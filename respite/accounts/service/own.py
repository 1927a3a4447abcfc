"""What people change about themselves: their name, their language, their password."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts import events, passwords, signals, throttle
from respite.accounts.actor import Actor
from respite.accounts.errors import WrongPassword
from respite.accounts.models import Invitation, Membership, Person
from respite.accounts.service.signing_in import end_all
from respite.audit.service import lock_stream, record
from respite.core import clock
from respite.core.db import db, transaction
from respite.core.errors import Invalid, NotFound, StaleVersion

LONGEST_NAME = 80
LANGUAGES = ("en", "es")


def change_own(actor: Actor, *, name: str, language: str, version_seen: int | None = None, now: datetime) -> Person:
    """Change one's own name and language. Raises Invalid by field, or StaleVersion."""
    wrong = {}
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        wrong["name"] = _("Please say what people call you, in up to %(most)s letters.", most=LONGEST_NAME)
    if language not in LANGUAGES:
        wrong["language"] = _("Please choose English or Spanish.")
    if wrong:
        raise Invalid(fields=wrong)
    with transaction() as session:
        houses = _lock_houses(session, actor.id)
        person = session.get(Person, actor.id)
        if person is None:
            raise NotFound
        if version_seen is not None and version_seen != person.version:
            raise StaleVersion
        person.name, person.language = name.strip(), language
        for house_id in houses:
            record(session, house_id, events.PERSON_CHANGED, subject=person.id, actor=actor, at=now, parts=("people",))
    return person


def choose_language(person_id: uuid.UUID, language: str) -> None:
    """The language chosen on a page follows the person to their other devices."""
    with transaction() as session:
        person = session.get(Person, person_id)
        if person is not None and language in LANGUAGES:
            person.language = language


def _lock_houses(session: Session, person_id: uuid.UUID) -> list[uuid.UUID]:
    houses = session.scalars(
        sa.select(Membership.house_id).where(Membership.person_id == person_id, Membership.ended_at.is_(None))
    ).all()
    lock_stream(session, *houses)
    return sorted(houses)


def change_password(person_id: uuid.UUID, sign_in_id: uuid.UUID, *, current: str, password: str, network: str) -> None:
    """Change one's own password; the sessions on other devices end.

    Raises WrongPassword, WeakPassword or TooManyTries.
    """
    person = db.session.get_one(Person, person_id)
    email, kept, words = person.email, person.password_hash, own_words(db.session(), person)
    db.session.rollback()
    passwords.check(password, words)  # first: somebody looking for a password that is taken guesses at nothing
    marks = throttle.marks_of("sign-in", email, network)
    throttle.begin_try(marks)
    if not passwords.matches(kept, current):
        raise WrongPassword(fields={"current": WrongPassword.sentence})
    fresh = passwords.hashed(password)
    with transaction() as session:
        throttle.forget_tries(session, marks)
        ended = keep_password(session, person_id, fresh, but=sign_in_id)
    signals.announce(*ended)


def keep_password(
    session: Session, person_id: uuid.UUID, fresh_hash: str, *, but: uuid.UUID | None = None
) -> list[str]:
    """Keep a new password: every other session ends and every open link is void. Returns marks to announce."""
    person = session.get_one(Person, person_id)
    person.password_hash = fresh_hash
    session.execute(
        sa.update(Invitation)
        .where(Invitation.person_id == person_id, Invitation.used_at.is_(None))
        .values(used_at=clock.machine_now())
    )
    return end_all(session, person_id, but=but)


def own_words(session: Session, person: Person) -> list[str]:
    """Words that somebody who knows the person would try first."""
    words = [person.name, person.email, *person.email.split("@")]
    for more in passwords.more_words:
        words += more(session, person.id)
    return words


def give_password(person_id: uuid.UUID, password: str) -> None:
    """A first password, given at the machine's command line. Raises WeakPassword."""
    person = db.session.get_one(Person, person_id)
    passwords.check(password, own_words(db.session(), person))
    db.session.rollback()
    fresh = passwords.hashed(password)
    with transaction() as session:
        ended = keep_password(session, person_id, fresh)
    signals.announce(*ended)
