"""Hours of training, and of work elsewhere: written down, and taken out again."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.houses.policy.house_time import local
from respite.staffing import events
from respite.staffing.models import Training
from respite.staffing.policy.credentials import Sort
from respite.staffing.queries.credentials import versions_of
from respite.staffing.service.credentials import lock_for_person

MOST_MINUTES = 2000 * 60  # years of work elsewhere are one entry


def add_training(
    actor: Actor,
    house_id: uuid.UUID,
    person_id: uuid.UUID,
    *,
    slug: str,
    minutes: int,
    day: date,
    sort: str = Sort.LEARNING,
    category: str = "",
    provider: str = "",
    in_group: bool = False,
    now: datetime,
) -> Training:
    """Hours that count for one of the house's credentials or trainings. `day` is their last. Raises Invalid."""
    with transaction() as session:
        house = lock_for_person(session, actor, house_id, person_id)
        versions, wrong = versions_of(session, house_id).get(slug), {}
        if versions is None:
            wrong["slug"] = _("Please choose one of the answers shown.")
        if not 0 < minutes <= MOST_MINUTES:
            wrong["hours"] = _("This must be more than nothing, and not more than 2000 hours.")
        if day > local(now, house.timezone).date():
            wrong["day"] = _("This must not be later than today.")
        if sort not in set(Sort):
            wrong["sort"] = _("Please choose one of the answers shown.")
        if wrong:
            raise Invalid(fields=wrong)
        entry = Training(house_id=house_id, person_id=person_id, slug=slug, sort=sort, minutes=minutes, day=day)
        entry.category, entry.provider, entry.in_group = category, provider, in_group
        entry.made_at, entry.made_by = now, actor.ref
        session.add(entry)
        session.flush()
        _say(session, entry, events.TRAINING_ADDED, actor, now)
    return entry


def remove_training(actor: Actor, training_id: uuid.UUID, *, now: datetime) -> Training:
    """Taken out; returned as it stood, for Undo to put it back."""
    with transaction() as session:
        entry = locked_row(session, actor, Training, training_id, May.KEEP_OWN)
        lock_for_person(session, actor, entry.house_id, entry.person_id)
        session.delete(entry)
        session.flush()
        _say(session, entry, events.TRAINING_REMOVED, actor, now)
    return entry


def _say(session: Session, entry: Training, kind: str, actor: Actor, now: datetime) -> None:
    record(
        session,
        entry.house_id,
        kind,
        subject=entry.id,
        actor=actor,
        at=now,
        person_id=entry.person_id,
        slug=entry.slug,
        minutes=entry.minutes,
        day=entry.day,
    )
