"""The kinds of acts a demo story is told in: whole stays, visits, shifts, and the house's own days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from respite.accounts.actor import Actor
from respite.cli.demo.story import DAY, Story
from respite.core.phones import as_phone
from respite.guests.models import Stay
from respite.guests.policy.stay_states import EndKind
from respite.guests.service import arriving, leaving, notes, saving, visits, waiting
from respite.guests.service.callbacks import promise_callback
from respite.guests.service.people import Named
from respite.guests.service.promised import promise_guest
from respite.houses.policy.house_time import span_of
from respite.houses.service import doors, furnishing, gatherings
from respite.houses.service.door_card import change_door_card
from respite.promises.policy import Way, When
from respite.promises.service.acts import Wanted as Promised
from respite.promises.service.acts import give
from respite.staffing.errors import ShiftOver
from respite.staffing.policy.duty import Duty
from respite.staffing.policy.patterns import Asked
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.service import shifts
from respite.staffing.service.duty_rules import set_duty
from respite.staffing.service.patterns import make_patterns

A_LITTLE = timedelta(minutes=4)  # before it begins somebody is there


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of every day's list: who is in the house, or on call, from when until when by its clock."""

    kind: ShiftKind
    begins: str
    ends: str
    names: Sequence[str | None]  # None: still open


class Teller:
    """Writes into a story, in the name of whoever was on at the time."""

    def __init__(self, story: Story, lead: str) -> None:
        self.story = story
        self.moment = story.moment
        self.lead = story.people[lead]
        self._turns: list[tuple[datetime, datetime, str]] = []

    # -- the house -----------------------------------------------------------------------------------------

    def describe(self, at: datetime, tags: Mapping[str, Sequence[str]]) -> None:
        def act(now: datetime) -> None:
            for door, words in tags.items():
                furnishing.change_bed(self.lead, self.story.beds[door], name=door, tags=words, now=now)

        self.story.tell(at, act)

    def door_card(self, at: datetime, line_en: str, line_es: str, number: str) -> None:
        self.story.tell(
            at,
            lambda now: change_door_card(
                self.lead, self.story.house_id, line_en=line_en, line_es=line_es, phone=as_phone(number), now=now
            ),
        )

    def close(self, at: datetime, door: str, *, days: tuple[int, int], reason: str) -> None:
        first, until = (self.moment.tonight + day * DAY for day in days)
        self.story.tell(
            at,
            lambda now: doors.close_bed(
                self.lead, self.story.beds[door], first_night=first, until=until, reason=reason, now=now
            ),
        )

    def ready(self, at: datetime, door: str) -> None:
        self.story.tell(at, lambda now: doors.make_ready(self.hand(at), self.story.beds[door], now=now))

    def gathering(
        self, at: datetime, kind: str, title: str, detail: str, *, from_day: int, days: int, clock: tuple[str, str]
    ) -> None:
        """On so many days in a row, counted from the calendar day it is in the house."""
        begins, ends = map(time.fromisoformat, clock)
        self.story.tell(
            at,
            lambda now: gatherings.set_gathering(
                self.lead,
                self.story.house_id,
                kind=kind,
                title=title,
                detail=detail,
                day=self.moment.today + from_day * DAY,
                begins=begins,
                ends=ends,
                days=days,
                now=now,
            ),
        )

    # -- the people who work here --------------------------------------------------------------------------

    def shifts(self, at: datetime, day: int, turns: Sequence[Turn]) -> None:
        """The list of one calendar day, counted from today."""
        for turn in turns:
            for name in turn.names:
                self._shift(at, day, turn, name)

    def few_people_until(self, at: datetime, day: int) -> None:
        """A house that opens with few people asks for rest alone; from that day on, hours and days in a row count."""
        rules = ("week", "days_in_a_row", "nights_in_a_row")
        usual = {name: getattr(Duty(), name) for name in rules}
        self._rules(at, at.date(), dict.fromkeys(rules, 0))
        self._rules(at, self.moment.today + day * DAY, usual)

    def _rules(self, at: datetime, first_day: date, values: dict[str, int]) -> None:
        self.story.tell(at, lambda now: set_duty(self.lead, self.story.house_id, values, first_day=first_day, now=now))

    def patterns(self, at: datetime, day: int, asked: Sequence[Asked]) -> None:
        """What comes round from a day on, counted from today: after those that were put on by hand."""
        self.story.tell(
            at,
            lambda now: make_patterns(
                self.lead, self.story.house_id, asked, first_day=self.moment.today + day * DAY, now=now
            ),
        )

    def _shift(self, at: datetime, day: int, turn: Turn, name: str | None) -> None:
        begins, ends = time.fromisoformat(turn.begins), time.fromisoformat(turn.ends)
        on = self.moment.today + day * DAY
        begin, end = span_of(on, begins, ends, self.moment.zone)

        def put_on(now: datetime) -> None:
            shift = shifts.put_on(
                self.lead,
                self.story.house_id,
                person_id=self.story.people[name].id if name else None,
                kind=turn.kind,
                day=on,
                begins=begins,
                ends=ends,
                now=now,
            )
            self.story.made[f"shift {begin} {name}"] = shift.id

        self.story.tell(at, put_on)
        if name is not None and turn.kind == ShiftKind.FLOOR:
            self._turns.append((begin, end, name))
            came = max(at, begin - A_LITTLE)
            if came <= self.moment.now:
                self.story.tell(came, lambda now: self._came_to_shift(f"shift {begin} {name}", name, now))

    def _came_to_shift(self, made: str, name: str, now: datetime) -> None:
        """They say that they are here, shortly before it begins; of one that was over when it was put down, nobody."""
        with suppress(ShiftOver):
            shifts.came(self.story.people[name], self.story.made[made], now=now)

    def hand(self, at: datetime) -> Actor:
        """Whoever was in the house then; before the list begins, its lead."""
        return next((self.story.people[name] for begin, end, name in self._turns if begin <= at < end), self.lead)

    # -- guests --------------------------------------------------------------------------------------------

    def saved(
        self,
        at: datetime,
        who: Named,
        door: str,
        *,
        first: int,
        nights: int,
        minutes: int | None = None,
        coming: str | None = None,
        companions: Mapping[str, int] | None = None,
        confirmed: bool = False,
    ) -> None:
        """Somebody called, and a bed is saved; `first` is counted from tonight."""

        def act(now: datetime) -> None:
            stay = saving.save_bed(
                self.hand(at),
                self.story.house_id,
                who=who,
                nights=nights,
                bed_id=self.story.beds[door],
                first_night=self.moment.tonight + first * DAY,
                minutes=minutes,
                coming=coming,
                companions=companions,
                now=now,
            )
            self._remember(who.name, stay)
            if confirmed:
                saving.confirm(self.hand(at), stay.id, now=now)

        self.story.tell(at, act)

    def welcomed(self, at: datetime, name: str) -> None:
        """Somebody a bed was saved for has come."""
        self.story.tell(at, lambda now: arriving.welcome(self.hand(at), self.story.made[name], now=now))

    def came(self, at: datetime, who: Named, door: str, *, nights: int) -> None:
        """Somebody was at the door and nothing was saved."""

        def act(now: datetime) -> None:
            stay = arriving.welcome_new(
                self.hand(at), self.story.house_id, who=who, nights=nights, bed_id=self.story.beds[door], now=now
            )
            self._remember(who.name, stay)

        self.story.tell(at, act)

    def settled(self, at: datetime, name: str, lockbox: str) -> None:
        self.story.tell(
            at,
            lambda now: arriving.settle_in(
                self.hand(at), self.story.made[name], agreed=True, lockbox=lockbox, lockbox_key_out=True, now=now
            ),
        )

    def left(self, at: datetime, name: str, *, follow_up: bool | None = None, sooner: bool = False) -> None:
        ending = leaving.Ending(kind=EndKind.SOONER_OWN_CHOICE) if sooner else None
        self.story.tell(
            at,
            lambda now: leaving.leave(
                self.hand(at), self.story.made[name], ending=ending, follow_up=follow_up, now=now
            ),
        )

    def stayed(
        self, who: Named, door: str, *, days: tuple[int, int], clock: tuple[str, str] = ("15:30", "10:40")
    ) -> None:
        """A whole stay that is over: came on one day, left as planned on another, and the door was got ready."""
        begin, end = self.moment.on(days[0], clock[0]), self.moment.on(days[1], clock[1])
        self.came(begin, who, door, nights=days[1] - days[0])
        self.left(end, who.name, follow_up=True)
        self.ready(end + timedelta(minutes=70), door)

    def noted(self, at: datetime, name: str, words: str, *, passed_on: datetime | None = None) -> None:
        def act(now: datetime) -> None:
            note = notes.make_note(self.hand(at), self.story.made[name], words, now=now)
            self.story.made[words] = note.id

        self.story.tell(at, act)
        if passed_on is not None:
            self.story.tell(passed_on, lambda now: notes.pass_on(self.hand(passed_on), self.story.made[words], now=now))

    def promised(
        self, at: datetime, words: str, *, to: str | None = None, by: datetime | None = None, owner: bool = False
    ) -> None:
        """Whoever is on promises something, to a guest or for the house; with `owner` they do it themselves."""

        def act(now: datetime) -> None:
            hand = self.hand(at)
            wanted = Promised(words=words, when=When(by), owner_id=hand.id if owner else None)
            if to is None:
                give(hand, self.story.house_id, wanted, now=now)
            else:
                promise_guest(hand, self.story.made[to], wanted, now=now)

        self.story.tell(at, act)

    def left_line(self, at: datetime, words: str) -> None:
        self.story.tell(at, lambda now: notes.leave_line(self.hand(at), self.story.house_id, words, now=now))

    def waits(self, at: datetime, who: Named, asked: waiting.Asked) -> None:
        def act(now: datetime) -> None:
            row = waiting.add_waiting(self.hand(at), self.story.house_id, who=who, asked=asked, now=now)
            self.story.made[f"waiting {who.name}"] = row.id

        self.story.tell(at, act)

    def calls_back(self, at: datetime, name: str, way: Way, by: datetime | None = None) -> None:
        """Whoever is on says that they call somebody who waits, or that they will call."""
        self.story.tell(
            at,
            lambda now: promise_callback(self.hand(at), self.story.made[f"waiting {name}"], way, at=by, now=now),
        )

    def waited(self, at: datetime, name: str) -> None:
        """A bed was saved for somebody on the list."""
        self.story.tell(
            at, lambda now: waiting.end_waiting(self.hand(at), self.story.made[f"waiting {name}"], "saved", now=now)
        )

    def visits(self, at: datetime, who: Named | None, chair: int, *, until: datetime | None = None) -> None:
        """Somebody comes to the living room; a visit without an end goes on."""

        def act(now: datetime) -> None:
            visit = visits.begin_visit(
                self.hand(at), self.story.house_id, who=who, chair_id=self.story.chairs[chair], now=now
            )
            self.story.made[f"visit {at}"] = visit.id

        self.story.tell(at, act)
        if until is not None:
            self.story.tell(
                until, lambda now: visits.end_visit(self.hand(until), self.story.made[f"visit {at}"], now=now)
            )

    def went_on(self, at: datetime, visited_at: datetime, name: str, door: str, *, nights: int) -> None:
        """From the chair to a bed."""

        def act(now: datetime) -> None:
            stay = visits.go_on_to_bed(
                self.hand(at),
                self.story.made[f"visit {visited_at}"],
                nights=nights,
                bed_id=self.story.beds[door],
                now=now,
            )
            self._remember(name, stay)

        self.story.tell(at, act)

    def _remember(self, name: str, stay: Stay) -> None:
        self.story.made[name] = stay.id
        if stay.guest_id is not None:
            self.story.made[f"guest {name}"] = stay.guest_id
