"""The house's list of how people come to it: added to, said in other words, and what is not shown."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound
from respite.core.languages import in_language
from respite.guests import events
from respite.guests.models import ContactSource, Source

LONGEST_WORDS = 60
MOST = 40


@dataclass(frozen=True, slots=True)
class SourceLine:
    """`words` are the house's own in the reader's language; none where they come with Respite."""

    mark: str
    words: str | None
    words_en: str
    words_es: str
    shown: bool


def sources_of(session: Session, house_id: uuid.UUID) -> list[SourceLine]:
    """All that a contact of the house can bear, those not shown with them; Respite's own first."""
    rows = {
        row.mark: row
        for row in session.scalars(
            sa.select(ContactSource)
            .where(ContactSource.house_id == house_id)
            .order_by(ContactSource.made_at, ContactSource.id)
        )
    }
    own = [row for mark, row in rows.items() if mark not in set(Source)]
    shipped = [
        SourceLine(mark, None, "", "", mark not in rows or rows[mark].hidden_at is None) for mark in map(str, Source)
    ]
    return [
        *shipped,
        *(
            SourceLine(
                row.mark, in_language(row.words_en, row.words_es), row.words_en, row.words_es, row.hidden_at is None
            )
            for row in own
        ),
    ]


def add_source(actor: Actor, house_id: uuid.UUID, words_en: str, words_es: str, *, now: datetime) -> ContactSource:
    """Raises Invalid by field."""
    _check(words_en, words_es)
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        row = _add(session, house_id, words_en, words_es, now)
        _tell(session, house_id, row, actor, now)
    return row


def say_otherwise(
    actor: Actor, house_id: uuid.UUID, mark: str, words_en: str, words_es: str, *, now: datetime
) -> ContactSource:
    """Other words from now on: a new answer in the place of the old one, which contacts of before keep.

    Raises NotFound, Invalid by field.
    """
    _check(words_en, words_es)
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        old = _row(session, house_id, mark, now)
        if (old.words_en, old.words_es) == (words_en, words_es):
            return old
        old.hidden_at = now
        row = _add(session, house_id, words_en, words_es, now)
        _tell(session, house_id, row, actor, now)
    return row


def show_source(actor: Actor, house_id: uuid.UUID, mark: str, shown: bool, *, now: datetime) -> ContactSource:
    """Whether it can be chosen. What was noted with it stays. Raises NotFound."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        row = _row(session, house_id, mark, now)
        row.hidden_at = None if shown else now
        _tell(session, house_id, row, actor, now)
    return row


def must_be_a_source(session: Session, house_id: uuid.UUID, mark: str, before: str | None) -> None:
    """One that the house shows, or the one that stands there already. Raises Invalid."""
    if mark != before and mark not in {line.mark for line in sources_of(session, house_id) if line.shown}:
        raise Invalid(fields={"source": _("Please choose one of the answers shown.")})


def _row(session: Session, house_id: uuid.UUID, mark: str, now: datetime) -> ContactSource:
    row = session.scalar(sa.select(ContactSource).where(ContactSource.house_id == house_id, ContactSource.mark == mark))
    if row is None:
        if mark not in set(Source):
            raise NotFound
        row = ContactSource(house_id=house_id, mark=mark, made_at=now)
        session.add(row)
    return row


def _add(session: Session, house_id: uuid.UUID, words_en: str, words_es: str, now: datetime) -> ContactSource:
    many = session.scalar(
        sa.select(sa.func.count()).where(ContactSource.house_id == house_id, ContactSource.hidden_at.is_(None))
    )
    if (many or 0) >= MOST:
        raise Invalid(_("That is as many as fit on a list that is read on the telephone. Please hide some first."))
    row = ContactSource(
        house_id=house_id, mark=f"own-{uuid.uuid4().hex[:12]}", words_en=words_en, words_es=words_es, made_at=now
    )
    session.add(row)
    return row


def _check(words_en: str, words_es: str) -> None:
    if not (words_en or words_es):
        raise Invalid(fields={"words_en": _("Please fill this in, in one of the languages or in both.")})
    too_long = _("Please keep this to %(most)s letters.", most=LONGEST_WORDS)
    wrong = {
        name: too_long for name, words in (("words_en", words_en), ("words_es", words_es)) if len(words) > LONGEST_WORDS
    }
    if wrong:
        raise Invalid(fields=wrong)


def _tell(session: Session, house_id: uuid.UUID, row: ContactSource, actor: Actor, now: datetime) -> None:
    session.flush()
    record(session, house_id, events.SOURCES_CHANGED, subject=row.id, actor=actor, at=now, parts=())
