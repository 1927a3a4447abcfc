"""A peer's own number, the hours in which it may be texted, and what for: given by themselves, on their own page."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.models import Person
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.messaging.models import Correspondent
from respite.messaging.models.people import LOST, CorrespondentKind
from respite.messaging.purposes import PEER_PURPOSES, Purpose
from respite.messaging.service.consent import Method, no, yes
from respite.messaging.service.correspondents import Wishes, correspondent_of, live_consents, put, put_wishes


@dataclass(frozen=True, slots=True)
class Phone:
    """As a peer's page sends it. `number` in international form; none: the house has no number of theirs."""

    number: str | None
    hours_from: time
    hours_until: time
    language: str
    purposes: Collection[Purpose]


def keep_phone(
    actor: Actor, house_id: uuid.UUID, phone: Phone, *, version_seen: int | None = None, now: datetime
) -> Correspondent:
    """Keep one's own number and hours, and say yes or no to each purpose, all at once.

    Raises StaleVersion, Invalid by field, and what `messaging.service.consent.yes` raises.
    """
    if phone.number is None and phone.purposes:
        raise Invalid(fields={"number": _("Please say which number, or take the ticks away.")})
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_OWN)
        if actor.kind != ActorKind.PERSON:
            raise NotFound
        known = correspondent_of(session, house_id, actor.id)
        if known is not None and version_seen is not None and known.version != version_seen:
            raise StaleVersion
        return _kept(session, actor, house_id, phone, known, now)


def _kept(
    session: Session, actor: Actor, house_id: uuid.UUID, phone: Phone, known: Correspondent | None, now: datetime
) -> Correspondent:
    owner = session.get_one(Person, actor.id)
    rested = known is not None and known.number_bad == LOST
    person = put(
        session,
        house_id,
        CorrespondentKind.PEER,
        actor.id,
        name=owner.name,
        number=phone.number,
        language=owner.language,
        now=now,
        actor=actor,
    )
    if rested and phone.number is not None:
        person.number_bad = None
    wishes = Wishes(
        safe_to_text=True,
        language=phone.language,
        hours_from=phone.hours_from,
        hours_until=phone.hours_until,
        timezone=person.timezone,
        sign_off=person.sign_off,
        may_be_shared=person.may_be_shared,
    )
    put_wishes(session, actor, person, wishes, now)
    standing = {each.purpose for each in live_consents(session, person)}
    for purpose in PEER_PURPOSES:
        if purpose in phone.purposes and purpose not in standing and phone.number is not None:
            yes(session, actor, person, purpose, phone.number, Method.WEB, now)
        elif purpose in standing and purpose not in phone.purposes:
            no(session, actor, person, purpose, now)
    return person
