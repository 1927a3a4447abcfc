"""Keeping what stood before a change: whoever changes a name, a number or hours does it inside `keeping_earlier`."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.audit.service import Acts
from respite.core.phones import shown as phone_shown
from respite.guests.models import EarlierWord, Guest
from respite.guests.models.earlier import Was
from respite.guests.service.once_named import stays_meant
from respite.guests.service.yes_first import ask_by_new_name
from respite.messaging.service.correspondents import correspondent_of

#: As each language calls itself, so that an earlier choice reads the same for everybody.
LANGUAGES = {"en": "English", "es": "Español"}


@contextmanager
def keeping_earlier(session: Session, guest: Guest, actor: Acts, now: datetime) -> Iterator[list[EarlierWord]]:
    """Around a change of what a guest is called and how they are reached; afterwards the list holds what was kept."""
    kept: list[EarlierWord] = []
    before, name_index = _stands(session, guest), guest.name_index
    yield kept
    session.flush()
    called_otherwise(session, guest, name_index, actor, now)
    after = _stands(session, guest)
    for what, words in before.items():
        if words == after.get(what):
            continue
        row = EarlierWord(house_id=guest.house_id, guest_id=guest.id, what=what, until=now, changed_by=actor.ref)
        row.words = words
        session.add(row)
        kept.append(row)
    session.flush()


def called_otherwise(session: Session, guest: Guest, name_index: bytes, actor: Acts, now: datetime) -> None:
    """Who would not want to meet whom goes by names: the one until now still counts, and so does a new one."""
    if guest.name_index != name_index:
        stays_meant(session, guest, name_index)
        ask_by_new_name(session, actor, guest, now)


def _stands(session: Session, guest: Guest) -> dict[Was, str]:
    """What a person said; what the house only began with (a language, usual hours) is nobody's earlier word."""
    found = {Was.NAME: guest.name, Was.PRONOUNS: guest.pronouns}
    found[Was.PHONE] = phone_shown(guest.phone) if guest.phone else None
    person = correspondent_of(session, guest.house_id, guest.id)
    if person is not None and person.confirmed_at is not None:
        found[Was.LANGUAGE] = LANGUAGES.get(person.language)
        found[Was.HOURS] = f"{person.hours_from:%H:%M} – {person.hours_until:%H:%M}"
        found[Was.SIGN_OFF] = person.sign_off
    return {what: words for what, words in found.items() if words}


def forget(session: Session, guest_id: uuid.UUID) -> None:
    session.execute(sa.delete(EarlierWord).where(EarlierWord.guest_id == guest_id))
