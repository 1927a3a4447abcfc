"""Telling a week in the order it happened: each act at its own time, and what was due in between."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from respite.accounts.actor import Actor
from respite.core.clock import StillClock, house_clock_is
from respite.core.db import db
from respite.core.due_steps import Steps
from respite.houses.models import House
from respite.houses.policy.house_time import instant_of, local, night_of
from respite.houses.queries import beds_of, chairs_of, rules_now

HALF_HOUR = timedelta(minutes=30)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WAKING = range(9, 23)  # local hours at which somebody would leave a house

Act = Callable[[datetime], object]


class NotYetHappened(ValueError):
    """The story tells only what is over."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Now in the house, and what its clock calls it."""

    now: datetime
    zone: str
    tonight: date

    @property
    def today(self) -> date:
        return local(self.now, self.zone).date()

    def on(self, days: int, clock: str) -> datetime:
        """The instant at which the house's clock shows `clock`, so many days after the day tonight began."""
        return instant_of(datetime.combine(self.tonight + days * DAY, time.fromisoformat(clock)), self.zone)

    def ago(self, hours: int = 0, minutes: int = 0) -> datetime:
        return self.now - timedelta(hours=hours, minutes=minutes)

    def round_from(self, instant: datetime, step: timedelta) -> datetime:
        """The next round half hour or hour of the house's clock from the instant on."""
        here = local(instant, self.zone)
        over = timedelta(minutes=here.minute, seconds=here.second, microseconds=here.microsecond) % step
        return instant if not over else instant + step - over

    def hour_of(self, instant: datetime) -> int:
        return local(instant, self.zone).hour

    def days_from_tonight(self, instant: datetime) -> int:
        """How many calendar days the instant's is from the day tonight began."""
        return (local(instant, self.zone).date() - self.tonight).days

    def just_left(self) -> datetime:
        """When somebody left lately: 40 minutes ago by day, else the evening before."""
        if self.hour_of(self.now) in WAKING and self.today == self.tonight:
            return self.ago(minutes=40)
        evening = self.on(0, "21:20")
        return evening if evening <= self.now else self.on(-1, "21:20")


class Story:
    """Acts of one house, told in the order of their times whatever the order they were written down in."""

    def __init__(self, house: House, people: Mapping[str, Actor], now: datetime) -> None:
        rules = rules_now(db.session(), house.id)
        self.house_id = house.id
        self.moment = Moment(now, house.timezone, night_of(now, house.timezone, rules.night_turns_at))
        self.people = people
        self.beds = {bed.name: bed.id for bed in beds_of(db.session(), house.id)}
        self.chairs = [chair.id for chair in chairs_of(db.session(), house.id)]
        #: What the acts made, for later acts: stays by the guest's name, and what else they name.
        self.made: dict[str, uuid.UUID] = {}
        self._acts: list[tuple[datetime, int, Act]] = []

    def tell(self, at: datetime, act: Act) -> None:
        """Write an act down. Raises NotYetHappened for one whose time has not come."""
        if at > self.moment.now:
            raise NotYetHappened(f"{at} is after {self.moment.now}")
        self._acts.append((at, len(self._acts), act))

    def happen(self) -> None:
        """Run every act at its time, and before each what was due until then. The house clock goes with the story."""
        clock, steps = StillClock(self.moment.now), Steps()
        with house_clock_is(clock):
            for at, _order, act in sorted(self._acts, key=lambda told: told[:2]):
                _run_what_was_due(at, clock, steps)
                clock.at = at
                act(at)
            _run_what_was_due(self.moment.now, clock, steps)


def _run_what_was_due(until: datetime, clock: StillClock, steps: Steps) -> None:
    """Each thing at its own time, as the clockwork would have done."""
    while (step := steps.next(until)) is not None:
        clock.at = step.at
        step.act(step.at)
        if steps.stuck:
            raise RuntimeError(f"what was due at {step.at} could not run")
