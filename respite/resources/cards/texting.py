"""A card by text: neutral words and the link, read first.

To a guest who said yes to texts about what they ask for; or once, and at once, to whoever is at the telephone or the
door and asks for it. Of those nothing is kept but the text itself, whose number goes after a day.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.crypto import digest
from respite.core.db import transaction
from respite.core.errors import NotFound
from respite.guests.models import Guest
from respite.messaging.models import Correspondent, Message
from respite.messaging.policy.segments import tidy
from respite.messaging.policy.templates import render
from respite.messaging.purposes import Purpose
from respite.messaging.service.correspondents import correspondent_of
from respite.messaging.service.ground import number_mark, stop_on
from respite.messaging.service.wordings import guest_fields, house_fields, words_for
from respite.messaging.service.writing import write
from respite.resources.cards import events
from respite.resources.cards.errors import AskedForNoMore, NotAsRead, NotToBeTexted, TextedAlready, TextedOften
from respite.resources.cards.models import ResourceCard
from respite.resources.cards.service import link_of
from respite.resources.connections.service.asking import may_be_asked

TEMPLATE = "connection"
FOR_CALLER = "card"
#: So that nobody's phone is filled with it, and no number of strangers is tried out.
MOST_AN_HOUR = 20


def words_of(session: Session, card: ResourceCard, guest: Guest) -> str | None:
    """What the guest would be texted, letter by letter; none where no text may go."""
    person = correspondent_of(session, guest.house_id, guest.id)
    if person is None or not may_be_asked(session, guest.house_id, guest.id):
        return None
    frame, _number = words_for(session, guest.house_id, TEMPLATE, person.language)
    return tidy(render(frame, _fields(session, card, person)))


def mark_of(words: str) -> str:
    """By which a form says which text was read."""
    return digest(words).hex()


def text(actor: Actor, card_id: uuid.UUID, guest_id: uuid.UUID, mark: str, *, now: datetime) -> Message:
    """Put it into the outbox; the gate looks again when it leaves. A card is texted once.

    Raises NotFound, NotToBeTexted, NotAsRead where other words would leave than were read, and TextedAlready.
    """
    with transaction() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.KEEP_TEXTS)
        card = session.get(ResourceCard, card_id)
        if card is None or card.house_id != guest.house_id or card.until <= now:
            raise NotFound
        words = words_of(session, card, guest)
        if words is None:
            raise NotToBeTexted
        key = _not_yet(session, card)
        person = correspondent_of(session, guest.house_id, guest.id)
        assert person is not None, "there are words for them"
        message = write(
            session,
            guest.house_id,
            number=person.number,
            purpose=Purpose.CONNECTIONS,
            template=TEMPLATE,
            fields=_fields(session, card, person),
            language=person.language,
            dedupe_key=key,
            made_by=actor.ref,
            correspondent_id=person.id,
            now=now,
        )
        if mark != mark_of(message.body or ""):
            raise NotAsRead
        record(session, guest.house_id, events.TEXTED, subject=card.id, actor=actor, at=now)
    return message


def words_for_caller(session: Session, card: ResourceCard, language: str) -> str:
    """What whoever asks for it now would be texted, letter by letter."""
    frame, _number = words_for(session, card.house_id, FOR_CALLER, language)
    return tidy(render(frame, _caller_fields(session, card)))


def text_caller(actor: Actor, card_id: uuid.UUID, number: str, language: str, mark: str, *, now: datetime) -> Message:
    """Put it into the outbox, for the number of somebody who just said yes to this one text. A card is texted once.

    Raises NotFound, AskedForNoMore, TextedOften, NotAsRead where other words would leave than were read, TextedAlready.
    """
    with transaction() as session:
        card = locked_row(session, actor, ResourceCard, card_id, May.KEEP_TEXTS)
        if card.until <= now:
            raise NotFound
        key = _not_yet(session, card)
        if stop_on(session, number_mark(number)) is not None:
            raise AskedForNoMore
        if _lately(session, card.house_id, now) >= MOST_AN_HOUR:
            raise TextedOften
        message = write(
            session,
            card.house_id,
            number=number,
            purpose=Purpose.CARD,
            template=FOR_CALLER,
            fields=_caller_fields(session, card),
            language=language,
            dedupe_key=key,
            made_by=actor.ref,
            now=now,
        )
        if mark != mark_of(message.body or ""):
            raise NotAsRead
        record(session, card.house_id, events.TEXTED, subject=card.id, actor=actor, at=now)
    return message


def _not_yet(session: Session, card: ResourceCard) -> str:
    """The key of the one text that a card may be. Raises TextedAlready."""
    key = f"resource-card:{card.id}"
    if session.scalar(sa.select(Message.id).where(Message.dedupe_key == key)) is not None:
        raise TextedAlready
    return key


def _lately(session: Session, house_id: uuid.UUID, now: datetime) -> int:
    counted = sa.select(sa.func.count()).where(
        Message.house_id == house_id, Message.purpose == Purpose.CARD, Message.made_at > now - timedelta(hours=1)
    )
    return session.scalar(counted) or 0


def _caller_fields(session: Session, card: ResourceCard) -> dict[str, str]:
    return house_fields(session, card.house_id) | {"link": link_of(card.id)}


def _fields(session: Session, card: ResourceCard, person: Correspondent) -> dict[str, str]:
    return guest_fields(session, card.house_id) | {"first_name": person.name or "", "link": link_of(card.id)}
