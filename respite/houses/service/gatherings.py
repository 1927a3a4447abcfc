"""Meals and activities of a house, as its house face shows them."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from flask_babel import gettext as _

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.houses import events
from respite.houses.models import Gathering, House
from respite.houses.policy.house_time import ONE_DAY, span_of

LONGEST = timedelta(hours=12)
MOST_DAYS = 14  # in a row, from one form
COMING = timedelta(days=60)  # how far ahead pages look
LONGEST_TITLE, LONGEST_DETAIL = 60, 80
PARTS = ("house-face",)


class GatheringKind(StrEnum):
    MEAL = "meal"
    ACTIVITY = "activity"


def set_gathering(
    actor: Actor,
    house_id: uuid.UUID,
    *,
    kind: str,
    title: str,
    detail: str = "",
    day: date,
    begins: time,
    ends: time,
    days: int = 1,
    now: datetime,
) -> list[Gathering]:
    """Set a meal or activity by the house's clock, on `days` days in a row. Raises Invalid by field."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        house = session.get_one(House, house_id)
        if not 1 <= days <= MOST_DAYS:
            raise Invalid(fields={"days": _("Please choose from one day to %(most)s days.", most=MOST_DAYS)})
        made = []
        for n in range(days):
            gathering = Gathering(house_id=house_id)
            _write(gathering, house, kind, title, detail, day + n * ONE_DAY, begins, ends)
            session.add(gathering)
            session.flush()
            record(session, house_id, events.GATHERING_SET, subject=gathering.id, actor=actor, at=now, parts=PARTS)
            made.append(gathering)
    return made


def change_gathering(
    actor: Actor,
    gathering_id: uuid.UUID,
    *,
    kind: str,
    title: str,
    detail: str = "",
    day: date,
    begins: time,
    ends: time,
    version_seen: int | None = None,
    now: datetime,
) -> Gathering:
    """Change what, when or how long. Raises StaleVersion, Invalid by field."""
    with transaction() as session:
        gathering = locked_row(session, actor, Gathering, gathering_id, May.KEEP_BEDS, version_seen)
        _write(gathering, session.get_one(House, gathering.house_id), kind, title, detail, day, begins, ends)
        session.flush()
        record(
            session, gathering.house_id, events.GATHERING_SET, subject=gathering.id, actor=actor, at=now, parts=PARTS
        )
    return gathering


def take_off(actor: Actor, gathering_id: uuid.UUID, *, now: datetime) -> None:
    """Take a meal or activity off; nothing of it stays but the fact."""
    with transaction() as session:
        gathering = locked_row(session, actor, Gathering, gathering_id, May.KEEP_BEDS)
        record(
            session,
            gathering.house_id,
            events.GATHERING_TAKEN_OFF,
            subject=gathering.id,
            actor=actor,
            at=now,
            parts=PARTS,
        )
        session.delete(gathering)


def _write(
    gathering: Gathering, house: House, kind: str, title: str, detail: str, day: date, begins: time, ends: time
) -> None:
    wrong: dict[str, str] = {}
    if kind not in set(GatheringKind):
        wrong["kind"] = _("Please choose a meal or an activity.")
    if not 1 <= len(title.strip()) <= LONGEST_TITLE:
        wrong["title"] = _("Please say what it is in up to %(most)s letters.", most=LONGEST_TITLE)
    if len(detail.strip()) > LONGEST_DETAIL:
        wrong["detail"] = _("Please keep this to %(most)s letters.", most=LONGEST_DETAIL)
    starts_at, ends_at = span_of(day, begins, ends, house.timezone)
    if not timedelta(0) < ends_at - starts_at <= LONGEST:
        wrong["ends"] = _("It must end after it begins, and within 12 hours.")
    if wrong:
        raise Invalid(fields=wrong)
    gathering.kind, gathering.title, gathering.detail = kind, title.strip(), detail.strip()
    gathering.starts_at, gathering.ends_at = starts_at, ends_at
