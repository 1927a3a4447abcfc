"""What a house says of itself: its name, telephone, language, zone, kind, and whether it shares free beds."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from zoneinfo import available_timezones

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, StaleVersion
from respite.houses.events import HOUSE_CHANGED
from respite.houses.models import House, HouseKind
from respite.houses.queries import beds_of, chairs_of

LANGUAGES = ("en", "es")
#: Called with (session, house id, now) when a house's clock became another.
zone_changed: list[Callable[[Session, uuid.UUID, datetime], None]] = []


def change_house(
    actor: Actor,
    house_id: uuid.UUID,
    *,
    name: str,
    kind: str,
    timezone: str,
    language: str,
    phone: str | None,
    shares_availability: bool,
    version_seen: int | None = None,
    now: datetime,
) -> House:
    """Change a house's details; its address (slug) stays. Raises StaleVersion, Invalid by field."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        house = session.get_one(House, house_id)
        session.refresh(house)
        if version_seen is not None and version_seen != house.version:
            raise StaleVersion
        _check(session, house, name, kind, timezone, language)
        moved = house.timezone != timezone
        house.name, house.kind, house.timezone = name.strip(), kind, timezone
        house.language, house.phone, house.shares_availability = language, phone, shares_availability
        session.flush()
        record(session, house.id, HOUSE_CHANGED, subject=house.id, actor=actor, at=now, parts=("layout",))
        for heard in zone_changed if moved else ():
            heard(session, house.id, now)
    return house


def _check(session: Session, house: House, name: str, kind: str, timezone: str, language: str) -> None:
    wrong: dict[str, str] = {}
    if not 1 <= len(name.strip()) <= 80:
        wrong["name"] = _("Please give the house a name of up to 80 letters.")
    if kind not in set(HouseKind):
        wrong["kind"] = _("Please choose respite, living room, or both.")
    elif kind == HouseKind.LIVING_ROOM and beds_of(session, house.id):
        wrong["kind"] = _("The house still has doors. Take them out first, or choose both.")
    elif kind == HouseKind.RESPITE and chairs_of(session, house.id):
        wrong["kind"] = _("The house still has chairs. Take them out first, or choose both.")
    if timezone not in available_timezones():
        wrong["timezone"] = _("Please choose a time zone such as America/Denver.")
    if language not in LANGUAGES:
        wrong["language"] = _("Please choose English or Spanish.")
    if wrong:
        raise Invalid(fields=wrong)
