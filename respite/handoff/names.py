"""Whom and what the events of a log are about, by the names that are kept now: events themselves hold ids alone.

Whoever has been forgotten, or gave no name, has none here either.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.models import Person
from respite.activities.models import Activity
from respite.guests.models import BedOffer, Guest, GuestAsk, Note, Stay, Visit, Waiting
from respite.handoff.models import LogEntry
from respite.handoff.policy import Happened
from respite.houses.models import Bed, House
from respite.promises.models import Promise
from respite.promises.queries import row_of
from respite.promises.views.shown import said_words

#: Which rows of guests the subject of an event can be, by how its kind begins; the first that fits.
_GUESTS: tuple[tuple[str, Any], ...] = (
    ("guest.visit.", Visit),
    ("guest.note.", Note),
    ("guest.ask.", GuestAsk),
    ("guest.waiting.", Waiting),
    ("guest.request.", Waiting),
    ("guest.stay.", Stay),
    ("guest.save.", Stay),
    ("guest.bed.saved", Stay),
    ("guest-page.phone.", Guest),
)
_OFFERS = ("guest.bed.offered", "guest.offer.ended")


@dataclass(frozen=True, slots=True)
class Named:
    """An event with the names that belong to it."""

    event: Happened
    who: str | None = None  # the guest, by the name they chose
    door: str | None = None
    other: str | None = None  # a second guest or door, another house, an activity, a colleague
    words: str | None = None  # what somebody wrote, or what was promised
    by: str | None = None  # who did it, where a colleague did

    @property
    def kind(self) -> str:
        return self.event.kind

    def said(self, field: str) -> str:
        return str(self.event.data.get(field, ""))

    def number(self, field: str) -> int:
        return int(self.event.data.get(field, 0))

    def day(self, field: str) -> date:
        return date.fromisoformat(self.event.data[field])


def named(session: Session, house_id: uuid.UUID, events: Sequence[Happened]) -> list[Named]:
    """Each event with its names, read in a handful of queries however many there are."""
    guests = _guests(session, events)
    beds = _by_id(session, Bed, _ids(events, "bed_id", "to_bed_id", "from_bed_id") | _subjects(events, "house.bed."))
    houses = _by_id(session, House, _ids(events, "to_house_id", "from_house_id"))
    activities = _by_id(session, Activity, _subjects(events, "activity."))
    people = _by_id(session, Person, _ids(events, "person_id") | {_person(event.actor) for event in events})
    entries = _by_id(session, LogEntry, _subjects(events, "handoff.entry."))
    promises = {
        promise.id: row_of(promise, None)
        for promise in _by_id(session, Promise, _subjects(events, "promise.")).values()
        if promise.house_id == house_id
    }
    found = []
    for event in events:
        door = beds.get(_id(event, "to_bed_id") or _id(event, "bed_id") or event.subject)
        second: Any = (
            beds.get(_id(event, "from_bed_id"))
            or houses.get(_id(event, "to_house_id") or _id(event, "from_house_id"))
            or people.get(_id(event, "person_id"))
        )
        activity = activities.get(event.subject)
        entry, promise = entries.get(event.subject), promises.get(event.subject)
        by = people.get(_person(event.actor))
        found.append(
            Named(
                event,
                who=guests.get(event.subject) if event.subject else None,
                door=door.name if door else None,
                other=second.name if second else activity.title if activity else guests.get(_id(event, "with_stay_id")),
                words=entry.words if entry else said_words(promise, named=False) if promise else None,
                by=by.name if by else None,
            )
        )
    return found


def _guests(session: Session, events: Sequence[Happened]) -> dict[uuid.UUID | None, str]:
    """The names of guests by the ids of the rows that events are about."""
    ids: dict[Any, set[uuid.UUID]] = {}
    for event in events:
        model = next((row for begins, row in _GUESTS if event.kind.startswith(begins)), None)
        if model is not None and event.subject is not None:
            ids.setdefault(model, set()).add(event.subject)
    ids.setdefault(Stay, set()).update(i for i in _ids(events, "with_stay_id") if i)
    found: dict[uuid.UUID | None, uuid.UUID] = {}
    for model, some in ids.items():
        if model is Guest:
            found |= {each: each for each in some}
        elif some:
            rows = session.execute(sa.select(model.id, model.guest_id).where(model.id.in_(some)))
            found |= {row.id: row.guest_id for row in rows if row.guest_id is not None}
    offered = {event.subject for event in events if event.kind in _OFFERS and event.subject}
    if offered:
        asked = sa.select(BedOffer.id, Waiting.guest_id).join(Waiting, Waiting.id == BedOffer.waiting_id)
        rows = session.execute(asked.where(BedOffer.id.in_(offered)))
        found |= {row.id: row.guest_id for row in rows if row.guest_id is not None}
    guests = _by_id(session, Guest, set(found.values()))
    return {row_id: guests[guest_id].name for row_id, guest_id in found.items() if guest_id in guests}


def _by_id(session: Session, model: Any, ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, Any]:
    wanted = [each for each in ids if each is not None]
    if not wanted:
        return {}
    return {row.id: row for row in session.scalars(sa.select(model).where(model.id.in_(wanted))).unique()}


def _ids(events: Iterable[Happened], *fields: str) -> set[uuid.UUID | None]:
    return {_id(event, field) for event in events for field in fields}


def _id(event: Happened, field: str) -> uuid.UUID | None:
    return uuid.UUID(event.data[field]) if field in event.data else None


def _subjects(events: Iterable[Happened], begins: str) -> set[uuid.UUID | None]:
    return {event.subject for event in events if event.kind.startswith(begins)}


def _person(ref: str | None) -> uuid.UUID | None:
    kind, _colon, person_id = (ref or "").partition(":")
    return uuid.UUID(person_id) if kind == "person" else None
