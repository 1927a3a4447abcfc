"""A yes to texts: from one person, for one purpose, at one number, in the words of one version; and taking it back."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound
from respite.core.forms import Unusable
from respite.core.phones import as_phone
from respite.houses.models import House
from respite.messaging import events
from respite.messaging.errors import NoContactWanted, NumberOptedOut, NumberUnusable
from respite.messaging.models import Consent, Correspondent, Message
from respite.messaging.models.people import LOST, CorrespondentKind
from respite.messaging.policy.consent_words import version_of
from respite.messaging.policy.hours import Hours, next_open, zones_for
from respite.messaging.purposes import GUEST_PURPOSES, PEER_PURPOSES, Purpose
from respite.messaging.service.correspondents import (
    LASTING,
    correspondent_of,
    end_consents,
    live_consents,
    number_given,
    put,
    yes_changed,
)
from respite.messaging.service.gate import CONFIRMS
from respite.messaging.service.ground import number_mark, stop_on
from respite.messaging.service.stopping import PERHAPS, WRONG_NUMBER
from respite.messaging.service.wordings import house_fields
from respite.messaging.service.writing import cancel_where, write


class Method(StrEnum):
    """How somebody said yes."""

    IN_PERSON = "in-person"
    PHONE = "phone"
    TEXT = "text"
    PAPER = "paper"
    WEB = "web"


def purposes_of(kind: str) -> tuple[Purpose, ...]:
    """What a guest, or a peer, is asked about."""
    return GUEST_PURPOSES if kind == CorrespondentKind.GUEST else PEER_PURPOSES


def give(
    actor: Actor, house_id: uuid.UUID, subject_id: uuid.UUID, purpose: str, number: str, method: str, *, now: datetime
) -> Consent:
    """Write down a yes of somebody who is a correspondent already. Raises as `yes` does, and NotFound."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_TEXTS)
        person = correspondent_of(session, house_id, subject_id)
        if person is None:
            raise NotFound
        return yes(session, actor, person, purpose, number, method, now)


def withdraw(actor: Actor, house_id: uuid.UUID, subject_id: uuid.UUID, purpose: str, *, now: datetime) -> int:
    """They would rather not; returns how many waiting texts were called back. Saying so twice changes nothing."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_TEXTS)
        person = correspondent_of(session, house_id, subject_id)
        if person is None:
            raise NotFound
        return no(session, actor, person, purpose, now)


def yes(
    session: Session, actor: Actor, person: Correspondent, purpose: str, number: str, method: str, now: datetime
) -> Consent:
    """Write down a yes inside the caller's transaction, at the number that is theirs or becomes theirs with it.

    A yes that stands to the words of today is returned as it is. Raises Invalid by field; NoContactWanted;
    NumberOptedOut where the number asked for no more texts, which a yes said in the house does not undo (START from the
    phone does); NumberUnusable where it turned out to be somebody else's.
    """
    wanted, kept_number = _read(person, purpose, number, method)
    if person.state in LASTING:
        raise NoContactWanted
    mark = number_mark(kept_number)
    _must_be_open(session, mark)
    if person.number_index != mark:
        put(
            session,
            person.house_id,
            person.kind,
            person.subject_id,
            name=person.name,
            number=kept_number,
            language=None,
            now=now,
            actor=actor,
        )
        for follow in number_given:
            follow(session, person)
    standing = next((each for each in live_consents(session, person) if each.purpose == wanted), None)
    if person.number_bad != LOST:  # said anew, it is theirs, whatever a text to it met before
        person.number_bad = None
    person.confirmed_at = now
    if standing is not None and standing.wording == version_of(wanted):
        session.flush()
        return standing
    if standing is not None:  # to other words: this is another yes
        end_consents(session, person, [standing], "new-words", now, actor)
    return _written(session, actor, person, wanted, mark, method, now)


def no(session: Session, actor: Actor, person: Correspondent, purpose: str, now: datetime) -> int:
    """Take a yes back inside the caller's transaction, and call back what waits to be sent on its account."""
    standing = [each for each in live_consents(session, person) if each.purpose == purpose]
    end_consents(session, person, standing, "withdrawn", now, actor)
    if not live_consents(session, person):
        for each in standing:
            unconfirm(session, each.id, now)
    theirs = (Message.correspondent_id == person.id, Message.purpose == purpose)
    return cancel_where(session, "no-consent", now, *theirs)


def _read(person: Correspondent, purpose: str, number: str, method: str) -> tuple[Purpose, str]:
    wrong: dict[str, str] = {}
    kept_number = ""
    if purpose not in purposes_of(person.kind):
        wrong["purpose"] = _("Please choose one of the answers shown.")
    if method not in set(Method):
        wrong["method"] = _("Please choose one of the answers shown.")
    try:
        kept_number = as_phone(number)
    except Unusable as error:
        wrong["number"] = str(error)
    if wrong:
        raise Invalid(fields=wrong)
    return Purpose(purpose), kept_number


def _must_be_open(session: Session, mark: bytes) -> None:
    """A stop of the person stands until their own phone lifts it; one that only may be meant waits for a reader."""
    stop = stop_on(session, mark)
    if stop is None or stop.source == PERHAPS:
        return
    raise NumberUnusable if stop.source == WRONG_NUMBER else NumberOptedOut


def _written(
    session: Session, actor: Actor, person: Correspondent, purpose: Purpose, mark: bytes, method: str, now: datetime
) -> Consent:
    first = not live_consents(session, person)
    consent = Consent(
        house_id=person.house_id,
        correspondent_id=person.id,
        purpose=purpose,
        number_index=mark,
        wording=version_of(purpose),
        method=method,
        given_at=now,
        recorded_by=actor.ref,
    )
    session.add(consent)
    session.flush()
    record(
        session,
        person.house_id,
        events.CONSENT_GIVEN,
        subject=person.subject_id,
        actor=actor,
        at=now,
        parts=events.PARTS,
        purpose=purpose,
        method=method,
        wording=consent.wording,
    )
    if first:
        _confirm(session, actor, person, consent, now)
    for heard in yes_changed:
        heard(session, person, purpose, True, now)
    return consent


def _confirm(session: Session, actor: Actor, person: Correspondent, consent: Consent, now: datetime) -> None:
    """The first yes at a number is confirmed to it: what they asked for, and how it ends. It also shows whether the
    number is right. Once more the gate asks for a yes at this number and for their hours; they may be in the house.
    """
    if not person.safe_to_text or not person.number:
        return
    house = session.get_one(House, person.house_id)
    zones = zones_for(person.timezone, person.number, house.timezone)
    opens = next_open(now, Hours(person.hours_from, person.hours_until), zones)
    if opens is None:
        return
    confirming = write(
        session,
        person.house_id,
        number=person.number,
        purpose=Purpose.AUTOMATIC,
        template=CONFIRMS,
        fields=house_fields(session, house.id) | {"first_name": (person.name or "").partition(" ")[0]},
        language=person.language,
        dedupe_key=_confirmed_by(consent.id),
        made_by=actor.ref,
        not_before=opens,
        correspondent_id=person.id,
        now=now,
    )
    confirming.rank = 1  # nobody waits for it, so nothing of it is put to a person


def unconfirm(session: Session, consent_id: uuid.UUID, now: datetime) -> None:
    """The yes was taken back or was none: what would confirm it stays, where it waits still."""
    cancel_where(session, "no-consent", now, Message.dedupe_key == _confirmed_by(consent_id))


def _confirmed_by(consent_id: uuid.UUID) -> str:
    return f"yes:{consent_id}"
