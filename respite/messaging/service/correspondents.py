"""Guests and peers as people who may be texted: number, language, hours and wishes, in step with what others keep.

Upper features call `put` and `put_state` inside their own transactions, behind the house's lock.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import available_timezones

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.service import Acts, record
from respite.core import fences
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.houses.models import House
from respite.houses.service.details import LANGUAGES
from respite.messaging import events
from respite.messaging.models import Consent, Correspondent, FormerNumber
from respite.messaging.models.people import PersonState
from respite.messaging.policy.wording import wrong_in
from respite.messaging.service.ground import number_mark

LONGEST_SIGN_OFF = 40
LASTING = (PersonState.NO_CONTACT, PersonState.DIED)

#: Called with (session, correspondent) when a number was given with a yes, so that whoever keeps the person too can
#: follow.
number_given: list[Callable[[Session, Correspondent], None]] = []
#: Called with (session, correspondent) when a number has become somebody's, however it came.
number_known: list[Callable[[Session, Correspondent], None]] = []
#: Called with (session, correspondent, purpose, whether given, now) when a yes is given, or is over.
yes_changed: list[Callable[[Session, Correspondent, str, bool, datetime], None]] = []
#: Called with (session, correspondent, now) when somebody's hours or zone may be others.
wishes_changed: list[Callable[[Session, Correspondent, datetime], None]] = []


@dataclass(frozen=True, slots=True)
class Wishes:
    """How somebody would like to be texted. Hours that begin where they end mean the whole day."""

    safe_to_text: bool
    language: str
    hours_from: time
    hours_until: time
    timezone: str | None = None  # none: not known
    sign_off: str | None = None
    may_be_shared: bool = False


def correspondent_of(session: Session, house_id: uuid.UUID, subject_id: uuid.UUID) -> Correspondent | None:
    return session.scalar(
        sa.select(Correspondent).where(Correspondent.house_id == house_id, Correspondent.subject_id == subject_id)
    )


def put(
    session: Session,
    house_id: uuid.UUID,
    kind: str,
    subject_id: uuid.UUID,
    *,
    name: str | None,
    number: str | None,
    language: str | None,
    now: datetime,
    actor: Acts | None = None,
) -> Correspondent:
    """Name and number (E.164) as they are now; `language` only begins what the person may choose otherwise.

    A new number ends each yes given for another one and is no longer a bad one; wishes stay.
    """
    person = correspondent_of(session, house_id, subject_id)
    if person is None:
        language = language or session.get_one(House, house_id).language
        person = Correspondent(house_id=house_id, kind=kind, subject_id=subject_id, language=language, made_at=now)
        session.add(person)
    if person.name != name:
        person.name = name
    mark = number_mark(number) if number else None
    another = mark != person.number_index
    if another:
        _was_theirs(session, person)
        person.number, person.number_index, person.number_bad = number, mark, None
    session.flush()
    if another and mark is not None:
        for follow in number_known:
            follow(session, person)
    elsewhere = [each for each in live_consents(session, person) if each.number_index != mark]
    end_consents(session, person, elsewhere, "new-number", now, actor)
    return person


def _was_theirs(session: Session, person: Correspondent) -> None:
    """Their number so far is a former one: what came from it is theirs still."""
    if person.number_index is None:
        return
    session.flush()
    if session.get(FormerNumber, (person.id, person.number_index)) is None:
        session.add(FormerNumber(correspondent_id=person.id, number_index=person.number_index))


def put_state(
    session: Session, house_id: uuid.UUID, subject_id: uuid.UUID, state: PersonState, now: datetime
) -> Correspondent | None:
    """What stands in the way of texts that nobody waits for. Coming and going change nothing about who has died, or
    is not to be texted at all.
    """
    person = correspondent_of(session, house_id, subject_id)
    if person is not None and person.state != state and (state in LASTING or person.state not in LASTING):
        person.state = state
        if state != PersonState.OPEN and person.number_index is not None:
            fences.shut(session, person.number_index)
        session.flush()
    return person


def change_wishes(
    actor: Actor, correspondent_id: uuid.UUID, wishes: Wishes, *, version_seen: int | None = None, now: datetime
) -> Correspondent:
    """Keep how they would like to be texted. Raises StaleVersion, Invalid by field."""
    with transaction() as session:
        person = locked_row(session, actor, Correspondent, correspondent_id, May.KEEP_TEXTS, version_seen)
        put_wishes(session, actor, person, wishes, now)
    return person


def put_wishes(session: Session, actor: Actor, person: Correspondent, wishes: Wishes, now: datetime) -> None:
    """`change_wishes` inside the caller's transaction. Raises Invalid by field."""
    sign_off = (wishes.sign_off or "").strip() or None
    _check(wishes, sign_off)
    if person.safe_to_text and not wishes.safe_to_text and person.number_index is not None:
        fences.shut(session, person.number_index)
    person.safe_to_text, person.may_be_shared = wishes.safe_to_text, wishes.may_be_shared
    person.language, person.timezone = wishes.language, wishes.timezone
    person.hours_from, person.hours_until = wishes.hours_from, wishes.hours_until
    if person.sign_off != sign_off:
        person.sign_off = sign_off
    person.confirmed_at = now
    session.flush()
    tell_changed(session, person, actor, now)
    for heard in wishes_changed:
        heard(session, person, now)


def tell_changed(session: Session, person: Correspondent, actor: Acts | None, now: datetime) -> None:
    record(
        session,
        person.house_id,
        events.CORRESPONDENT_CHANGED,
        subject=person.subject_id,
        actor=actor,
        at=now,
        parts=events.PARTS,
    )


def consents_of(session: Session, house_id: uuid.UUID, subject_id: uuid.UUID) -> list[Consent]:
    """Each yes of somebody that stands, whatever its number; none for who is no correspondent."""
    person = correspondent_of(session, house_id, subject_id)
    return live_consents(session, person) if person is not None else []


def live_consents(session: Session, person: Correspondent) -> list[Consent]:
    """Each yes that stands, whatever its number."""
    return list(
        session.scalars(
            sa.select(Consent)
            .where(Consent.correspondent_id == person.id, Consent.ended_at.is_(None))
            .order_by(Consent.given_at, Consent.id)
        )
    )


def end_consents(
    session: Session, person: Correspondent, consents: list[Consent], why: str, now: datetime, actor: Acts | None
) -> None:
    for consent in consents:
        fences.shut(session, consent.number_index)
        consent.ended_at, consent.ended_why = now, why
        consent.ended_by = actor.ref if actor else None
        session.flush()
        record(
            session,
            person.house_id,
            events.CONSENT_ENDED,
            subject=person.subject_id,
            actor=actor,
            at=now,
            parts=events.PARTS,
            purpose=consent.purpose,
            why=why,
        )
        for heard in yes_changed:
            heard(session, person, consent.purpose, False, now)


def _check(wishes: Wishes, sign_off: str | None) -> None:
    wrong: dict[str, str] = {}
    if wishes.language not in LANGUAGES:
        wrong["language"] = _("Please choose English or Spanish.")
    if wishes.timezone is not None and wishes.timezone not in available_timezones():
        wrong["timezone"] = _("Please choose a time zone such as America/Denver.")
    if sign_off is not None and len(sign_off) > LONGEST_SIGN_OFF:
        wrong["sign_off"] = _("Please keep this to %(most)s letters.", most=LONGEST_SIGN_OFF)
    elif sign_off is not None and wrong_in(sign_off, own_hosts=()):
        wrong["sign_off"] = _("Please choose another word: somebody else may read this phone.")
    if wrong:
        raise Invalid(fields=wrong)
