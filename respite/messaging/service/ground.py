"""What every use case of texting stands on: a number's mark, its thread, and who it belongs to."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from respite.core.crypto import ring
from respite.core.logs import log
from respite.houses.models import House
from respite.messaging.models import Correspondent, HouseTexts, NumberStop, Thread
from respite.messaging.policy.wording import wrong_in

LONGEST_BRAND = 40  # letters


def number_mark(number: str) -> bytes:
    """The blind index of a number in international form; the same for every house, since they share the sender."""
    return ring().blind("text-number", number)


def thread_of(session: Session, house_id: uuid.UUID, number: str, now: datetime) -> Thread:
    """The house's thread with a number, made where there is none. The caller holds the house's lock."""
    mark = number_mark(number)
    found = session.scalar(sa.select(Thread).where(Thread.house_id == house_id, Thread.number_index == mark))
    if found is not None:
        if found.number_sealed is None:  # it was forgotten once, and is written to again
            found.number = number
        return found
    thread = Thread(house_id=house_id, number_index=mark, made_at=now, last_at=now)
    thread.number = number
    session.add(thread)
    session.flush()
    return thread


def correspondents_at(session: Session, mark: bytes, house_id: uuid.UUID | None = None) -> list[Correspondent]:
    """Whose number this is: nobody's, one person's, or several who share a phone."""
    wanted = sa.select(Correspondent).where(Correspondent.number_index == mark)
    if house_id is not None:
        wanted = wanted.where(Correspondent.house_id == house_id)
    return list(session.scalars(wanted.order_by(Correspondent.made_at, Correspondent.id)))


def stop_on(session: Session, mark: bytes) -> NumberStop | None:
    """What stands against texting a number, of any house."""
    return session.scalar(sa.select(NumberStop).where(NumberStop.number_index == mark, NumberStop.ended_at.is_(None)))


def texts_of(session: Session, house_id: uuid.UUID) -> HouseTexts | None:
    """The house's choices about texts, where it made any."""
    return session.scalar(sa.select(HouseTexts).where(HouseTexts.house_id == house_id))


def brand_of(session: Session, house: House) -> str:
    """The neutral name that a house's texts bear; its own where it chose none, as far as texts may carry it."""
    own = texts_of(session, house.id)
    return own.brand if own is not None else fit_name(house.name)


def fit_name(name: str) -> str:
    """A name without the words that a text may not carry; the whole of it where nothing else is left."""
    fit = name
    for wrong in wrong_in(name, own_hosts=()):
        fit = fit.replace(wrong.what, "") if wrong.kind != "empty" else fit
    return (" ".join(fit.split()) or name)[:LONGEST_BRAND].rstrip()


@contextmanager
def apart(session: Session, what: str) -> Iterator[None]:
    """For what hangs on a text that came in: when it fails, it is logged as `what`, and the text is kept all the same.

    A database that cannot be had is no such failure: then nothing is kept, and the provider tells it again.
    """
    try:
        with session.begin_nested():
            yield
    except OperationalError:
        raise
    except Exception as error:
        log.error(what, error=type(error).__name__)
