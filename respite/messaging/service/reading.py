"""Somebody is asked to read a text soon, and it moves on until a person says yes.

Whoever is on shift sees it on the desk and in the inbox; after five minutes the person on call gets a text that
holds no word of it; after ten the coordinators, and again every ten minutes for an hour. Then it stays open. A week
after somebody took it, it is gone. The log only says that something moved, so none of this is ever a figure.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.accounts.unseen import who_may_read
from respite.audit.service import lock_stream, record
from respite.core.db import transaction
from respite.core.due import DueRow, clear_due, set_due
from respite.core.due import take as take_row
from respite.core.settings import Settings
from respite.houses.models import House
from respite.messaging import events
from respite.messaging.errors import AlreadyDecided
from respite.messaging.models import Consent, Correspondent, FormerNumber, Message, ReadSoon, Thread
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.purposes import Purpose
from respite.messaging.service.ground import apart, brand_of, stop_on
from respite.messaging.service.writing import cancel_where, write

MOVES_ON, VANISHES = "text.read-soon.moves-on", "text.read-soon.vanishes"

#: Who is asked at a step: 0 on shift, 1 on call, 2 and more the coordinators. Upper features say who that is.
who_next: list[Callable[[Session, uuid.UUID, int, datetime], list[uuid.UUID]]] = []

ON_SHIFT, ON_CALL, COORDINATORS = 0, 1, 2
LAST_STEP = COORDINATORS + 6
FIRST_RESTS, LATER_RESTS = timedelta(minutes=5), timedelta(minutes=10)
KEPT_FOR = timedelta(days=7)
#: One text is enough for several that came together: its link leads to all of them.
ONE_TEXT_WITHIN = timedelta(minutes=4)

#: What weighs more takes the place of what weighs less, so that a thread has one open alert.
_WEIGHT = {"stop": 1, "flood": 2, "stop-perhaps": 3, "help": 4, "cannot-text": 5, "detector": 6, "words": 7}


def raise_soon(
    session: Session,
    house_id: uuid.UUID,
    why: str,
    now: datetime,
    *,
    thread_id: uuid.UUID | None = None,
    inbound_id: uuid.UUID | None = None,
    cannot_text: bool = False,
) -> ReadSoon:
    """Ask for a text to be read; returns the alert that stands now. The caller holds the house's lock.

    A thread has one open alert. It starts anew when something graver came, or when nobody is asked any more. Without a
    thread it is about the whole inbox, and the house has one of each kind.
    """
    alert = _open_one(session, house_id, thread_id, None if thread_id else why)
    if alert is None:
        alert = ReadSoon(house_id=house_id, thread_id=thread_id, inbound_id=inbound_id, why=why, raised_at=now)
        alert.cannot_text = cannot_text
        session.add(alert)
    elif _WEIGHT[why] > _WEIGHT[alert.why] or alert.step >= LAST_STEP:
        alert.why = max(alert.why, why, key=_WEIGHT.__getitem__)
        alert.inbound_id, alert.raised_at, alert.step = inbound_id, now, ON_SHIFT
        alert.cannot_text = alert.cannot_text or cannot_text
    else:
        alert.cannot_text = alert.cannot_text or cannot_text
        session.flush()
        return alert
    session.flush()
    _ask(session, alert, now)
    return alert


def take(actor: Actor, read_soon_id: uuid.UUID, now: datetime) -> ReadSoon:
    """Somebody says: I read it. Nobody else is asked. Raises AlreadyDecided where another did."""
    with transaction() as session:
        alert = locked_row(session, actor, ReadSoon, read_soon_id, May.KEEP_TEXTS)
        if alert.taken_at is not None and alert.taken_by != actor.ref:
            raise AlreadyDecided
        if alert.taken_at is None:
            _take(session, alert, actor, now)
    return alert


def take_thread(session: Session, actor: Actor, thread_id: uuid.UUID, now: datetime) -> None:
    """Whoever answers a thread has read it. Inside the caller's transaction, which holds the house's lock."""
    open_one = sa.select(ReadSoon).where(ReadSoon.thread_id == thread_id, ReadSoon.taken_at.is_(None))
    for alert in session.scalars(open_one).all():
        _take(session, alert, actor, now)


def open_alerts(session: Session, house_id: uuid.UUID) -> list[ReadSoon]:
    """What waits to be read soon, the gravest first, then the oldest."""
    found = session.scalars(sa.select(ReadSoon).where(ReadSoon.house_id == house_id, ReadSoon.taken_at.is_(None)))
    return sorted(found, key=lambda alert: (-_WEIGHT[alert.why], alert.raised_at, alert.id))


def moves_on(row: DueRow, now: datetime) -> None:
    """Nobody said yes in time: ask the next."""
    with transaction() as session:
        alert = session.get(ReadSoon, row.subject)
        if alert is None:
            take_row(session, row)
            return
        lock_stream(session, alert.house_id)
        if not take_row(session, row):
            return
        alert = session.get_one(ReadSoon, row.subject, populate_existing=True)
        if alert.taken_at is None and alert.step < LAST_STEP:
            alert.step += 1
            _ask(session, alert, now)


def vanishes(row: DueRow, _now: datetime) -> None:
    """A week after somebody took it nothing of it is kept."""
    with transaction() as session:
        if take_row(session, row):
            session.execute(sa.delete(ReadSoon).where(ReadSoon.id == row.subject, ReadSoon.taken_at.is_not(None)))


def _take(session: Session, alert: ReadSoon, actor: Actor, now: datetime) -> None:
    alert.taken_by, alert.taken_at = actor.ref, now
    session.flush()
    clear_due(session, alert.id, MOVES_ON)
    set_due(session, VANISHES, alert.id, now + KEPT_FOR, alert.house_id)
    cancel_where(session, "taken", now, Message.dedupe_key.startswith(f"soon:{alert.id}:"))
    _moved(session, alert.house_id, now)


def _open_one(session: Session, house_id: uuid.UUID, thread_id: uuid.UUID | None, why: str | None) -> ReadSoon | None:
    wanted = sa.select(ReadSoon).where(
        ReadSoon.house_id == house_id, ReadSoon.taken_at.is_(None), ReadSoon.thread_id == thread_id
    )
    if why is not None:
        wanted = wanted.where(ReadSoon.why == why)
    return session.scalar(wanted.limit(1))


def _ask(session: Session, alert: ReadSoon, now: datetime) -> None:
    """Ask whoever this step is for, or the next who are there at all, and say when it moves on."""
    level, people = _whom(session, alert, now)
    alert.asked_person_id = people[0] if people else None
    if level > ON_SHIFT:
        for person_id in people:
            with apart(session, "texts.asking-failed"):
                _text(session, alert, person_id, now)
    if alert.step < LAST_STEP:
        rests = FIRST_RESTS if alert.step < COORDINATORS else LATER_RESTS
        set_due(session, MOVES_ON, alert.id, now + rests, alert.house_id)
    session.flush()
    _moved(session, alert.house_id, now)


def _whom(session: Session, alert: ReadSoon, now: datetime) -> tuple[int, list[uuid.UUID]]:
    """Who is asked: nobody to whom the text is not shown, since they would look for it in vain."""
    former = sa.select(FormerNumber.number_index).where(FormerNumber.correspondent_id == Correspondent.id)
    theirs = sa.or_(Thread.number_index == Correspondent.number_index, Thread.number_index.in_(former))
    wrote = sa.select(Correspondent.subject_id).join(Thread, theirs)
    for level in range(min(alert.step, COORDINATORS), COORDINATORS + 1):
        people: list[uuid.UUID] = []
        for ask in who_next:
            # Where nobody can say who that is, the next are asked: the text is kept, and what it stops, all the same.
            with apart(session, "texts.asking-failed"):
                people += ask(session, alert.house_id, level, now)
        people = who_may_read(session, list(dict.fromkeys(people)), wrote.where(Thread.id == alert.thread_id))
        if people:
            return level, people
    return COORDINATORS, []


def _text(session: Session, alert: ReadSoon, person_id: uuid.UUID, now: datetime) -> None:
    """A text without a word of what came in, to somebody who agreed to be asked in this way."""
    peer = session.scalar(
        sa.select(Correspondent).where(
            Correspondent.house_id == alert.house_id,
            Correspondent.subject_id == person_id,
            Correspondent.kind == CorrespondentKind.PEER,
        )
    )
    if peer is None or peer.number is None or peer.number_index is None:
        return
    if not _agreed(session, peer) or stop_on(session, peer.number_index) or _asked_just_now(session, alert, peer, now):
        return
    house = session.get_one(House, alert.house_id)
    write(
        session,
        house.id,
        number=peer.number,
        purpose=Purpose.READ_SOON,
        template="read-soon",
        fields={"brand": brand_of(session, house), "link": f"{_public_url()}/houses/{house.slug}/texts"},
        language=peer.language,
        dedupe_key=f"soon:{alert.id}:{int(alert.raised_at.timestamp())}:{alert.step}:{peer.id}",
        made_by=CLOCK.ref,
        not_after=now + LATER_RESTS,
        correspondent_id=peer.id,
        now=now,
    )


def _agreed(session: Session, peer: Correspondent) -> bool:
    given = sa.select(Consent.id).where(
        Consent.correspondent_id == peer.id,
        Consent.purpose == Purpose.READ_SOON,
        Consent.number_index == peer.number_index,
        Consent.ended_at.is_(None),
    )
    return session.scalar(given.limit(1)) is not None


def _asked_just_now(session: Session, alert: ReadSoon, peer: Correspondent, now: datetime) -> bool:
    """They were asked for another one that is still open, and will see this one beside it."""
    others = [each for each in open_alerts(session, alert.house_id) if each.id != alert.id]
    if not others:
        return False
    asked = sa.select(Message.id).where(
        Message.correspondent_id == peer.id,
        Message.purpose == Purpose.READ_SOON,
        Message.made_at > now - ONE_TEXT_WITHIN,
        sa.or_(*(Message.dedupe_key.startswith(f"soon:{each.id}:") for each in others)),
    )
    return session.scalar(asked.limit(1)) is not None


def _public_url() -> str:
    settings: Settings = current_app.extensions["respite.settings"]
    return settings.public_url


def _moved(session: Session, house_id: uuid.UUID, now: datetime) -> None:
    """Without subject, actor and data: screens look again, and nobody can count."""
    record(session, house_id, events.READ_SOON_MOVED, subject=None, actor=None, at=now, parts=events.PARTS)
