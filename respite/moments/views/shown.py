"""Hard moments in words: when, what, written down by whom, in one order of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.core.times import clock_words, day_and_month, moment_words
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.houses.queries import names_of
from respite.moments.models import HardMoment
from respite.moments.policy import SAME_TIME, title_shown
from respite.moments.queries import Entry


@dataclass(frozen=True, slots=True)
class Line:
    """A fact or an account, drawn alike. `label` says whose words they are, where they are a guest's."""

    id: Any
    at: str
    day: str
    words: str
    who: str
    label: str | None = None
    written: str | None = None  # where it was written down later
    earlier: tuple[tuple[str, str, str], ...] = ()  # how it read before: time, words, until when and by whom


def title_of(moment: HardMoment) -> str:
    return title_shown(moment.title) if moment.title else _("A hard moment")


def began_words(moment: HardMoment, house: House, now: datetime) -> str:
    return moment_words(moment.began_at, house.timezone, now)


def written_later(happened: datetime, told: datetime, house: House, now: datetime) -> str | None:
    """When it was written down, where that was not as it happened: both times are kept."""
    return None if told - happened <= SAME_TIME else moment_words(told, house.timezone, now)


def lines_of(session: Session, story: Sequence[Entry], house: House, now: datetime) -> list[Line]:
    refs = {row.made_by for entry in story if (row := entry.fact or entry.account) is not None}
    refs |= {was.changed_by for entry in story for was in entry.earlier}
    names = names_of(session, refs)
    return [_line(entry, names, house, now) for entry in story]


def _line(entry: Entry, names: dict[str, str], house: House, now: datetime) -> Line:
    at, day = clock_words(entry.at, house.timezone), day_and_month(local(entry.at, house.timezone).date(), year=True)
    if entry.account is not None:
        row = entry.account
        name = entry.guest.name if entry.guest is not None else None
        label = _("%(name)s, in their own words", name=name) if name else _("A guest, in their own words")
        told = row.finished_at or row.made_at
        return Line(row.id, at, day, row.words or "", "", label, written_later(row.at, told, house, now))
    assert entry.fact is not None
    fact = entry.fact
    earlier = tuple(
        (
            clock_words(was.at, house.timezone),
            was.words or "",
            _(
                "until %(when)s, changed by %(who)s",
                when=moment_words(was.until, house.timezone, now),
                who=names.get(was.changed_by, ""),
            ),
        )
        for was in entry.earlier
    )
    written = written_later(fact.at, fact.told_at, house, now)
    return Line(fact.id, at, day, fact.words or "", names.get(fact.made_by, ""), None, written, earlier)
