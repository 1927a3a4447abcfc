"""Agreements: a house writes them by version, a guest reads or agrees to a version, or takes that back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.core.views import LANGUAGES
from respite.guests import events
from respite.guests.agreement_queries import newest_texts
from respite.guests.errors import NamelessNotOffered, NotNewest
from respite.guests.models import AgreementRead, AgreementText, Guest, ReadHow, ReadWay, Stay, Topic
from respite.houses.guest_words import words_to_guests

LONGEST_TEXT = 6000


def write_version(
    actor: Actor,
    house_id: uuid.UUID,
    topic: Topic,
    words: Mapping[str, str] | None = None,
    *,
    number_seen: int | None = None,
    now: datetime,
) -> AgreementText:
    """The next version of a text, or the one that stands where nothing differs. That about the police is taken from the
    words for guests as they stand. Raises Invalid by field, StaleVersion."""
    said = {language: (words or {}).get(language, "").strip() for language in LANGUAGES}
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        if topic == Topic.POLICE:
            said = words_about_police(session, house_id)
        _check(said)
        newest = newest_texts(session, house_id).get(topic)
        if number_seen is not None and number_seen != (newest.number if newest else 0):
            raise StaleVersion
        if newest is not None and (newest.words_en, newest.words_es) == (said["en"], said["es"]):
            return newest
        row = AgreementText(
            house_id=house_id,
            topic=topic,
            number=newest.number + 1 if newest else 1,
            words_en=said["en"],
            words_es=said["es"],
            made_at=now,
            made_by=actor.ref,
        )
        session.add(row)
        session.flush()
        record(
            session,
            house_id,
            events.AGREEMENT_WRITTEN,
            subject=row.id,
            actor=actor,
            at=now,
            what=topic,
            number=row.number,
        )
    return row


def words_about_police(session: Session, house_id: uuid.UUID) -> dict[str, str]:
    """The rule about the police and what a guest can count on, as the words for guests say them now."""
    said = {}
    for language in LANGUAGES:
        with force_locale(language):
            words = words_to_guests(session, house_id)
        said[language] = "\n".join((words.police, "", *words.rights))
    return said


def read_together(actor: Actor, stay_id: uuid.UUID, text_id: uuid.UUID, how: ReadHow | None, *, now: datetime) -> None:
    """A peer and a guest read it side by side. Raises NamelessNotOffered, NotNewest."""
    with transaction() as session:
        stay = locked_row(session, actor, Stay, stay_id, May.KEEP_BEDS)
        if stay.guest is None:
            raise NamelessNotOffered(
                _("A stay without a name keeps no words. You can read this together all the same.")
            )
        keep_read_inside(session, actor, stay.guest, text_id, how, ReadWay.TOGETHER, now)


def keep_read_inside(
    session: Session,
    actor: Actor,
    guest: Guest,
    text_id: uuid.UUID,
    how: ReadHow | None,
    way: ReadWay,
    now: datetime,
) -> None:
    """They read it, agreed, or (with no `how`) take that back. Raises NotNewest for an older version."""
    text = session.get(AgreementText, text_id)
    if text is None or text.house_id != guest.house_id:
        raise NotFound
    mine = sa.select(AgreementRead).where(AgreementRead.guest_id == guest.id, AgreementRead.text_id == text_id)
    row = session.scalar(mine)
    if how is None:
        if row is not None:
            session.delete(row)
            session.flush()
            record(session, guest.house_id, events.AGREEMENT_TAKEN_BACK, subject=text_id, actor=actor, at=now)
        return
    if newest_texts(session, guest.house_id)[Topic(text.topic)].id != text_id:
        raise NotNewest
    if row is None:
        row = AgreementRead(house_id=guest.house_id, guest_id=guest.id, text_id=text_id)
        session.add(row)
    row.how, row.way, row.at, row.made_by = how, way, now, actor.ref
    session.flush()
    record(session, guest.house_id, events.AGREEMENT_READ, subject=text_id, actor=actor, at=now, how=how, way=way)


def forget(session: Session, guest_id: uuid.UUID) -> None:
    session.execute(sa.delete(AgreementRead).where(AgreementRead.guest_id == guest_id))


def _check(said: Mapping[str, str]) -> None:
    wrong = {
        f"words_{language}": _("Please keep this to %(most)s letters.", most=LONGEST_TEXT)
        for language, text in said.items()
        if len(text) > LONGEST_TEXT
    }
    if not any(said.values()):
        wrong["words_en"] = _("Please write it in one language at least.")
    if wrong:
        raise Invalid(fields=wrong)
