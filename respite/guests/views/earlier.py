"""What stood there before, as those who work here and the guest read it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from respite.accounts.actor import ActorKind
from respite.core.times import moment_words
from respite.guests.models import EarlierWord
from respite.guests.models.earlier import Was
from respite.houses.models import House

WAS_WORDS = {
    Was.NAME: _l("Name"),
    Was.PRONOUNS: _l("Pronouns"),
    Was.PHONE: _l("Phone"),
    Was.LANGUAGE: _l("Language"),
    Was.HOURS: _l("Hours for texts"),
    Was.SIGN_OFF: _l("How texts are signed"),
}


@dataclass(frozen=True, slots=True)
class Earlier:
    id: uuid.UUID
    what: Any
    words: str
    until: str
    by_guest: bool
    who: str


def earlier_told(
    rows: Iterable[EarlierWord], house: House, now: datetime, names: Mapping[str, str] | None = None
) -> list[Earlier]:
    """Both screens draw these: what it was, until when, and whether the guest changed it or else who did."""
    return [
        Earlier(
            id=row.id,
            what=WAS_WORDS[Was(row.what)],
            words=row.words or "",
            until=moment_words(row.until, house.timezone, now),
            by_guest=row.changed_by == f"{ActorKind.GUEST}:{row.guest_id}",
            who=(names or {}).get(row.changed_by, ""),
        )
        for row in rows
    ]
