"""Pairing a screen: it shows eight letters, somebody who may types them, and it gets a token of its own.

The letters are worked out from a secret that only the screen keeps, so the screen shows the same ones after
each look and nobody can collect its token with the letters alone. They have 20 consonants to choose from: no
word comes up, and none is taken for another or for a digit.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts import displays, events, signals, throttle
from respite.accounts.actor import Actor
from respite.accounts.errors import NoSuchCode
from respite.accounts.models import Display, Pairing
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core import clock
from respite.core.crypto import digest, new_token, ring
from respite.core.db import db, transaction
from respite.core.errors import Invalid

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
LENGTH = 8
CODE_LASTS = timedelta(minutes=10)
COLLECT_WITHIN = timedelta(hours=24)
WAIT_AFTER_FIVE = timedelta(minutes=10)
FACES = ("doors", "house")
LANGUAGES = ("en", "es")
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Waiting:
    """A screen that waits: the letters it shows, and until when."""

    code: str
    until: datetime


def code_of(secret: str) -> str:
    """The letters that a screen with this secret shows."""
    number = int.from_bytes(ring().blind("pairing-code", secret))
    letters = []
    for _place in range(LENGTH):
        number, letter = divmod(number, len(LETTERS))
        letters.append(LETTERS[letter])
    return "".join(letters)


def plain_code(typed: str) -> str:
    """What was typed, without spaces and dashes, in capitals."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def _mark(code: str) -> bytes:
    return ring().blind("pairing", code)


def begin() -> str:
    """A screen begins to wait; returns its secret."""
    secret, now = new_token(), clock.machine_now()
    with transaction() as session:
        session.execute(sa.delete(Pairing).where(Pairing.began_at < now - COLLECT_WITHIN))
        session.add(Pairing(code_hash=_mark(code_of(secret)), secret_hash=digest(secret), began_at=now))
    return secret


def waiting(secret: str) -> Waiting | None:
    """The screen as it waits; none when its letters are old, it was paired, or it never began."""
    row = _by_secret(db.session(), secret)
    if row is None or row.display_id is not None or row.began_at + CODE_LASTS <= clock.machine_now():
        return None
    return Waiting(code_of(secret), row.began_at + CODE_LASTS)


def is_paired(secret: str) -> bool:
    """Has somebody typed the letters of this screen?"""
    row = _by_secret(db.session(), secret)
    return row is not None and row.display_id is not None


def collect(secret: str) -> str | None:
    """The token of a screen that was paired, once; none while it waits."""
    if not is_paired(secret):
        return None
    with transaction() as session:
        row = _by_secret(session, secret)
        if row is None or row.display_id is None:
            return None
        token = new_token()
        displays.give_token(session, row.display_id, token)
        session.delete(row)
    return token


def _by_secret(session: Session, secret: str) -> Pairing | None:
    return session.scalar(sa.select(Pairing).where(Pairing.secret_hash == digest(secret)))


def _tries(actor: Actor) -> throttle.Marks:
    return throttle.marks_of("pairing", actor.ref, "pairing")


def count_try(actor: Actor) -> None:
    """Count that somebody types letters; after five wrong ones raises TooManyTries.

    A transaction of its own: in the act's, a refusal would take the count back with everything else.
    """
    throttle.begin_try(_tries(actor), first_wait=WAIT_AFTER_FIVE)


def look_for(actor: Actor, typed: str) -> str:
    """The letters, when a screen shows them now. Raises NoSuchCode; after five of those TooManyTries."""
    count_try(actor)
    code = plain_code(typed)
    with transaction() as session:
        if _shown(session, code) is None:
            raise NoSuchCode(fields={"code": NoSuchCode.sentence})
        throttle.forget_tries(session, _tries(actor))
    return code


def _shown(session: Session, code: str) -> Pairing | None:
    return session.scalar(
        sa.select(Pairing).where(
            Pairing.code_hash == _mark(code),
            Pairing.display_id.is_(None),
            Pairing.began_at > clock.machine_now() - CODE_LASTS,
        )
    )


def pair(
    actor: Actor, house_id: uuid.UUID, *, code: str, name: str, face: str, language: str, now: datetime
) -> Display:
    """Make the screen that shows the letters one of the house's. Raises NoSuchCode or Invalid.

    The caller counts the try before (`count_try`).
    """
    _check(name, face, language)
    with transaction() as session:
        lock_house(session, actor, house_id, May.PAIR_SCREENS)
        row = _shown(session, code)
        if row is None:
            raise NoSuchCode(fields={"code": NoSuchCode.sentence})
        throttle.forget_tries(session, _tries(actor))
        machine = clock.machine_now()
        display = Display(
            house_id=house_id,
            name=name.strip(),
            face=face,
            language=language,
            token_hash=digest(new_token()),  # nobody's, until the screen collects its own
            paired_by=actor.id,
            paired_at=machine,
            rolled_at=machine,
        )
        session.add(display)
        session.flush()
        row.display_id = display.id
        record(session, house_id, events.SCREEN_PAIRED, subject=display.id, actor=actor, at=now, face=face)
    return display


def _check(name: str, face: str, language: str) -> None:
    wrong = {}
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        wrong["name"] = _("Please say where the screen is, in up to %(most)s letters.", most=LONGEST_NAME)
    if face not in FACES:
        wrong["face"] = _("Please choose one of the answers shown.")
    if language not in LANGUAGES:
        wrong["language"] = _("Please choose English or Spanish.")
    if wrong:
        raise Invalid(fields=wrong)


def change_screen(
    actor: Actor,
    display_id: uuid.UUID,
    *,
    name: str,
    face: str,
    language: str,
    version_seen: int | None = None,
    now: datetime,
) -> Display:
    """Another name, face or language. Raises Invalid by field, or StaleVersion."""
    _check(name, face, language)
    with transaction() as session:
        display = locked_row(session, actor, Display, display_id, May.PAIR_SCREENS, version_seen)
        display.name, display.face, display.language = name.strip(), face, language
        record(
            session,
            display.house_id,
            events.SCREEN_CHANGED,
            subject=display.id,
            actor=actor,
            at=now,
            parts=("layout",),
            face=face,
        )
    return display


def take_off(actor: Actor, display_id: uuid.UUID, *, now: datetime) -> Display:
    """The screen shows its pairing letters again from its next look on. For good: it is paired anew."""
    with transaction() as session:
        display = locked_row(session, actor, Display, display_id, May.PAIR_SCREENS)
        if display.revoked_at is None:
            display.revoked_at = clock.machine_now()
            display.previous_token_hash = None
            record(session, display.house_id, events.SCREEN_TAKEN_OFF, subject=display.id, actor=actor, at=now)
    signals.announce(f"display:{display_id}")
    return display


def screens_of(house_id: uuid.UUID) -> list[displays.Screen]:
    """The house's paired screens by name."""
    rows = db.session.scalars(
        sa.select(Display)
        .where(Display.house_id == house_id, Display.revoked_at.is_(None))
        .order_by(sa.func.lower(Display.name), Display.id)
    )
    return [displays.plain(row) for row in rows]
