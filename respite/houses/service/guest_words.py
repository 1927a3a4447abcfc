"""A house changes what it says to those who stay."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, StaleVersion
from respite.houses.events import GUEST_WORDS_CHANGED
from respite.houses.guest_words import TOPICS, own_words
from respite.houses.models import GuestWords

LONGEST = 1200
FIELDS = tuple(f"{topic}_{language}" for topic in TOPICS for language in ("en", "es"))


def change_guest_words(
    actor: Actor, house_id: uuid.UUID, words: Mapping[str, str], *, version_seen: int | None = None, now: datetime
) -> GuestWords:
    """Keep the house's words by field; an empty one means the shipped words. Raises StaleVersion, Invalid by field."""
    said = {name: words.get(name, "").strip() for name in FIELDS}
    wrong = {
        name: _("Please keep this to %(most)s letters.", most=LONGEST)
        for name, text in said.items()
        if len(text) > LONGEST
    }
    if wrong:
        raise Invalid(fields=wrong)
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        row = own_words(session, house_id)
        if version_seen is not None and version_seen != (row.version if row else 0):
            raise StaleVersion
        if row is None:
            row = GuestWords(house_id=house_id)
            session.add(row)
        for name, text in said.items():
            setattr(row, name, text)
        session.flush()
        record(session, house_id, GUEST_WORDS_CHANGED, subject=house_id, actor=actor, at=now, parts=())
    return row
