"""What the board says, in the reader's language. Never a word about a person that they did not choose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from respite.board.rows import Board, Door, GatheringRow, Notice, OnNow, WaitingRow
from respite.board.watch_words import WatchWords
from respite.core.times import clock_words, day_words, short_day, weekday
from respite.guests.policy.stay_states import BedState
from respite.houses.models import ClaimKind
from respite.houses.policy.house_time import PartOfDay, local, part_of_day


class Words(WatchWords):
    """The sentences of one board, for the templates."""

    def __init__(self, board: Board) -> None:
        super().__init__(board.house.zone)
        self._board = board
        self._zone = board.house.zone
        self.today = local(board.as_of, self._zone).date()

    def clock(self, at: datetime) -> str:
        return clock_words(at, self._zone)

    def day(self, day: date) -> str:
        return day_words(day, self.today)

    # -- the page ------------------------------------------------------------------------------------------

    def title(self) -> str:
        """ "Sunday afternoon". After midnight the night is still the one that began the evening before."""
        part = part_of_day(self._board.as_of, self._zone)
        here = local(self._board.as_of, self._zone)
        night_before = part == PartOfDay.NIGHT and here.hour < 6
        day = weekday(here.date() - timedelta(days=1) if night_before else here.date())
        text = {
            PartOfDay.MORNING: _("%(day)s morning", day=day),
            PartOfDay.AFTERNOON: _("%(day)s afternoon", day=day),
            PartOfDay.EVENING: _("%(day)s evening", day=day),
            PartOfDay.NIGHT: _("%(day)s night", day=day),
        }[part]
        return _capital(text)

    def counts(self) -> str:
        """ "1 free tonight · 1 arriving · 1 leaving · 3 waiting"."""
        of = self._board.summary
        said = []
        if self._board.house.has_beds:
            said.append(ngettext("%(num)s free tonight", "%(num)s free tonight", of.free))
        if self._board.house.has_chairs:
            said.append(ngettext("%(num)s chair free", "%(num)s chairs free", of.chairs_free))
        for count, words in (
            (of.arriving, ngettext("%(num)s arriving", "%(num)s arriving", of.arriving)),
            (of.leaving, ngettext("%(num)s leaving", "%(num)s leaving", of.leaving)),
            (of.waiting, ngettext("%(num)s waiting", "%(num)s waiting", of.waiting)),
        ):
            if count:
                said.append(words)
        return " · ".join(said)

    def wall_clock(self, now: datetime) -> Markup:
        """ "Sunday <b>2:32</b> pm", as the wall's script keeps it."""
        time, _space, half = clock_words(now, self._zone, minutes=True).partition(" ")
        return Markup("{} <b>{}</b> {}").format(_capital(weekday(local(now, self._zone).date())), time, half)

    # -- a door --------------------------------------------------------------------------------------------

    def state(self, door: Door) -> str | None:
        """The state with what belongs to it, for the desk; None where the plain word says it all."""
        if door.state == BedState.OCCUPIED and door.out:
            if door.back_about is None:
                return _("here, out just now")
            return _("here, out and back about %(at)s", at=self.clock(door.back_about))
        if door.state == BedState.FREE:
            return _("free tonight")
        if door.state == BedState.HELD and door.saved_until is not None:
            return _("saved until %(at)s", at=self.clock(door.saved_until))
        if door.state == BedState.READYING and door.ready_since is not None:
            return _("getting ready since %(at)s", at=self.moment(door.ready_since))
        if door.state == BedState.CLOSED and door.until is not None:
            return _("closed till %(day)s", day=self.day(door.until))
        return None

    def second(self, door: Door) -> str | None:
        """The line under a door's guest: until when, who is with them, what they wished."""
        if door.state == BedState.OCCUPIED:
            return " ".join(filter(None, (self._leaving(door), self._with(door), self._wish(door)))) or None
        if door.offered:
            return _("Somebody on the list is being asked.")
        if door.state == BedState.HELD:
            return " ".join(filter(None, (self._coming(door), self._until(door), self._with(door)))) or None
        if door.state == BedState.READYING:
            return self._awaited(door)
        if door.state == BedState.FREE and door.until is not None:
            if door.until_is == ClaimKind.CLOSURE:
                return _("Closed from %(day)s.", day=self.day(door.until))
            return _("Saved from %(day)s.", day=self.day(door.until))
        return door.reason or None

    def _awaited(self, door: Door) -> str | None:
        """Whom a door is got ready for."""
        if not door.awaited:
            return None
        if door.awaited_until is not None:
            at = self.clock(door.awaited_until)
            if door.awaited_name is None:
                return _("For somebody without a name, saved until %(at)s.", at=at)
            return _("For %(name)s, saved until %(at)s.", name=door.awaited_name, at=at)
        if door.awaited_name is None:
            return _("For somebody without a name, tonight.")
        return _("For %(name)s tonight.", name=door.awaited_name)

    def _leaving(self, door: Door) -> str | None:
        if door.until is None:
            return None
        if door.until < self.today:
            return _("Was to leave on %(day)s.", day=weekday(door.until))
        if door.until == self.today:
            return _("Leaving today.")
        if door.until == self.today + timedelta(days=1):
            return _("Leaving tomorrow.")
        return self._until(door)

    def _until(self, door: Door) -> str | None:
        return _("Until %(day)s.", day=self.day(door.until)) if door.until else None

    def _coming(self, door: Door) -> str | None:
        return _("Coming: %(words)s.", words=door.coming.rstrip(".")) if door.coming else None

    def _wish(self, door: Door) -> str | None:
        return _("Check-in wish: %(words)s.", words=door.check_in_wish.rstrip(".")) if door.check_in_wish else None

    def _with(self, door: Door) -> str | None:
        """ "With 2 children and 1 animal."""
        said = [self._companion(kind, number) for kind, number in door.companions]
        return _("With %(companions)s.", companions=_and(said)) if said else None

    def _companion(self, kind: str, number: int) -> str:
        if kind == "child":
            return ngettext("%(num)s child", "%(num)s children", number)
        if kind == "animal":
            return ngettext("%(num)s animal", "%(num)s animals", number)
        return ngettext("%(num)s support person", "%(num)s support people", number)

    def till(self, door: Door) -> str | None:
        """For the wall: "till Wed" on a closed door, and nothing anywhere else."""
        if door.state != BedState.CLOSED or door.until is None:
            return None
        near = door.until - self.today <= timedelta(days=6)
        return _("till %(day)s", day=short_day(door.until) if near else self.day(door.until))

    # -- around the doors ----------------------------------------------------------------------------------

    def here_now(self) -> list[tuple[str, str]]:
        """Who is on, together with those who stay as long: ("Dana, Luis", "until 3 pm")."""
        return [
            (", ".join(person.name for person in people), _("until %(at)s", at=self.clock(until)))
            for until, people in _by_end(self._board.here_now)
        ]

    def waiting(self, row: WaitingRow) -> str:
        """ "Ida, a full week"."""
        nights = ngettext("%(num)s night", "%(num)s nights", row.nights) if row.nights else None
        return ", ".join(filter(None, (row.name, nights, row.wish)))

    def asked_about(self, row: WaitingRow) -> str | None:
        """ "asked about Fern until 7:40 pm"."""
        said = [_("asked about %(door)s until %(at)s", door=door, at=self._until_when(at)) for door, at in row.asked]
        return ", ".join(said) or None

    def _until_when(self, at: datetime) -> str:
        day = local(at, self._zone).date()
        return self.clock(at) if day == self.today else f"{self.day(day)}, {self.clock(at)}"

    def since(self, at: datetime) -> str:
        return _("since %(at)s", at=self.moment(at))

    def moment(self, at: datetime) -> str:
        """A time of today by the clock, an earlier one by its day."""
        day = local(at, self._zone).date()
        if day == self.today:
            return self.clock(at)
        return short_day(day) if self.today - day <= timedelta(days=6) else self.day(day)

    def gathering(self, row: GatheringRow) -> str:
        """ "7 pm, porch, with Tom"."""
        at = self.clock(row.starts_at)
        if local(row.starts_at, self._zone).date() > self.today:
            at = _("tomorrow %(at)s", at=at)
        return ", ".join(filter(None, (at, row.detail)))

    def seat(self, name: str) -> str:
        return _("Chair %(number)s", number=name) if name.isdigit() else name

    def chairs(self) -> str:
        seats = self._board.chairs
        free = self._board.summary.chairs_free
        return ngettext("%(free)s of %(num)s chair free", "%(free)s of %(num)s chairs free", len(seats), free=free)

    def notice(self, notice: Notice) -> str:
        name = notice.name or _("a guest without a name")
        if notice.kind == "no-door":
            return _("The bed saved for %(name)s is needed tonight. Please find them another door.", name=name)
        if notice.kind == "call" and notice.at is not None:
            return _(
                "%(door)s is saved until %(at)s. Please call %(name)s before then.",
                door=notice.place,
                at=self.clock(notice.at),
                name=name,
            )
        if notice.kind == "offer" and notice.at is not None:
            return _(
                "%(door)s is kept for %(name)s until %(at)s. Please call and ask.",
                door=notice.place,
                name=name,
                at=self._until_when(notice.at),
            )
        hours = notice.minutes // 60
        return ngettext(
            "%(name)s has been in %(chair)s for %(num)s hour. Would a bed help, or going home?",
            "%(name)s has been in %(chair)s for %(num)s hours. Would a bed help, or going home?",
            hours,
            name=notice.name or _("Somebody"),
            chair=self.seat(notice.place),
        )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _and(said: Sequence[str]) -> str:
    if len(said) < 2:
        return "".join(said)
    return _("%(some)s and %(last)s", some=", ".join(said[:-1]), last=said[-1])


def _by_end(people: Iterable[OnNow]) -> list[tuple[datetime, list[OnNow]]]:
    ordered = sorted(people, key=lambda person: (person.until, person.name))
    return [(until, list(some)) for until, some in groupby(ordered, key=lambda person: person.until)]
