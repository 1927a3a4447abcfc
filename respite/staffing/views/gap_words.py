"""Gaps in calm words: "Tuesday night, 11 pm to 7 am" and "nobody yet. One of 2 must hold: Certified peer."."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from respite.core.times import clock_words, day_and_month, day_words
from respite.houses.policy.house_time import PartOfDay, local, part_of_day
from respite.staffing.policy.languages import language_word
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.policy.tags import language_in
from respite.staffing.queries.gaps import Gap, Missing


@dataclass(frozen=True, slots=True)
class GapLine:
    """What stands on the desk and on the page of shifts: when, what is missing, and where something can be done."""

    when: str
    said: str
    day: date
    shift_id: uuid.UUID | None  # an open place, where there is one
    drafts: bool = False  # shifts that are not given out yet


@dataclass(frozen=True, slots=True)
class GapLines:
    """The first lines, and how many more there are; the one of what is not given out is always among them."""

    shown: list[GapLine]
    more: int


def gap_lines(gaps: Sequence[Gap], zone: str, now: datetime, names: Mapping[str, str], most: int) -> GapLines:
    """One line for each gap, in the order of time; shifts that are not given out yet are one line together."""
    words = GapWords(zone, now, names)
    lines: list[GapLine] = []
    drafts = [gap for gap in gaps if not gap.published]
    for gap in gaps:
        if gap.published:
            lines.append(words.line(gap))
        elif gap is drafts[0]:
            lines.append(words.not_given_out(drafts))
    shown = lines[:most] + [line for line in lines[most:] if line.drafts]
    return GapLines(shown, len(lines) - len(shown))


class GapWords:
    def __init__(self, zone: str, now: datetime, names: Mapping[str, str]) -> None:
        self.zone, self.now, self.names = zone, now, names
        self.today = local(now, zone).date()

    def line(self, gap: Gap) -> GapLine:
        shift = gap.open_shifts[0] if gap.open_shifts else None
        return GapLine(self.when(gap.starts_at, gap.ends_at), self.said(gap), self._day(gap.starts_at), shift)

    def not_given_out(self, gaps: Sequence[Gap]) -> GapLine:
        first, last = self._day(gaps[0].starts_at), self._day(gaps[-1].starts_at)
        when = (
            day_and_month(first)
            if first == last
            else _("%(first)s to %(last)s", first=day_and_month(first), last=day_and_month(last))
        )
        said = ngettext("One shift is not given out yet.", "%(num)s shifts are not given out yet.", len(gaps))
        return GapLine(when, said, first, None, drafts=True)

    def when(self, starts_at: datetime, ends_at: datetime) -> str:
        """ "Tuesday night, 11 pm to 7 am", "Tonight, 11 pm to 7 am"."""
        hours = self.hours(starts_at, ends_at)
        day, part = self._day(starts_at), part_of_day(starts_at, self.zone)
        if day == self.today:
            if part is PartOfDay.NIGHT and local(starts_at, self.zone).hour > 12:
                return _("Tonight, %(hours)s", hours=hours)
            return _("Today, %(hours)s", hours=hours)
        name = day_words(day, self.today)
        name = name[:1].upper() + name[1:]
        match part:
            case PartOfDay.MORNING:
                return _("%(day)s morning, %(hours)s", day=name, hours=hours)
            case PartOfDay.AFTERNOON:
                return _("%(day)s afternoon, %(hours)s", day=name, hours=hours)
            case PartOfDay.EVENING:
                return _("%(day)s evening, %(hours)s", day=name, hours=hours)
            case PartOfDay.NIGHT:
                return _("%(day)s night, %(hours)s", day=name, hours=hours)

    def hours(self, starts_at: datetime, ends_at: datetime) -> str:
        begin, end = clock_words(starts_at, self.zone), clock_words(ends_at, self.zone)
        return _("%(begin)s to %(end)s", begin=begin, end=end)

    def said(self, gap: Gap) -> str:
        return " ".join([*self._people(gap), *(self._missing(gap, each) for each in gap.missing)])

    def _people(self, gap: Gap) -> Iterator[str]:
        if not gap.places:
            yield self._below(gap)
        elif not gap.taken and gap.kind == ShiftKind.ON_CALL:
            yield _("Nobody on call yet.")
        elif not gap.taken:
            yield _("Nobody yet.")
        elif gap.taken < gap.places:
            yield ngettext(
                "One of %(places)s places is open.",
                "%(num)s of %(places)s places are open.",
                gap.places - gap.taken,
                places=gap.places,
            )

    def _below(self, gap: Gap) -> str:
        if not gap.there:
            return _("No shift is in the list for these hours.")
        return ngettext(
            "One person is in the house; at least %(least)s are to be.",
            "%(num)s people are in the house; at least %(least)s are to be.",
            gap.there,
            least=gap.least,
        )

    def _missing(self, gap: Gap, missing: Missing) -> str:
        language = language_in(missing.tag)
        values = {
            "places": gap.places,
            "tag": language_word(language) if language else self.names.get(missing.tag, missing.tag),
        }
        if language:
            return ngettext(
                "One of %(places)s must speak %(tag)s.",
                "%(num)s of %(places)s must speak %(tag)s.",
                missing.least,
                **values,
            )
        return ngettext(
            "One of %(places)s must hold: %(tag)s.",
            "%(num)s of %(places)s must hold: %(tag)s.",
            missing.least,
            **values,
        )

    def _day(self, at: datetime) -> date:
        return local(at, self.zone).date()
