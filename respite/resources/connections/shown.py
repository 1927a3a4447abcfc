"""Connections as pages show them, to those who work here and to the guest: names, words, and what can be said next."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from respite.core.times import day_and_month, moment_words
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.houses.queries import names_of as who_by_ref
from respite.resources.connections.models import Connection, ConnectionStep
from respite.resources.connections.places import Place, names_of, places
from respite.resources.connections.policy import TAKEN_BACK_WITHIN, State, Who, may_follow
from respite.resources.connections.service.telling import steps_of
from respite.resources.connections.words import CATEGORIES, STATES, WHOSE, WHY
from respite.resources.policy import Trust

#: What may be chosen on the house's page, in the order in which it usually comes about.
SAYINGS: dict[tuple[State, Who], Any] = {
    (State.WANTED, Who.GUEST): _l("They want it"),
    (State.NOT_WANTED, Who.GUEST): _l("They do not want it"),
    (State.CONTACT, Who.HOUSE): _l("We made contact together"),
    (State.CONTACT, Who.GUEST): _l("The guest says: contact was made together"),
    (State.REACHED, Who.HOUSE): _l("Somebody there was reached, we were there"),
    (State.REACHED, Who.GUEST): _l("The guest says: somebody there was reached"),
    (State.REACHED, Who.SERVICE): _l("The place says: they were in touch"),
    (State.CONNECTED, Who.GUEST): _l("The guest says: it came about"),
    (State.CONNECTED, Who.SERVICE): _l("The place says: it came about"),
    (State.NOT_A_FIT, Who.GUEST): _l("The guest says: it is not a fit"),
    (State.NOT_A_FIT, Who.SERVICE): _l("The place says: it is not a fit"),
    (State.DROPPED, Who.GUEST): _l("They do not want it any more"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One connection in a list. `since` is when what stands happened; `by`: who confirmed that it came about."""

    id: uuid.UUID
    version: int
    name: str
    state: str
    words: str
    since: str
    category: str
    by: str | None
    place: Place | None
    checked: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """One step, as it is read. `late`: when it was written down, where that was not at once."""

    id: uuid.UUID
    words: str
    whose: str
    when: str
    late: str | None
    by: str
    why: str | None
    own_words: str | None
    back: bool


def lines_of(session: Session, guest_id: uuid.UUID, house: House, now: datetime) -> list[Line]:
    """A guest's connections, those that go on first, the newest of each first."""
    mine = sa.select(Connection).where(Connection.guest_id == guest_id)
    rows = session.scalars(mine.order_by(Connection.offered_at.desc(), Connection.id)).all()
    last = (State.NOT_WANTED, State.DROPPED, State.ENDED, State.NOT_A_FIT)
    return line_of(session, sorted(rows, key=lambda row: row.state in last), house, now)


def line_of(session: Session, rows: Sequence[Connection], house: House, now: datetime) -> list[Line]:
    today = local(now, house.timezone).date()
    found = places(session, {row.service_id for row in rows if row.service_id is not None}, today)
    names = names_of(session, rows)
    return [
        _line(row, names[row.id], found.get(row.service_id) if row.service_id else None, house, now) for row in rows
    ]


def _line(row: Connection, name: str, place: Place | None, house: House, now: datetime) -> Line:
    return Line(
        id=row.id,
        version=row.version,
        name=name,
        state=row.state,
        words=str(STATES[row.state]),
        since=moment_words(row.since, house.timezone, now),
        category=str(CATEGORIES[row.category]),
        by=_confirmed(row),
        place=place,
        checked=checked_words(place) if place is not None else None,
    )


def _confirmed(row: Connection) -> str | None:
    if row.state != State.CONNECTED:
        return None
    if row.guest_confirmed and row.service_confirmed:
        return _("the guest and the place said so")
    return str(WHOSE[Who.GUEST if row.guest_confirmed else Who.SERVICE])


def checked_words(place: Place) -> str | None:
    """What has to stand beside a place that was not checked lately; none for one that was."""
    if place.gone:
        return _("No longer in the directory. Please ask before you go.")
    if place.trust == Trust.CHECKED:
        return None
    if place.checked is None or place.trust == Trust.NOT_CHECKED:
        return _("Not checked yet. Please call before you go.")
    return _("Not checked since %(day)s. Please call before you go.", day=day_and_month(place.checked, year=True))


def said_of(session: Session, connection_id: uuid.UUID, house: House, now: datetime, actor_ref: str) -> list[Said]:
    """The newest first. `back`: whoever looks wrote it just now, last of all, and may take it back."""
    steps = steps_of(session, connection_id)
    names = who_by_ref(session, {step.made_by for step in steps})
    last = steps[-1].number if steps else 0
    ordered = sorted(steps, key=lambda step: (step.at, step.number), reverse=True)
    return [_said(step, names.get(step.made_by, ""), house, now, step.number == last, actor_ref) for step in ordered]


def _said(step: ConnectionStep, by: str, house: House, now: datetime, last: bool, actor_ref: str) -> Said:
    mine = step.made_by == actor_ref and now - step.told_at <= TAKEN_BACK_WITHIN
    at, told = (moment_words(each, house.timezone, now) for each in (step.at, step.told_at))
    return Said(
        id=step.id,
        words=str(STATES[step.state]),
        whose=str(WHOSE[step.who]),
        when=at,
        late=told if told != at else None,
        by=by,
        why=str(WHY[step.why]) if step.why else None,
        own_words=step.words,
        back=mine and last,
    )


def can_be_said(row: Connection) -> list[tuple[str, Any]]:
    """The choices of the house's page, as `state:who`."""
    by = [who for who, said in ((Who.GUEST, row.guest_confirmed), (Who.SERVICE, row.service_confirmed)) if said]
    allowed = may_follow(State(row.state), by)
    return [
        (f"{state}:{who}", words) for (state, who), words in SAYINGS.items() if who in allowed.get(state, frozenset())
    ]
