"""What a person's card says about texts: their number, yes and wishes, what waits, and what stands against it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.houses.models import House
from respite.messaging.models import Consent, Correspondent, HouseTexts, Message, NumberStop, Thread
from respite.messaging.queries import UNFINISHED
from respite.messaging.service.ending import undecided
from respite.messaging.service.ground import fit_name, number_mark
from respite.messaging.service.stopping import PERHAPS

MOST_WAITING = 10


@dataclass(frozen=True, slots=True)
class TextsCard:
    """`person` is none for somebody whom nobody has texted or asked yet."""

    person: Correspondent | None
    number: str | None
    brand: str
    stop: NumberStop | None
    thread_id: uuid.UUID | None
    #: By purpose: the yes that stands at this number, or else the one that ended last.
    consents: Mapping[str, Consent]
    waiting: Sequence[Message]  # what has not left yet, or needs somebody to decide; the next first

    @property
    def closed(self) -> bool:
        """Nobody may be asked at this number; at another one they may."""
        return self.stop is not None and self.stop.source != PERHAPS

    def said_yes(self, purpose: str) -> bool:
        consent = self.consents.get(purpose)
        return consent is not None and consent.ended_at is None


def card_of(session: Session, house: House, subject_id: uuid.UUID, number: str | None) -> TextsCard:
    """`number` is the one that is kept of them, in international form. Three statements, however much there is."""
    mark = number_mark(number) if number else None
    found = session.execute(
        sa.select(Correspondent, NumberStop, Thread.id.label("thread_id"), HouseTexts.brand)
        .select_from(House)
        .outerjoin(Correspondent, sa.and_(Correspondent.house_id == House.id, Correspondent.subject_id == subject_id))
        .outerjoin(NumberStop, sa.and_(NumberStop.number_index == mark, NumberStop.ended_at.is_(None)))
        .outerjoin(Thread, sa.and_(Thread.house_id == House.id, Thread.number_index == mark))
        .outerjoin(HouseTexts, HouseTexts.house_id == House.id)
        .where(House.id == house.id)
    ).one()
    person: Correspondent | None = found.Correspondent
    return TextsCard(
        person=person,
        number=number,
        brand=found.brand or fit_name(house.name),
        stop=found.NumberStop,
        thread_id=found.thread_id,
        consents=_consents(session, person, mark),
        waiting=_waiting(session, person),
    )


def _consents(session: Session, person: Correspondent | None, mark: bytes | None) -> dict[str, Consent]:
    if person is None or mark is None:
        return {}
    rows = session.scalars(
        sa.select(Consent)
        .where(Consent.correspondent_id == person.id, Consent.number_index == mark)
        .order_by(Consent.ended_at.is_(None), Consent.ended_at, Consent.given_at)
    )
    return {row.purpose: row for row in rows}


def _waiting(session: Session, person: Correspondent | None) -> list[Message]:
    if person is None:
        return []
    rows = session.scalars(
        sa.select(Message)
        .where(Message.correspondent_id == person.id, sa.or_(Message.state.in_(UNFINISHED), undecided()))
        .order_by(sa.func.coalesce(Message.next_at, Message.not_before), Message.id)
        .limit(MOST_WAITING)
    )
    return list(rows)
