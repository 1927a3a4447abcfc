"""A promise as pages show it: what was said, by whom, by when. No word about the person whom it is for."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from flask_babel import gettext as _

from respite.core.times import clock_words, day_and_month, moment_words, weekday
from respite.houses.models import House
from respite.houses.policy.house_time import PartOfDay, local, night_of, part_of_day
from respite.promises.policy import Kind, Outcome, State, Way, day_of, overdue
from respite.promises.queries import PromiseRow

NEAR = 6  # days that a weekday's name alone is clear for


@dataclass(frozen=True, slots=True)
class Place:
    """The house's clock, as words of time need it."""

    zone: str
    turns_at: time
    now: datetime

    @property
    def tonight(self) -> date:
        return night_of(self.now, self.zone, self.turns_at)

    @property
    def tonight_words(self) -> str:
        part = part_of_day(self.now, self.zone)
        return _("tonight") if part in (PartOfDay.EVENING, PartOfDay.NIGHT) else _("today")


@dataclass(frozen=True, slots=True)
class Line:
    """One promise on a page."""

    id: uuid.UUID
    version: int
    said: str
    for_whom: str | None
    owner: str
    mine: bool
    when: str
    late: bool
    open: bool
    kept: bool
    way: str | None
    callback: bool
    house: str | None = None


def lines(rows: Iterable[PromiseRow], place: Place, reader: uuid.UUID | None, *, named: bool = True) -> list[Line]:
    """The promises for a page; `named` is off where the page itself says whom they are for."""
    return [line(row, place, reader, named=named) for row in rows]


def line(row: PromiseRow, place: Place, reader: uuid.UUID | None, *, named: bool = True) -> Line:
    said = said_words(row, named)
    mine = row.owner_id is not None and row.owner_id == reader
    return Line(
        id=row.id,
        version=row.version,
        said=said,
        for_whom=row.for_whom if named and row.words and row.for_whom and row.for_whom not in said else None,
        owner=owner_words(row, mine),
        mine=mine,
        when=when_words(row, place) if row.state == State.OPEN else ended_words(row, place),
        late=overdue(row.state, row.way, row.due_at, place.now),
        open=row.state == State.OPEN,
        kept=row.state == State.KEPT,
        way=row.way,
        callback=row.kind == Kind.CALLBACK,
    )


def said_words(row: PromiseRow, named: bool = True) -> str:
    if row.words:
        return row.words
    name = row.for_whom if named else None
    if row.way == Way.THEIRS:
        return _("%(name)s said they would call", name=name) if name else _("They said they would call")
    if row.way == Way.TEXT:
        return _("Text %(name)s back", name=name) if name else _("Text them back")
    return _("Call %(name)s back", name=name) if name else _("Call them back")


def owner_words(row: PromiseRow, mine: bool = False) -> str:
    if mine:
        return _("you")
    return row.owner or _("whoever is on")


def when_words(row: PromiseRow, place: Place) -> str:
    """ "3 pm", "tomorrow", "no hurry"; of what is late "was for 2 pm"."""
    if row.due_at is None:
        return _("no hurry")
    at = _moment(row, place)
    if row.way == Way.THEIRS:
        return _("about %(at)s", at=at)
    return _("was for %(at)s", at=at) if overdue(row.state, row.way, row.due_at, place.now) else at


def _moment(row: PromiseRow, place: Place) -> str:
    assert row.due_at is not None, "asked for a promise with a time"
    if not row.by_day:
        tomorrow = (local(row.due_at, place.zone).date() - local(place.now, place.zone).date()).days == 1
        at = clock_words(row.due_at, place.zone)
        return _("tomorrow %(at)s", at=at) if tomorrow else moment_words(row.due_at, place.zone, place.now)
    day = day_of(row.due_at, place.zone, place.turns_at)
    away = (day - place.tonight).days
    if away == 0:
        return place.tonight_words
    if away == 1:
        return _("tomorrow")
    if away == -1:
        return _("yesterday")
    return weekday(day) if abs(away) <= NEAR else day_and_month(day)


def ended_words(row: PromiseRow, place: Place) -> str:
    """What came of it, and when: "done 3 pm", "no answer 4 pm", "let go Tuesday 9 am"."""
    assert row.ended_at is not None, "asked for a promise that ended"
    at = moment_words(row.ended_at, place.zone, place.now)
    if row.state == State.LET_GO:
        return _("let go %(at)s", at=at)
    if row.outcome == Outcome.NO_ANSWER:
        return _("no answer %(at)s", at=at)
    if row.way == Way.THEIRS:
        return _("they called %(at)s", at=at)
    if row.outcome == Outcome.REACHED:
        return _("reached %(at)s", at=at)
    return _("done %(at)s", at=at)


def place_of(house: House, turns_at: time, now: datetime) -> Place:
    return Place(house.timezone, turns_at, now)
