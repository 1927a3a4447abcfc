"""What every act on a follow-up stands on: the guest as somebody who may be texted, their hours, their yes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.audit.service import record
from respite.core.due import clear_due
from respite.followup import events
from respite.followup.models import Came, FollowUp, State
from respite.followup.policy.steps import Way, covers
from respite.followup.policy.times import Theirs
from respite.guests.models import Guest
from respite.houses.models import House
from respite.messaging.models import Consent, Correspondent
from respite.messaging.models.people import CorrespondentKind, PersonState
from respite.messaging.policy.hours import Hours, zones_for
from respite.messaging.purposes import Purpose
from respite.messaging.service.correspondents import LASTING, consents_of, correspondent_of
from respite.messaging.service.ground import stop_on
from respite.messaging.service.stopping import PERHAPS

STEP, LOOK = "followup.step.due", "followup.text.look"


def theirs_of(house: House, person: Correspondent | None) -> Theirs:
    """Their hours and zone; the house's zone for who gave no number."""
    if person is None or person.number is None:
        zone = person.timezone if person is not None and person.timezone is not None else house.timezone
        hours = Hours(person.hours_from, person.hours_until) if person is not None else Hours()
        return Theirs(hours, (zone,))
    zones = zones_for(person.timezone, person.number, house.timezone)
    hours = Hours(person.hours_from, person.hours_until)
    return Theirs(hours, zones)


def person_of(session: Session, row: FollowUp) -> Correspondent | None:
    return correspondent_of(session, row.house_id, row.guest_id)


def yes_to(session: Session, row: FollowUp, purpose: Purpose = Purpose.FOLLOW_UP) -> Consent | None:
    """The yes on whose account this may be asked by text, at the number that is theirs now."""
    person = person_of(session, row)
    if person is None or person.number_index is None:
        return None
    standing = [each for each in consents_of(session, row.house_id, row.guest_id) if each.purpose == purpose]
    return next(
        (
            each
            for each in standing
            if each.number_index == person.number_index
            and (purpose != Purpose.FOLLOW_UP or covers(each.wording, row.after))
        ),
        None,
    )


def against(session: Session, row: FollowUp) -> Came | None:
    """What stands against asking them at all, or by text."""
    person = person_of(session, row)
    if person is not None and person.state in LASTING:
        return Came.ENDED
    if row.way != Way.TEXT:
        return None
    if person is None or yes_to(session, row) is None or not person.safe_to_text or person.number_bad:
        return Came.NO_YES
    return Came.STOPPED if asked_to_stop(session, person) else None


def asked_to_stop(session: Session, person: Correspondent) -> bool:
    """Whether no text goes to their number. What is planned rests meanwhile: START from it lets the rest come."""
    stop = stop_on(session, person.number_index) if person.number_index is not None else None
    return stop is not None and stop.source != PERHAPS


def in_a_house(session: Session, row: FollowUp) -> bool:
    """Whether they stay somewhere now, in this house or in another that knows the same number."""
    person = person_of(session, row)
    if person is None:
        return False
    same = Correspondent.id == person.id
    if person.number_index is not None:
        same = sa.or_(same, Correspondent.number_index == person.number_index)
    back = sa.select(Correspondent.id).where(
        same, Correspondent.kind == CorrespondentKind.GUEST, Correspondent.state == PersonState.BACK
    )
    return session.scalar(back.limit(1)) is not None


def tell(session: Session, row: FollowUp, kind: str, actor: Actor, now: datetime, **data: Any) -> None:
    """An act of the guest's names nobody, since the row is theirs."""
    by = actor if actor.ref != f"guest:{row.guest_id}" else CLOCK
    record(session, row.house_id, kind, subject=row.id, actor=by, at=now, step=row.window, **data)


def over(session: Session, row: FollowUp, came: Came, actor: Actor, now: datetime) -> None:
    """Nothing more comes of it."""
    if row.state == State.OVER:
        return
    clear_due(session, row.id, STEP, LOOK)
    row.state, row.came, row.planned_at = State.OVER, came, None if row.asked_at is None else row.planned_at
    session.flush()
    tell(session, row, events.OVER, actor, now, why=came)


def called_by(guest: Guest) -> str | None:
    """The number at which somebody calls them."""
    return guest.phone
