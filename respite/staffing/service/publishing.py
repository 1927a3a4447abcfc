"""Publishing a roster: its seats go into the shifts, and each peer hears once of what changed for them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Refusal
from respite.houses.models import House
from respite.messaging.purposes import Purpose
from respite.staffing import events
from respite.staffing.models import Roster, Shift
from respite.staffing.queries.places import Place, places_between
from respite.staffing.service import overruling, shifts
from respite.staffing.service.choosing_weeks import draft_of
from respite.staffing.service.rosters import PARTS
from respite.staffing.service.texting import language_of, link_to, shift_fields, tell

TEMPLATE = "roster-published"


@dataclass(frozen=True, slots=True)
class Published:
    """How many places changed hands, and the people to whom that happened: those told by text, and those to call."""

    changed: int
    told: list[uuid.UUID]
    to_call: list[uuid.UUID]


def publish(
    actor: Actor, roster_id: uuid.UUID, *, anyway: overruling.Anyway = overruling.NOTHING_SAID, now: datetime
) -> Published:
    """Publish a draft. Places that have begun stay as they are.

    Whoever gets a place is judged once more: much can have changed since it was filled. Raises StillChoosing,
    RulesAgainst without a reason for what nobody decided about, RosterOver: twice is once.
    """
    with transaction() as session:
        roster = draft_of(session, actor, roster_id, now)
        house = session.get_one(House, roster.house_id)
        places = places_between(session, house, roster.first_day, roster.until, drafts=True)
        coming = [place for place in places if place.starts_at > now]
        changed = _into_shifts(session, coming, actor, now)
        overruling.publish_overrides(session, roster, now)
        roster.state, roster.published_at, roster.published_by = "published", now, actor.ref
        overruling.published_must_fit(session, [each.shift for each in changed], anyway, actor, now)
        record(
            session,
            house.id,
            events.ROSTER_PUBLISHED,
            subject=roster.id,
            actor=actor,
            at=now,
            parts=(*PARTS, *shifts.PARTS),
            shifts=len(changed),
            people=len(_concerned(changed)),
        )
        return _told(session, house, roster, changed, now)


@dataclass(frozen=True, slots=True)
class _Change:
    shift: Shift
    before: uuid.UUID | None
    after: uuid.UUID | None


def _into_shifts(session: Session, places: list[Place], actor: Actor, now: datetime) -> list[_Change]:
    """Whoever loses a place loses it first, so that nobody has two at once on the way."""
    pairs = [(session.get_one(Shift, place.shift_id), place) for place in places]
    before = {shift.id: shift.person_id for shift, _place in pairs}
    for shift, place in pairs:
        if shift.person_id is not None and shift.person_id != place.person_id:
            shifts.give_to(session, shift, None, actor, now)
    for shift, place in pairs:
        try:
            shifts.give_to(session, shift, place.person_id, actor, now)
        except Refusal:  # they left, or are on already by a shift that is not of this roster: it stays open
            shifts.give_to(session, shift, None, actor, now)
    return [
        _Change(shift, before[shift.id], shift.person_id)
        for shift, _place in pairs
        if before[shift.id] != shift.person_id
    ]


def _concerned(changed: list[_Change]) -> list[uuid.UUID]:
    people = {each.before for each in changed} | {each.after for each in changed}
    return sorted((person for person in people if person is not None), key=str)


def _told(session: Session, house: House, roster: Roster, changed: list[_Change], now: datetime) -> Published:
    told: list[uuid.UUID] = []
    to_call: list[uuid.UUID] = []
    for person in _concerned(changed):
        first = min(
            (each.shift for each in changed if person in (each.before, each.after)), key=lambda shift: shift.starts_at
        )
        language = language_of(session, house, person)
        days = {"day_words": shift_fields(first.starts_at, first.ends_at, house, language)["day_words"]}
        text = tell(
            session,
            house,
            person,
            TEMPLATE,
            days | {"link": link_to("/me")},
            purpose=Purpose.SHIFTS,
            dedupe_key=f"roster:{roster.id}:{person}",
            now=now,
            not_after=first.starts_at,
        )
        (told if text is not None else to_call).append(person)
    return Published(changed=len(changed), told=told, to_call=to_call)
