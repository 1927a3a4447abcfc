"""What the roster says, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from babel.dates import format_date
from flask_babel import get_locale, pgettext
from flask_babel import gettext as _

from respite.board.roster import Bar, BarKind, DoorRow, Roster, WithoutDoor
from respite.core.times import clock_words, day_and_month, day_words, short_day, weekday
from respite.guests.views.wording import for_a_guest
from respite.houses.policy.house_time import local


class RosterWords:
    """The sentences of one roster, for the templates."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self.columns = tuple(" ".join(self._marks(night)) for night in roster.nights)
        """For each night what its column is marked as: w(eekend), t(onight), m(onth begins)."""

    def _marks(self, night: date) -> Iterator[str]:
        if night.weekday() > 4:
            yield "w"
        if night == self._roster.tonight:
            yield "t"
        if night.day == 1:
            yield "m"

    # -- days ----------------------------------------------------------------------------------------------

    def night(self, day: date) -> str:
        """A night's date in full: "Sunday 22 November"."""
        return f"{weekday(day)} {day_and_month(day)}"

    def weekday(self, day: date) -> str:
        return short_day(day)

    def month(self, day: date) -> str:
        """The month in three letters or so: "Dec"."""
        return format_date(day, "MMM", locale=get_locale() or "en").rstrip(".")

    def day(self, day: date) -> str:
        return day_words(day, self._roster.today)

    def whole(self) -> str:
        """ "Sunday 22 November to Monday 21 December"."""
        nights = self._roster.nights
        text = _from_to(self.night(nights[0]), self.night(nights[-1]))
        return text[:1].upper() + text[1:]

    def printed_at(self) -> str:
        return _(
            "%(day)s, %(time)s",
            day=self.night(self._roster.today),
            time=clock_words(self._roster.as_of, self._roster.zone),
        )

    # -- a bar ---------------------------------------------------------------------------------------------

    def who(self, bar: Bar) -> str:
        """What stands on the bar: the guest's name, why a door is closed, or else the state alone."""
        return bar.name or bar.reason or (_("no name") if bar.nameless else self._word(bar))

    def state(self, bar: Bar) -> str:
        if bar.kind == BarKind.SAVED and bar.saved_until is not None:
            return _("saved until %(at)s", at=self._moment(bar.saved_until))
        return self._word(bar)

    def _word(self, bar: Bar) -> str:
        if bar.past_leaving:
            return _("leaving today") if bar.first == self._roster.today else _("still here")
        return {
            BarKind.HERE: pgettext("state", "here"),
            BarKind.SAVED: pgettext("state", "saved"),
            BarKind.CLOSED: pgettext("state", "closed"),
            BarKind.WAS: _("stayed"),
        }[bar.kind]

    def _moment(self, at: datetime) -> str:
        """A time of today by the clock, one of another day with its day."""
        day, time = local(at, self._roster.zone).date(), clock_words(at, self._roster.zone)
        return time if day == self._roster.today else _("%(day)s %(at)s", day=self.day(day), at=time)

    def label(self, door: str | None, bar: Bar) -> str:
        """The bar as it is read aloud: "Willow, Sam, here, 22 to 25 November"."""
        who = bar.name or bar.reason or (_("a guest without a name") if bar.nameless else None)
        return ", ".join(filter(None, (door, who, self.state(bar), span_words(bar.first, bar.last))))

    # -- a door --------------------------------------------------------------------------------------------

    def note(self, row: DoorRow) -> str | None:
        """Somebody behind the door whose leaving day has come, whether or not a bar can show it."""
        if row.leaving is None:
            return None
        if row.leaving == self._roster.today:
            return _("%(name)s leaves today", name=row.leaver) if row.leaver else _("leaving today")
        day = weekday(row.leaving) if (self._roster.today - row.leaving).days < 7 else self.day(row.leaving)
        if row.leaver:
            return _("%(name)s was to leave on %(day)s", name=row.leaver, day=day)
        return _("was to leave on %(day)s", day=day)

    def needs_door(self, row: WithoutDoor) -> str:
        return ", ".join(filter(None, (row.name, span_words(row.first, row.last))))

    # -- the nights calculator -----------------------------------------------------------------------------

    def someone_new(self) -> str:
        """ "For someone new: 3 nights are open from tonight, a full stay from 6 February." """
        nights = for_a_guest(self._roster.someone_new, self._roster.tonight)
        return _("For someone new: %(nights)s", nights=nights)


def span_words(first: date, last: date) -> str:
    """Nights from the first to the last: "22 to 25 November", "30 November to 3 December", "22 November"."""
    end = day_and_month(last)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return _from_to(str(first.day), end)
    return _from_to(day_and_month(first), end)


def _from_to(first: str, last: str) -> str:
    return pgettext("nights", "%(first)s to %(last)s", first=first, last=last)
