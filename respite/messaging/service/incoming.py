"""A text came in: stored once for each SID, with all that follows from it, in one transaction.

What follows: a number that is left alone from now on, a person who is asked to read it, an answer in the outbox.
Nothing of that is done again when the same text comes again, by another webhook or by the sweep.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK
from respite.audit.service import lock_stream, record
from respite.core.clock import machine_now
from respite.core.db import db, transaction
from respite.core.errors import Busy
from respite.core.forms import Unusable
from respite.core.logs import log
from respite.core.phones import as_phone
from respite.houses.models import House
from respite.messaging import events
from respite.messaging.models import Correspondent, Inbound, Message, ProviderEvent, Thread
from respite.messaging.policy.danger_words import danger
from respite.messaging.policy.stopping_words import Means, meaning
from respite.messaging.service import answering, reading, replying, stopping
from respite.messaging.service.ground import apart, number_mark, stop_on, texts_of, thread_of
from respite.messaging.service.resting import rests

FLOOD_WITHIN = timedelta(minutes=10)
MOST_OF_A_NUMBER, MOST_OF_A_HOUSE = 20, 40
LONGEST_NUMBER, LONGEST_SID = 40, 40
#: Called with (session, inbound, what it asks of the line, now) for each text that came in, behind its house's lock.
came_in: list[Callable[[Session, Inbound, Means, datetime], None]] = []

#: Where Twilio has recognized the word itself, and answered it.
_OPT_OUT_TYPES = {"STOP": Means.STOP, "START": Means.START, "HELP": Means.HELP}


class NoHouse(Busy):
    """There is no house yet that a text could belong to; the provider tries again."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text asks of the line, and whether it has to be read sooner. `failed`: nobody can say, so it has to."""

    means: Means
    urgent: bool
    failed: bool = False


def heard(
    sid: str,
    number: str,
    to: str,
    body: str,
    sent_at: datetime,
    opt_out_type: str | None,
    media: int,
    via: str,
    now: datetime,
    told: Mapping[str, str] | None = None,
) -> Inbound:
    """Take a text in; returns its row, the standing one where it is known already.

    `sent_at` is by the provider's clock where it says so. `told` is what else the provider said about it, without
    the words and the number. Raises NoHouse, Busy.
    """
    number, body = as_kept(number), body.replace("\0", "")
    raw = json.dumps({**(told or {}), "To": to[:LONGEST_NUMBER]}, sort_keys=True)
    sid, kind = sid[:LONGEST_SID], opted(opt_out_type)
    try:
        with transaction() as session:
            return _heard(session, sid, number, body, sent_at, kind, media, via, raw, now)
    except IntegrityError:  # its twin came at the same moment, and by another way
        standing = db.session.scalar(_by_sid(sid))
        if standing is None:
            raise
        return standing


def as_kept(number: str) -> str:
    """A sender's number in international form; short codes and names of senders are kept as they are."""
    given = number.replace("\0", "").strip()[:LONGEST_NUMBER]
    if not re.search(r"[0-9]{7}", re.sub(r"[^0-9A-Za-z]", "", given)) or re.search(r"[A-Za-z]", given):
        return given
    try:
        return as_phone(given)
    except Unusable:
        return given


def opted(opt_out_type: str | None) -> str | None:
    """Twilio's word for a text that it answered itself, in the letters it writes it."""
    return opt_out_type if opt_out_type in _OPT_OUT_TYPES else None


def means_of(body: str, opt_out_type: str | None) -> Means:
    """What it asks of the line. Where that cannot be found out, texts wait until somebody has read it."""
    try:
        return _OPT_OUT_TYPES[opt_out_type] if opt_out_type else meaning(body)
    except Exception as error:
        log.error("texts.meaning-failed", error=type(error).__name__)
        return Means.STOP_PERHAPS


def is_urgent(body: str, house_words: list[str]) -> tuple[bool, bool]:
    """Whether it has to be read sooner, and whether the detector failed, which counts as urgent."""
    try:
        return danger(body, house_words), False
    except Exception as error:
        log.error("texts.detector-failed", error=type(error).__name__)
        return True, True


def house_of(session: Session, mark: bytes) -> House:
    """Whose text it is: the house that wrote to this number last, or knows whose it is, or was opened first."""
    newest = (
        sa.select(Message.house_id).where(Message.number_index == mark).order_by(Message.made_at.desc()),
        sa.select(Correspondent.house_id)
        .where(Correspondent.number_index == mark)
        .order_by(Correspondent.made_at.desc(), Correspondent.id),
        sa.select(Thread.house_id).where(Thread.number_index == mark).order_by(Thread.last_at.desc()),
        sa.select(House.id).order_by(House.made_at, House.id),
    )
    for wanted in newest:
        house_id = session.scalar(wanted.limit(1))
        if house_id is not None:
            return session.get_one(House, house_id)
    raise NoHouse


def _heard(
    session: Session,
    sid: str,
    number: str,
    body: str,
    sent_at: datetime,
    opt_out_type: str | None,
    media: int,
    via: str,
    raw: str,
    now: datetime,
) -> Inbound:
    standing = session.scalar(_by_sid(sid))
    if standing is not None:
        return standing
    mark = number_mark(number)
    house = house_of(session, mark)
    texts = texts_of(session, house.id)
    found = Understood(means_of(body, opt_out_type), *is_urgent(body, texts.danger_words if texts else []))
    houses = {house.id} | (stopping.houses_at(session, mark) if found.means != Means.NOTHING else set())
    short = found == Understood(Means.NOTHING, urgent=False) and not media and not opt_out_type
    lock_stream(session, *houses, *(replying.houses_of(session, mark, body) if short else ()))
    standing = session.scalar(_by_sid(sid))  # asked again: it may have come while this one waited
    if standing is not None:
        return standing
    thread = thread_of(session, house.id, number, now)
    inbound = Inbound(
        house_id=house.id,
        thread_id=thread.id,
        sid=sid,
        number_index=mark,
        means=found.means,
        opt_out_type=opt_out_type,
        media=media,
        via=via,
        sent_at=sent_at,
        received_at=now,
    )
    inbound.body = body
    event = ProviderEvent(source="inbound", sid=sid, status="received", heard_at=machine_now(), made_of_it="moved")
    event.raw = raw
    session.add_all([inbound, event])
    thread.last_at = now
    session.flush()
    record(
        session,
        house.id,
        events.INBOUND_CAME,
        subject=inbound.id,
        actor=None,
        at=sent_at,
        parts=events.PARTS,
        thread_id=thread.id,
        via=via,
    )
    did = short and not rests(thread, now) and _did(session, thread, inbound, number, body, now)
    for each in came_in:
        with apart(session, "texts.heard-failed"):
            each(session, inbound, found.means, now)
    if did:
        # Nobody has to read what was done already; what came before it still waits.
        inbound.seen_at, inbound.seen_by = now, CLOCK.ref
        session.flush()
        return inbound
    thread.unseen_since = thread.unseen_since or now
    started = _stops_and_starts(session, inbound, found.means, houses, now)
    _ask_people(session, inbound, thread, found, now)
    with apart(session, "texts.answer-failed"):
        answering.answer(session, house, thread, inbound, number, found.means, found.urgent, started, now)
    return inbound


def _did(session: Session, thread: Thread, inbound: Inbound, number: str, body: str, now: datetime) -> bool:
    """Whether it was a short answer that did something. One that fails is read by a person instead."""
    done = None
    with apart(session, "texts.reply-failed"):
        done = replying.reply(session, thread, inbound, number, body, now)
    return done is not None


def _stops_and_starts(session: Session, inbound: Inbound, means: Means, houses: set[uuid.UUID], now: datetime) -> bool:
    """Let it take effect on the number; True where texts may go on."""
    mark, said_at = inbound.number_index, inbound.sent_at
    if means == Means.START:
        started = stopping.start_number(session, mark, said_at=said_at, now=now)
        if started:
            stopping.tell_started(session, mark, houses, "start", now)
        return started
    source = {
        Means.STOP: "twilio" if inbound.opt_out_type else "stop",
        Means.STOP_PERHAPS: stopping.PERHAPS,
        Means.WRONG_NUMBER: stopping.WRONG_NUMBER,
    }.get(means)
    if source is None or (inbound.via == "sweep" and _started_since(session, mark, said_at)):
        return False
    stopping.leave_alone(session, mark, houses, source=source, said_at=said_at, now=now)
    return False


def _started_since(session: Session, mark: bytes, said_at: datetime) -> bool:
    """A text that was found late, and they have said START after it. Both times are the provider's."""
    later = sa.select(Inbound.id).where(
        Inbound.number_index == mark, Inbound.means == Means.START, Inbound.sent_at > said_at
    )
    return session.scalar(later.limit(1)) is not None


def _ask_people(session: Session, inbound: Inbound, thread: Thread, found: Understood, now: datetime) -> None:
    """Somebody is asked to read it: for what it may mean, or because so many came. While a number rests, for danger."""
    if found.failed:
        reading.raise_soon(session, inbound.house_id, "detector", now)
    why = {Means.HELP: "help", Means.STOP: "stop", Means.STOP_PERHAPS: "stop-perhaps"}.get(found.means)
    if found.urgent and not found.failed:
        why = "words"
    since = now - FLOOD_WITHIN
    if rests(thread, now):
        why = why if why == "words" else None
    elif _came(session, Inbound.house_id == inbound.house_id, Inbound.received_at > since) > MOST_OF_A_HOUSE:
        reading.raise_soon(session, inbound.house_id, "flood", now)
        why = why if why == "words" else None
    elif _came(session, Inbound.thread_id == thread.id, Inbound.received_at > since) > MOST_OF_A_NUMBER:
        why = why or "flood"
    if why is not None:
        reading.raise_soon(
            session,
            inbound.house_id,
            why,
            now,
            thread_id=thread.id,
            inbound_id=inbound.id,
            cannot_text=stop_on(session, inbound.number_index) is not None,
        )


def _came(session: Session, *where: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Inbound).where(*where)) or 0


def _by_sid(sid: str) -> sa.Select[Inbound]:
    return sa.select(Inbound).where(Inbound.sid == sid)
