"""The phones of demo mode: whose they are, what stands on them, and writing as whoever holds one."""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.audit.service import lock_stream
from respite.core.db import transaction
from respite.houses.models import House
from respite.houses.queries import houses_of
from respite.messaging.models import Attempt, Correspondent, Inbound, Message, NumberStop, SimText, Thread
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.service.ground import number_mark, thread_of
from respite.messaging.service.incoming import heard
from respite.messaging.simulator import SENDER, put_text, sid_of

MOST_SHOWN = 12  # texts on one phone; earlier ones are counted

#: Numbers that are nobody's (NANP 555-0100 to 0199), for whoever writes to a house for the first time.
NEW_NUMBERS = tuple(f"+1{area}55501{n:02}" for area in ("720", "970", "719") for n in range(100))


@dataclass(frozen=True, slots=True)
class Owner:
    name: str
    kind: str  # models.people.CorrespondentKind


@dataclass(frozen=True, slots=True)
class OnPhone:
    """A text as its phone shows it: one that came to it, or one that was written on it."""

    came: bool
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Phone:
    number: str
    mark: str  # names it in the page
    owners: tuple[Owner, ...]  # nobody: a number that wrote by itself; several share it
    houses: tuple[House, ...]
    zone: str
    stopped: bool  # it asked for no more texts
    texts: tuple[OnPhone, ...]  # the newest, in their order
    earlier: int

    @property
    def works_here(self) -> bool:
        return any(owner.kind == CorrespondentKind.PEER for owner in self.owners)

    @property
    def last_at(self) -> datetime | None:
        return self.texts[-1].at if self.texts else None


def houses_for(actor: Actor) -> list[House]:
    """The houses whose texts the actor keeps."""
    return [house for house in houses_of(actor) if actor.may(May.KEEP_TEXTS, house.id)]


def phones_of(session: Session, houses: Sequence[House]) -> list[Phone]:
    """Every phone that a house may text or that wrote to it: who wrote last stands first, silent ones by name."""
    by_id = {house.id: house for house in houses}
    people = _people(session, by_id)
    numbers = {mark: (each[0].number or "", [person.house_id for person in each]) for mark, each in people.items()}
    for thread in session.scalars(sa.select(Thread).where(Thread.house_id.in_(by_id)).order_by(Thread.made_at)):
        if thread.number and thread.number_index not in people:
            numbers.setdefault(thread.number_index, (thread.number, []))[1].append(thread.house_id)
    stopped, texts = _stopped(session, numbers), _texts(session, numbers, by_id)
    phones = [
        _phone(
            number,
            mark,
            people.get(mark, []),
            [by_id[house_id] for house_id in dict.fromkeys(house_ids)],
            mark in stopped,
            texts.get(mark, []),
        )
        for mark, (number, house_ids) in numbers.items()
    ]
    phones.sort(key=lambda phone: (phone.owners[0].name if phone.owners else "", phone.number))
    phones.sort(key=lambda phone: phone.last_at.timestamp() if phone.last_at else 0.0, reverse=True)
    return phones


def _phone(
    number: str,
    mark: bytes,
    people: Sequence[Correspondent],
    houses: Sequence[House],
    stopped: bool,
    texts: Sequence[SimText],
) -> Phone:
    told = next((person.timezone for person in people if person.timezone), None)
    return Phone(
        number=number,
        mark=_short(mark),
        owners=tuple(Owner(person.name or "", person.kind) for person in people),
        houses=tuple(houses),
        zone=told or houses[0].timezone,
        stopped=stopped,
        texts=tuple(OnPhone(text.to_phone, text.body or "", text.at) for text in texts[-MOST_SHOWN:]),
        earlier=max(0, len(texts) - MOST_SHOWN),
    )


def mark_on_page(number: str) -> str:
    return _short(number_mark(number))


def _short(mark: bytes) -> str:
    return mark.hex()[:12]


def _people(session: Session, house_ids: Collection[uuid.UUID]) -> dict[bytes, list[Correspondent]]:
    found: dict[bytes, list[Correspondent]] = defaultdict(list)
    wanted = sa.select(Correspondent).where(
        Correspondent.house_id.in_(house_ids), Correspondent.number_index.is_not(None)
    )
    for person in session.scalars(wanted.order_by(Correspondent.made_at, Correspondent.id)):
        if person.number_index is not None and person.number:
            found[person.number_index].append(person)
    return found


def _stopped(session: Session, marks: Collection[bytes]) -> set[bytes]:
    live = sa.select(NumberStop.number_index).where(NumberStop.number_index.in_(marks), NumberStop.ended_at.is_(None))
    return set(session.scalars(live))


def _texts(session: Session, marks: Collection[bytes], house_ids: Collection[uuid.UUID]) -> dict[bytes, list[SimText]]:
    """What stands on the phones, the oldest first, without what another house wrote to a number that both know."""
    # What somebody writes and is answered at the same instant stands before its answer.
    order = (SimText.at, SimText.to_phone, SimText.id)
    rows = session.scalars(sa.select(SimText).where(SimText.number_index.in_(marks)).order_by(*order))
    whose = _houses_of_texts(session)
    found: dict[bytes, list[SimText]] = defaultdict(list)
    for row in rows:
        if whose.get(row.sid) in (None, *house_ids):
            found[row.number_index].append(row)
    return found


def _houses_of_texts(session: Session) -> dict[str, uuid.UUID]:
    """Each text's house by its SID. That of a text which came to a phone is made of its try's id."""
    tried = session.execute(sa.select(Attempt.id, Message.house_id).join(Message, Message.id == Attempt.message_id))
    whose = {sid_of(attempt_id): house_id for attempt_id, house_id in tried}
    whose.update((sid, house_id) for sid, house_id in session.execute(sa.select(Inbound.sid, Inbound.house_id)))
    return whose


def mark_of(session: Session, houses: Sequence[House], now: datetime) -> str:
    """Changes when any of these phones may look different: cheap to ask every other second."""
    ids = [house.id for house in houses]
    counts = [
        *session.execute(sa.select(sa.func.count(), sa.func.max(SimText.at)).select_from(SimText)).one(),
        session.scalar(sa.select(sa.func.count()).where(NumberStop.ended_at.is_(None))),
        session.scalar(sa.select(sa.func.sum(Correspondent.version)).where(Correspondent.house_id.in_(ids))),
        session.scalar(sa.select(sa.func.count()).where(Message.next_at.is_not(None))),
        now.strftime("%d%H%M"),
    ]
    return hashlib.sha256(repr(counts).encode()).hexdigest()[:16]


def next_text_at(session: Session, houses: Sequence[House]) -> datetime | None:
    """When the next text of these houses is due to leave; none while none waits."""
    waiting = sa.select(sa.func.min(Message.next_at)).where(Message.house_id.in_([house.id for house in houses]))
    return session.scalar(waiting)


def new_number(session: Session) -> str | None:
    """A number that no phone has; none when all of them have written."""
    known = set(session.scalars(sa.select(SimText.number_index)))
    known.update(mark for mark in session.scalars(sa.select(Correspondent.number_index)) if mark is not None)
    known.update(session.scalars(sa.select(Thread.number_index)))
    return next((number for number in NEW_NUMBERS if number_mark(number) not in known), None)


def write_as(number: str, words: str, now: datetime, house_id: uuid.UUID | None = None) -> None:
    """Somebody writes on their phone: the text leaves it, and is heard as one that the provider brings.

    `house_id` says to which house, for a number that none knows yet.
    """
    sid = sid_of(uuid.uuid4())
    with transaction() as session:
        if house_id is not None:
            lock_stream(session, house_id)
            thread_of(session, house_id, number, now)
        put_text(session, sid, number, words, to_phone=False, at=now)
    heard(
        sid=sid,
        number=number,
        to=SENDER,
        body=words,
        sent_at=now,
        opt_out_type=None,
        media=0,
        via="simulator",
        now=now,
    )
