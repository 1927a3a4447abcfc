"""Short answers of guests and peers that do something by themselves ("Y42"): features understand them, in the
transaction that stores the text. Whatever nobody understands is for people to read.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK
from respite.houses.models import House
from respite.messaging.models import Correspondent, Inbound, Message, Thread
from respite.messaging.purposes import Purpose
from respite.messaging.service.ground import correspondents_at
from respite.messaging.service.wordings import house_fields
from respite.messaging.service.writing import write


@dataclass(frozen=True, slots=True)
class Understood:
    """What a short answer did: the template that it is answered with, and the fields beside the house's own.

    `whose` is the guest or the peer whose answer it was, where a phone may be of several.
    """

    house_id: uuid.UUID
    template: str
    fields: Mapping[str, str] = field(default_factory=dict)
    whose: uuid.UUID | None = None


class Understands(Protocol):
    """Whoever knows some short answers."""

    def houses(self, session: Session, people: Sequence[Correspondent], body: str) -> set[uuid.UUID]:
        """The houses whose locks it needs; asked before any is taken, so nothing is decided here."""
        ...

    def act(self, session: Session, people: Sequence[Correspondent], body: str, now: datetime) -> Understood | None:
        """Do what was said, behind those locks. None: it is not understood, and a person reads it."""
        ...


#: Filled by features in their wiring, once each.
understands: list[Understands] = []


def houses_of(session: Session, mark: bytes, body: str) -> set[uuid.UUID]:
    """Every house that a short answer from this number may concern."""
    people = correspondents_at(session, mark)
    return set().union(*(each.houses(session, people, body) for each in understands)) if people else set()


def reply(session: Session, thread: Thread, inbound: Inbound, number: str, body: str, now: datetime) -> Message | None:
    """Let somebody's short answer take effect, and answer it. None where nobody understood it."""
    people = correspondents_at(session, inbound.number_index)
    for each in understands if people else []:
        understood = each.act(session, people, body, now)
        if understood is not None:
            return _answer(session, thread, inbound, number, people, understood, now)
    return None


def _answer(
    session: Session,
    thread: Thread,
    inbound: Inbound,
    number: str,
    people: Sequence[Correspondent],
    understood: Understood,
    now: datetime,
) -> Message:
    house = session.get_one(House, understood.house_id)
    those = [each for each in people if each.house_id == house.id] or people
    there = next((each for each in those if each.subject_id == understood.whose), those[0])
    return write(
        session,
        house.id,
        number=number,
        purpose=Purpose.AUTOMATIC,
        template=understood.template,
        fields=house_fields(session, house.id) | dict(understood.fields),
        language=there.language,
        dedupe_key=f"auto:{inbound.sid}:{understood.template}",
        made_by=CLOCK.ref,
        correspondent_id=there.id if there.house_id == house.id else None,
        thread_id=thread.id if thread.house_id == house.id else None,
        answers_id=inbound.id if thread.house_id == house.id else None,
        now=now,
    )
