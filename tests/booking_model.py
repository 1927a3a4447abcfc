"""A small model of a house's beds, beside the real one, and a walk that acts on both.

The model knows nights, doors and clocks as plain dictionaries. Each step draws an act by chance, says what
must come of it, lets the product act, and compares: the same answer, and then the same nights, the same
people behind the same doors.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from respite.accounts.actor import Actor
from respite.core.clock import StillClock
from respite.core.db import db, finish_reading
from respite.core.due import due_rows, sweep
from respite.core.errors import Refusal
from respite.guests.models import Stay, Undoable
from respite.guests.policy.stay_states import StayState
from respite.guests.service.arriving import welcome, welcome_new
from respite.guests.service.leaving import leave
from respite.guests.service.moving import extend, move, swap
from respite.guests.service.people import Named
from respite.guests.service.saving import confirm, let_go, save_bed, save_longer
from respite.guests.service.undo import undo
from respite.houses.models import Bed, BedNight, Closure, House
from respite.houses.policy.house_time import census_instant, night_of
from respite.houses.queries import beds_of, rules_now
from respite.houses.service.doors import close_bed, make_ready, open_bed_again

ONE_DAY = timedelta(days=1)


def span(first: date, until: date) -> set[date]:
    return {first + timedelta(days=n) for n in range(max(0, (until - first).days))}


@dataclass
class ModelStay:
    bed: uuid.UUID | None
    first: date
    until: date
    saved_until: datetime | None
    state: str = "held"
    nights: set[date] = field(default_factory=set)
    behind: set[tuple[uuid.UUID, date]] = field(default_factory=set)  # nights that are over, behind other doors
    next_census: datetime | None = None


@dataclass
class Model:
    """What must be true of the house."""

    stays: dict[uuid.UUID, ModelStay] = field(default_factory=dict)
    closures: dict[uuid.UUID, tuple[uuid.UUID, set[date], bool]] = field(default_factory=dict)  # bed, nights, open
    readying: set[uuid.UUID] = field(default_factory=set)

    def taken(self, bed: uuid.UUID | None, but: uuid.UUID | None = None) -> set[date]:
        nights: set[date] = set()
        for stay_id, stay in self.stays.items():
            if stay.bed == bed and stay_id != but:
                nights |= stay.nights
            nights |= {night for door, night in stay.behind if door == bed}
        for closed_bed, closed, _opened in self.closures.values():
            if closed_bed == bed:
                nights |= closed
        return nights

    def occupant(self, bed: uuid.UUID | None) -> uuid.UUID | None:
        return next((i for i, s in self.stays.items() if s.state == "here" and s.bed == bed), None)

    def let_go_what_ran_out(self, now: datetime) -> None:
        for stay in self.stays.values():
            if stay.state == "held" and stay.saved_until is not None and stay.saved_until <= now:
                stay.state, stay.nights, stay.behind = "ran-out", set(), set()


class Walk:
    """Acts by chance on a house and on its model, and compares after each step."""

    def __init__(self, house: House, actor: Actor, clock: StillClock, seed: int) -> None:
        self.house_id, self.zone = house.id, house.timezone
        self.actor, self.clock = actor, clock
        self.random = random.Random(seed)
        self.beds = [bed.id for bed in beds_of(db.session(), house.id)]
        self.rules = rules_now(db.session(), house.id)
        finish_reading()
        self.model = Model()
        self.steps = self.refusals = self.guests = 0
        self.before: Model | None = None
        self.trail: list[str] = []
        self.acts: list[Callable[[], None]] = [
            self.save, self.save, self.save, self.arrive, self.arrive, self.arrive_new, self.let_go, self.confirm,
            self.save_longer, self.leave, self.leave, self.move, self.move, self.swap, self.extend, self.close,
            self.open_again, self.ready, self.advance, self.advance, self.take_back,
        ]  # fmt: skip

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def tonight(self) -> date:
        return night_of(self.now, self.zone, self.rules.night_turns_at)

    def step(self) -> None:
        act = self.random.choice(self.acts)
        act()
        self.trail = [*self.trail[-7:], act.__name__]
        self.steps += 1
        self.compare()

    # What an act must come to, and what it does.

    def _try(self, must_do: bool, act: Callable[[], object], then: Callable[[object], None]) -> None:
        before = deepcopy(self.model)
        try:
            answer = act()
        except Refusal as refusal:
            assert not must_do, f"step {self.steps}: refused with {type(refusal).__name__}, but it was possible"  # noqa: PT017
            self.refusals += 1
            return
        assert must_do, f"step {self.steps}: done, but it was not possible"
        then(answer)
        self.before = before

    def _some(self, *states: str) -> uuid.UUID | None:
        found = [i for i, s in self.model.stays.items() if s.state in states]
        return self.random.choice(found[-12:]) if found else None

    def _stands(self, stay: ModelStay) -> bool:
        return stay.state == "held" and (stay.saved_until is None or self.now < stay.saved_until)

    def save(self) -> None:
        bed = self.random.choice(self.beds)
        first = self.tonight + timedelta(days=self.random.choice((0, 0, 0, 1, 2, 5)))
        nights = self.random.randint(1, 5)
        minutes = self.random.choice((30, 240, 1_440, 5_000))
        self.model.let_go_what_ran_out(self.now)
        wanted = span(first, first + timedelta(days=nights))
        possible = not wanted & self.model.taken(bed) and not (
            first == self.tonight and self.model.occupant(bed) is not None
        )

        def then(stay: object) -> None:
            assert isinstance(stay, Stay)
            until = first + timedelta(days=nights)
            clock = self.now + timedelta(minutes=minutes)
            self.model.stays[stay.id] = ModelStay(bed, first, until, clock, nights=wanted)

        self.guests += 1
        self._try(
            possible,
            lambda: save_bed(
                self.actor, self.house_id, who=Named(f"Guest {self.guests}"), nights=nights, bed_id=bed,
                first_night=first, minutes=minutes, now=self.now,
            ),
            then,
        )  # fmt: skip

    def _census_after(self, stay: ModelStay) -> datetime:
        return census_instant(max(stay.until, stay.first), self.zone, self.rules.census_at, self.rules.night_turns_at)

    def arrive(self) -> None:
        stay_id = self._some("held", "held", "ran-out", "here")
        if stay_id is None:
            return
        stay = self.model.stays[stay_id]
        stands = self._stands(stay)
        if stands:
            self.model.let_go_what_ran_out(self.now)
        until = max(stay.until, self.tonight + ONE_DAY)
        wanted = span(self.tonight, until)
        possible = (
            stands
            and stay.bed is not None
            and self.model.occupant(stay.bed) is None
            and not wanted & self.model.taken(stay.bed, but=stay_id)
        )

        def then(_answer: object) -> None:
            stay.state, stay.first, stay.until, stay.nights = "here", self.tonight, until, wanted
            stay.behind = set()  # nights that were saved and not slept
            stay.saved_until = None
            stay.next_census = self._census_after(stay)
            self.model.readying.discard(stay.bed)  # type: ignore[arg-type]

        self._try(possible, lambda: welcome(self.actor, stay_id, now=self.now), then)

    def arrive_new(self) -> None:
        bed = self.random.choice(self.beds)
        nights = self.random.randint(0, 4)
        self.model.let_go_what_ran_out(self.now)
        until = self.tonight + timedelta(days=nights)
        wanted = span(self.tonight, until) or {self.tonight}
        possible = self.model.occupant(bed) is None and not wanted & self.model.taken(bed)

        def then(stay: object) -> None:
            assert isinstance(stay, Stay)
            made = ModelStay(bed, self.tonight, until, None, "here", wanted)
            made.next_census = self._census_after(made)
            self.model.stays[stay.id] = made
            self.model.readying.discard(bed)

        self.guests += 1
        self._try(
            possible,
            lambda: welcome_new(
                self.actor, self.house_id, who=Named(f"Guest {self.guests}"), nights=nights, bed_id=bed, now=self.now
            ),
            then,
        )

    def let_go(self) -> None:
        stay_id = self._some("held", "here")
        if stay_id is None:
            return
        stay = self.model.stays[stay_id]

        def then(_answer: object) -> None:
            stay.state, stay.nights, stay.behind = "let-go", set(), set()

        self._try(self._stands(stay), lambda: let_go(self.actor, stay_id, now=self.now), then)

    def confirm(self) -> None:
        stay_id = self._some("held", "left")
        if stay_id is None:
            return
        stay = self.model.stays[stay_id]

        def then(_answer: object) -> None:
            stay.saved_until = None

        self._try(self._stands(stay), lambda: confirm(self.actor, stay_id, now=self.now), then)

    def save_longer(self) -> None:
        stay_id = self._some("held", "ran-out")
        if stay_id is None:
            return
        stay = self.model.stays[stay_id]

        def then(_answer: object) -> None:
            stay.saved_until = self.now + timedelta(minutes=600)

        self._try(self._stands(stay), lambda: save_longer(self.actor, stay_id, minutes=600, now=self.now), then)

    def leave(self) -> None:
        stay_id = self._some("here", "here", "held")
        if stay_id is None:
            return
        stay = self.model.stays[stay_id]
        possible = stay.state == "here"
        if possible:
            self.model.let_go_what_ran_out(self.now)
        census = census_instant(self.tonight, self.zone, self.rules.census_at, self.rules.night_turns_at)
        first_gone = self.tonight + ONE_DAY if self.now >= census else self.tonight

        def then(_answer: object) -> None:
            stay.state, stay.next_census = "left", None
            stay.nights = {night for night in stay.nights if night < first_gone}
            assert stay.bed is not None
            self.model.readying.add(stay.bed)

        self._try(possible, lambda: leave(self.actor, stay_id, now=self.now), then)

    def _nights_from_tonight(self, stay: ModelStay) -> set[date]:
        first = max(stay.first, self.tonight)
        return span(first, max(first, stay.until)) or ({self.tonight} if stay.state == "here" else set())

    def _needs_it_now(self, stay: ModelStay) -> bool:
        return stay.state == "here" or stay.first <= self.tonight

    def _moved(self, stay: ModelStay, bed: uuid.UUID) -> None:
        stay.nights = {n for n in stay.nights if n < self.tonight} | self._nights_from_tonight(stay)
        stay.bed = bed
        if stay.state == "here":
            self.model.readying.discard(bed)

    def move(self) -> None:
        stay_id, bed = self._some("here", "held", "left"), self.random.choice(self.beds)
        if stay_id is None:
            return
        stay = self.model.stays[stay_id]
        fits = stay.state == "here" or self._stands(stay)
        if fits:
            self.model.let_go_what_ran_out(self.now)
        possible = (
            fits
            and stay.bed != bed
            and not (self._needs_it_now(stay) and self.model.occupant(bed) is not None)
            and not self._nights_from_tonight(stay) & self.model.taken(bed, but=stay_id)
        )

        def then(_answer: object) -> None:
            old = stay.bed
            self._past_stays_behind(stay)
            self._moved(stay, bed)
            if stay.state == "here" and old is not None:
                self.model.readying.add(old)

        self._try(possible, lambda: move(self.actor, stay_id, bed, now=self.now), then)

    def _past_stays_behind(self, stay: ModelStay) -> None:
        """Nights that are over stay with the door they were spent behind."""
        past = {n for n in stay.nights if n < self.tonight}
        if past and stay.bed is not None:
            stay.behind |= {(stay.bed, night) for night in past}
            stay.nights -= past

    def swap(self) -> None:
        one_id, two_id = self._some("here", "held"), self._some("here", "held")
        if one_id is None or two_id is None or one_id == two_id:
            return
        one, two = self.model.stays[one_id], self.model.stays[two_id]
        fit = all(s.state == "here" or self._stands(s) for s in (one, two))
        if fit:
            self.model.let_go_what_ran_out(self.now)
        possible = fit and one.bed is not None and two.bed is not None and one.bed != two.bed
        if possible:
            trial = deepcopy(self.model)
            a, b = trial.stays[one_id], trial.stays[two_id]
            for stay in (a, b):
                stay.nights = {n for n in stay.nights if n < self.tonight}
            was_here = {i: s.state for i, s in ((one_id, a), (two_id, b))}
            for stay in (a, b):
                stay.state = "moving"
            for stay_id, stay, bed in ((one_id, a, two.bed), (two_id, b, one.bed)):
                stay.state = was_here[stay_id]
                needs_it = self._needs_it_now(stay)
                wanted = self._nights_from_tonight(stay)
                stay.state = "moving"
                if (needs_it and trial.occupant(bed) is not None) or wanted & trial.taken(bed, but=stay_id):
                    possible = False
                    break
                stay.state, stay.bed = was_here[stay_id], bed
                stay.nights |= wanted

        def then(_answer: object) -> None:
            one_bed, two_bed = one.bed, two.bed
            assert one_bed is not None and two_bed is not None  # noqa: PT018
            for stay in (one, two):
                self._past_stays_behind(stay)
            self._moved(one, two_bed)
            self._moved(two, one_bed)

        self._try(possible, lambda: swap(self.actor, one_id, two_id, now=self.now), then)

    def extend(self) -> None:
        stay_id, nights = self._some("here", "held", "left"), self.random.randint(1, 3)
        if stay_id is None:
            return
        stay = self.model.stays[stay_id]
        fits = stay.state == "here" or self._stands(stay)
        if fits:
            self.model.let_go_what_ran_out(self.now)
        leaving = max(stay.until, self.tonight)
        wanted = span(leaving, leaving + timedelta(days=nights))
        possible = fits and (stay.bed is None or not wanted & self.model.taken(stay.bed, but=stay_id))

        def then(_answer: object) -> None:
            stay.until = leaving + timedelta(days=nights)
            if stay.bed is not None:
                stay.nights |= wanted
            if stay.state == "here":
                stay.next_census = self._census_after(stay)

        self._try(possible, lambda: extend(self.actor, stay_id, nights, now=self.now), then)

    def close(self) -> None:
        bed = self.random.choice(self.beds)
        first = self.tonight + timedelta(days=self.random.randint(0, 4))
        until = first + timedelta(days=self.random.randint(1, 3))
        self.model.let_go_what_ran_out(self.now)
        possible = not span(first, until) & self.model.taken(bed)

        def then(closure: object) -> None:
            assert isinstance(closure, Closure)
            self.model.closures[closure.id] = (bed, span(first, until), False)

        self._try(
            possible,
            lambda: close_bed(self.actor, bed, first_night=first, until=until, reason="", now=self.now),
            then,
        )
        self.before = None  # closing a door is taken back by opening it

    def open_again(self) -> None:
        closed = [i for i, (_b, _n, opened) in self.model.closures.items() if not opened]
        if not closed:
            return
        closure_id = self.random.choice(closed)
        bed, nights, _opened = self.model.closures[closure_id]

        def then(_answer: object) -> None:
            self.model.closures[closure_id] = (bed, {n for n in nights if n < self.tonight}, True)

        self._try(True, lambda: open_bed_again(self.actor, closure_id, now=self.now), then)
        self.before = None

    def ready(self) -> None:
        bed = self.random.choice(self.beds)

        def then(_answer: object) -> None:
            self.model.readying.discard(bed)

        self._try(bed in self.model.readying, lambda: make_ready(self.actor, bed, now=self.now), then)
        self.before = None

    def advance(self) -> None:
        self.clock.advance(timedelta(hours=self.random.choice((1, 3, 7, 12, 26))))
        self.before = None
        for _round in range(10):
            if not due_rows(self.now):
                break
            sweep(self.now)
        self._advance_model()

    def _advance_model(self) -> None:
        self.model.let_go_what_ran_out(self.now)
        while True:
            due = [
                (s.next_census, i) for i, s in self.model.stays.items() if s.next_census and s.next_census <= self.now
            ]
            if not due:
                return
            census, stay_id = min(due)
            stay = self.model.stays[stay_id]
            night = night_of(census, self.zone, self.rules.night_turns_at)
            if night not in stay.nights:
                self._displace(stay_id, night)
                stay.nights.add(night)
            stay.next_census = census_instant(
                night + ONE_DAY, self.zone, self.rules.census_at, self.rules.night_turns_at
            )

    def _displace(self, stay_id: uuid.UUID, night: date) -> None:
        bed = self.model.stays[stay_id].bed
        for other_id, other in self.model.stays.items():
            if other_id != stay_id and other.bed == bed and night in other.nights:
                other.bed, other.nights, other.behind = None, set(), set()
        for closure_id, (closed_bed, nights, opened) in self.model.closures.items():
            if closed_bed == bed:
                self.model.closures[closure_id] = (closed_bed, nights - {night}, opened)

    def take_back(self) -> None:
        if self.before is None:
            return
        last = db.session.scalar(sa.select(Undoable).order_by(Undoable.at.desc()).limit(1))
        db.session.rollback()
        assert last is not None
        undo(self.actor, last.id, now=self.now)
        self.model, self.before = self.before, None

    # What must be true after every step.

    def compare(self) -> None:
        session = db.session()
        session.rollback()
        session.expire_all()
        self._compare_nights()
        self._compare_doors()
        session.rollback()

    def _compare_nights(self) -> None:
        found = {(bed, night) for bed, night in db.session.execute(sa.select(BedNight.bed_id, BedNight.night))}
        wanted = {(s.bed, n) for s in self.model.stays.values() for n in s.nights}
        wanted |= {place for s in self.model.stays.values() for place in s.behind}
        wanted |= {(bed, n) for bed, nights, _opened in self.model.closures.values() for n in nights}
        assert found == wanted, (
            f"step {self.steps}, {self.trail}: the house alone has {found - wanted}, the model alone {wanted - found}"
        )

    def _compare_doors(self) -> None:
        behind = dict(
            db.session.execute(sa.select(Stay.occupies_bed_id, Stay.id).where(Stay.occupies_bed_id.is_not(None))).all()
        )
        wanted = {s.bed: i for i, s in self.model.stays.items() if s.state == "here"}
        assert behind == wanted, f"step {self.steps}: who is behind which door"
        states = dict(db.session.execute(sa.select(Stay.id, Stay.state)).all())
        for stay_id, stay in self.model.stays.items():
            expected = "ran-out" if stay.state == "held" and not self._stands(stay) else stay.state
            stored = states[stay_id]
            if stored == StayState.HELD and not self._stands(stay):
                stored = StayState.RAN_OUT
            assert stored == expected, f"step {self.steps}: {stored} is not {expected}"
        readying = set(db.session.scalars(sa.select(Bed.id).where(Bed.getting_ready_since.is_not(None))))
        assert readying == self.model.readying, f"step {self.steps}: which doors get ready"
