"""A guest's whole record: everything that is kept about them, as they read it, and who looked."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from respite.accounts.actor import ActorKind, person_in
from respite.audit.models import AccessLog, Event
from respite.core.facts import Reading, a_moment, all_told, told_of
from respite.core.times import day_and_month
from respite.guest_page import events
from respite.guest_page.service.letter import days_of
from respite.guest_page.service.opening import Page
from respite.guests.models import Stay
from respite.houses.models import House
from respite.houses.queries import names_of

#: What somebody looked at, by the word that the access log keeps.
LOOKED_AT: Mapping[str, Any] = {
    "stay": _l("what is written about your stay"),
    "texts": _l("your texts"),
    "nights": _l("which nights are open for you"),
    "house-rules": _l("the house rules you were asked about"),
    "conversation": _l("your conversation before a stay"),
    "plan": _l("a part of your plan that you shared"),
    "page": _l("what somebody clinical was asked"),
    "disclosure": _l("what others may be told of you"),
    "connection": _l("a place or people you were told of"),
    "moment": _l("your own account of a hard moment"),
    "moment-paper": _l("your own account of a hard moment, on paper"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One fact of one row: as people read it, and as it is stored."""

    column: str
    label: str
    words: str
    value: Any


@dataclass(frozen=True, slots=True)
class Section:
    """What one table keeps: each row with what it says."""

    table: str
    title: str
    rows: tuple[tuple[Said, ...], ...]


@dataclass(frozen=True, slots=True)
class Look:
    who: str
    what: str
    when: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that was made about a stay. `who` none: the guest made it."""

    who: str | None
    stay_id: uuid.UUID
    stay: str
    when: str
    at: datetime


def reading_of(session: Session, page: Page, now: datetime) -> Reading:
    house = session.get_one(House, page.house_id)
    return Reading(session, house.timezone, now, page.house_id, page.guest_id, person_in(page.given_by))


def sections_of(reading: Reading) -> list[Section]:
    """Every table that keeps something about the guest, in the order in which it is read."""
    found = []
    for about in all_told():
        rows = tuple(
            tuple(
                Said(fact.column, str(fact.label), words, fact.value_of(row))
                for fact in about.facts
                if (words := told_of(row, fact, reading))
            )
            for row in about.rows(reading)
        )
        if rows:
            found.append(Section(about.model.__tablename__, str(about.title), rows))
    return found


def looks_of(reading: Reading) -> list[Look]:
    """Who looked at what is kept about the guest, the latest first."""
    session = reading.session
    stays = sa.select(Stay.id).where(Stay.guest_id == reading.guest_id)
    rows = session.scalars(
        sa.select(AccessLog)
        .where(sa.or_(AccessLog.subject == reading.guest_id, AccessLog.subject.in_(stays)))
        .order_by(AccessLog.at.desc())
    ).all()
    names = names_of(session, {row.actor for row in rows})
    return [
        Look(
            who=names.get(row.actor) or _("somebody"),
            what=str(LOOKED_AT.get(row.what, row.what)),
            when=a_moment(row.at, reading),
            at=row.at,
        )
        for row in rows
    ]


def letters_of(reading: Reading) -> list[Letter]:
    """The letters that were made about the guest's stays, the latest first."""
    session = reading.session
    rows = session.execute(
        sa.select(Event, Stay)
        .join(Stay, Stay.id == Event.subject)
        .where(Event.kind == events.LETTER_MADE, Stay.guest_id == reading.guest_id)
        .order_by(Event.at.desc(), Event.version.desc())
    ).unique()
    found = [(row.Event, row.Stay) for row in rows]
    own = f"{ActorKind.GUEST}:{reading.guest_id}"
    names = names_of(session, {event.actor for event, _stay in found})
    return [
        Letter(
            who=None if event.actor == own else names.get(event.actor or "", _("somebody")),
            stay_id=stay.id,
            stay=stay_words(*days_of(stay, reading.zone)),
            when=a_moment(event.at, reading),
            at=event.at,
        )
        for event, stay in found
    ]


def stay_words(first: date, last: date | None) -> str:
    """Which stay, by its days."""
    if last is None:
        return _("since %(day)s", day=day_and_month(first, year=True))
    if first == last:
        return day_and_month(first, year=True)
    return _("%(first)s to %(last)s", first=day_and_month(first, year=True), last=day_and_month(last, year=True))
