"""Agreements as they are read: the newest version of each text, and how a guest stands to it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from respite.core.languages import in_language
from respite.guests.models import AgreementRead, AgreementText, Topic

TITLES = {
    Topic.COMMUNITY: _l("Living here together"),
    Topic.KEPT: _l("What we keep about you"),
    Topic.POLICE: _l("The police, and what you can count on"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One text as a guest has it before them."""

    text_id: uuid.UUID
    topic: Topic
    title: str
    number: int
    words: str
    how: str | None  # of this version
    way: str | None
    at: datetime | None
    before: int | None  # the version that they read last, where it is an older one
    words_before: str | None


def newest_texts(session: Session, house_id: uuid.UUID) -> dict[Topic, AgreementText]:
    rows = session.scalars(
        sa.select(AgreementText).where(AgreementText.house_id == house_id).order_by(AgreementText.number)
    )
    found = {Topic(row.topic): row for row in rows}
    return {topic: found[topic] for topic in Topic if topic in found}


def versions_of(session: Session, house_id: uuid.UUID, topic: Topic) -> Sequence[AgreementText]:
    mine = sa.select(AgreementText).where(AgreementText.house_id == house_id, AgreementText.topic == topic)
    return session.scalars(mine.order_by(AgreementText.number.desc())).all()


def standing_of(session: Session, house_id: uuid.UUID, guest_id: uuid.UUID | None) -> list[Standing]:
    """Each text that the house has, in the reader's language, and how the guest stands to it."""
    reads: dict[Topic, list[tuple[AgreementText, AgreementRead]]] = {}
    if guest_id is not None:
        rows = session.execute(
            sa.select(AgreementText, AgreementRead)
            .join(AgreementRead, AgreementRead.text_id == AgreementText.id)
            .where(AgreementRead.guest_id == guest_id)
            .order_by(AgreementText.number)
        )
        for text, read in rows:
            reads.setdefault(Topic(text.topic), []).append((text, read))
    return [_standing(text, topic, reads.get(topic, [])) for topic, text in newest_texts(session, house_id).items()]


def _standing(text: AgreementText, topic: Topic, reads: list[tuple[AgreementText, AgreementRead]]) -> Standing:
    this = next((read for of, read in reads if of.id == text.id), None)
    earlier = next((of for of, _read in reversed(reads) if of.id != text.id), None) if this is None else None
    return Standing(
        text_id=text.id,
        topic=topic,
        title=str(TITLES[topic]),
        number=text.number,
        words=in_language(text.words_en, text.words_es),
        how=this.how if this else None,
        way=this.way if this else None,
        at=this.at if this else None,
        before=earlier.number if earlier else None,
        words_before=in_language(earlier.words_en, earlier.words_es) if earlier else None,
    )
