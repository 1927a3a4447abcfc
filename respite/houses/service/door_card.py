"""What a house adds to the door card: its own sentence in each language, and who may be called."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask_babel import gettext as _

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, StaleVersion
from respite.houses.events import DOOR_CARD_CHANGED
from respite.houses.models import House

LONGEST_LINE = 300


def change_door_card(
    actor: Actor,
    house_id: uuid.UUID,
    *,
    line_en: str,
    line_es: str,
    phone: str | None,
    version_seen: int | None = None,
    now: datetime,
) -> House:
    """Change the house's own part of the card. Raises StaleVersion, Invalid by field."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        house = session.get_one(House, house_id, populate_existing=True)
        if version_seen is not None and version_seen != house.version:
            raise StaleVersion
        lines = {"line_en": line_en.strip(), "line_es": line_es.strip()}
        too_long = _("Please keep this to %(most)s letters.", most=LONGEST_LINE)
        wrong = {name: too_long for name, line in lines.items() if len(line) > LONGEST_LINE}
        if wrong:
            raise Invalid(fields=wrong)
        house.door_line_en, house.door_line_es, house.door_phone = lines["line_en"], lines["line_es"], phone
        session.flush()
        record(session, house.id, DOOR_CARD_CHANGED, subject=house.id, actor=actor, at=now, parts=())
    return house
