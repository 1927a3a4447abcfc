"""Texts with a guest: what they agree to, how they would like them, and forgetting; the guest's number goes along."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import transaction
from respite.core.errors import StaleVersion
from respite.guests.models import Guest
from respite.guests.service.earlier import keeping_earlier
from respite.guests.service.in_step import consents_elsewhere, keep_in_step
from respite.guests.service.people import put_phone
from respite.messaging.models import Consent, Correspondent
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.purposes import Purpose
from respite.messaging.service.consent import Method, no, yes
from respite.messaging.service.correspondents import Wishes, consents_of, put_wishes, tell_changed
from respite.messaging.service.erasing import erase


@dataclass(frozen=True, slots=True)
class Reconfirmed:
    """What was gone through with a guest who leaves. What nobody touched is not in it."""

    number: str | None = None  # E.164; none: as it was
    answers: Mapping[Purpose, bool] = field(default_factory=dict)
    together: bool = False  # looked at, and right


def give_consent(
    actor: Actor,
    guest_id: uuid.UUID,
    purpose: str,
    number: str,
    method: str,
    *,
    version_seen: int | None = None,
    now: datetime,
) -> Consent:
    """A guest says yes to texts for one purpose. Raises as `messaging.service.consent.yes` does."""
    with transaction() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.KEEP_TEXTS, version_seen)
        with keeping_earlier(session, guest, actor, now):
            return yes(session, actor, as_correspondent(session, guest, now), purpose, number, method, now)


def take_consent_back(actor: Actor, guest_id: uuid.UUID, purpose: str, *, now: datetime) -> int:
    """They would rather not; returns how many waiting texts were called back."""
    with transaction() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.KEEP_TEXTS)
        return no(session, actor, as_correspondent(session, guest, now), purpose, now)


def change_wishes(
    actor: Actor, guest_id: uuid.UUID, wishes: Wishes, *, version_seen: int | None = None, now: datetime
) -> Correspondent:
    """How they would like to be texted. `version_seen` is the correspondent's, as the card showed it."""
    with transaction() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.KEEP_TEXTS)
        person = as_correspondent(session, guest, now)
        if version_seen is not None and version_seen != person.version:
            raise StaleVersion
        with keeping_earlier(session, guest, actor, now):
            put_wishes(session, actor, person, wishes, now)
    return person


def hear_number(actor: Actor, guest_id: uuid.UUID, *, now: datetime) -> Guest:
    """The number that a guest wrote on their own page was gone through with them: it is theirs from now on."""
    with transaction() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.KEEP_TEXTS)
        if guest.phone is not None and guest.heard_phone is None:
            put_phone(guest, guest.phone)
            person = as_correspondent(session, guest, now)
            person.confirmed_at = now
            session.flush()
            tell_changed(session, person, actor, now)
    return guest


def correspondent_id_of(actor: Actor, guest_id: uuid.UUID, *, now: datetime) -> uuid.UUID:
    """The guest as texting knows them, made known where they were not."""
    with transaction() as session:
        return as_correspondent(session, locked_row(session, actor, Guest, guest_id, May.KEEP_TEXTS), now).id


def touched_by(session: Session, guest: Guest, said: Reconfirmed) -> list[Guest | Consent]:
    """What `reconfirm` will change of what stands, to be put back by an undo."""
    rows: list[Guest | Consent] = []
    if said.number is not None and said.number != guest.heard_phone:
        rows += [guest, *consents_elsewhere(session, guest, said.number)]
    standing = consents_of(session, guest.house_id, guest.id)
    declined = {purpose for purpose, answer in said.answers.items() if not answer}
    return rows + [each for each in standing if each.purpose in declined and each not in rows]


def reconfirm(session: Session, actor: Actor, guest: Guest, said: Reconfirmed, now: datetime) -> list[Consent]:
    """Keep what was gone through, in the transaction of the leaving; returns each new yes."""
    if said.number is not None and said.number != guest.heard_phone:
        put_phone(guest, said.number)
    person = as_correspondent(session, guest, now)
    before = {each.id for each in consents_of(session, guest.house_id, guest.id)}
    for purpose, answer in said.answers.items():
        if answer:
            yes(session, actor, person, purpose, said.number or guest.phone or "", Method.IN_PERSON, now)
        else:
            no(session, actor, person, purpose, now)
    if said.together or said.answers or said.number:
        person.confirmed_at = now
    session.flush()
    return [each for each in consents_of(session, guest.house_id, guest.id) if each.id not in before]


def follow(session: Session, person: Correspondent) -> None:
    """A number that came with a yes is the guest's number."""
    guest = session.get(Guest, person.subject_id) if person.kind == CorrespondentKind.GUEST else None
    if guest is not None and guest.heard_phone != person.number:
        put_phone(guest, person.number)
        session.flush()


def forget(session: Session, guest_id: uuid.UUID) -> None:
    """A guest is forgotten: what was written to and by them goes too."""
    guest, now = session.get_one(Guest, guest_id), house_now()
    keep_in_step(session, guest, now)
    erase(session, guest.house_id, guest.id, now)


def as_correspondent(session: Session, guest: Guest, now: datetime) -> Correspondent:
    """The guest as texting knows them, made known where they were not; in the caller's transaction."""
    person = keep_in_step(session, guest, now, even_without_number=True)
    assert person is not None, "asked for even without a number"
    return person
