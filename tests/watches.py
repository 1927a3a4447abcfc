"""A house at night: who is on, who is on call, who leads it, and phones that all of them answer on."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.models import Membership, Person
from respite.accounts.roles import Role
from respite.core.db import db, transaction
from respite.core.due import sweep
from respite.houses.models import House
from respite.houses.service.opening import open_house
from respite.messaging.models import Message
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.purposes import Purpose
from respite.staffing.models import Shift, ShiftStep
from respite.staffing.service.shifts import put_on
from tests.places import SUNDAY
from tests.texts_in import person_at, rows, says

MINUTE = timedelta(minutes=1)
#: The shift that everything here is about: today from ten at night until six, in Denver.
TEN = datetime(2026, 11, 23, 5, tzinfo=UTC)
SIX = datetime(2026, 11, 23, 13, tzinfo=UTC)
CONSENTS = (Purpose.SHIFTS, Purpose.DUTY, Purpose.HANDOFF)
_numbers = itertools.count(100)


@dataclass
class Night:
    """`ana` has the shift; `ben` is on before it; `cleo` and `dee` are first and second on call; `eli` leads."""

    house: House
    people: dict[str, Actor] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def joins(self, name: str, role: Role = Role.PEER, *, phone: bool = True) -> Actor:
        with transaction() as session:
            email = f"{name}-{uuid.uuid4().hex[:8]}@example.org"
            person = Person(email=email, name=name.title(), password_hash=None, made_at=SUNDAY)
            session.add(person)
            session.flush()
            session.add(Membership(person_id=person.id, house_id=self.house.id, role=role, began_at=SUNDAY))
        self.people[name] = Actor(ActorKind.PERSON, person.id, {self.house.id: role})
        if phone:
            self.numbers[name] = f"+1303555{next(_numbers):04d}"
            self.reachable(name)
        return self.people[name]

    def reachable(self, name: str) -> None:
        person_at(
            self.house, self.numbers[name], kind=CorrespondentKind.PEER, subject_id=self.people[name].id,
            consents=CONSENTS,
        )  # fmt: skip

    def puts(self, name: str | None, **changed: Any) -> Shift:
        wanted: dict[str, Any] = {
            "kind": "floor", "day": date(2026, 11, 22), "begins": time(22), "ends": time(6), "now": SUNDAY,
        }  # fmt: skip
        person_id = self.people[name].id if name else None
        return put_on(self.people["eli"], self.house.id, person_id=person_id, **(wanted | changed))

    def on_call(self, name: str, seat: int) -> Shift:
        shift = self.puts(name, kind="on-call", begins=time(16), ends=time(15))
        with transaction() as session:
            session.get_one(Shift, shift.id).seat = seat
        return shift

    def who(self, person_id: uuid.UUID | None) -> str | None:
        return next((name for name, actor in self.people.items() if actor.id == person_id), None)

    def texts(self, *templates: str) -> list[tuple[str | None, str | None]]:
        """(whom, template) of every text that was written, in order. Nothing is sent here."""
        found = rows(Message, Message.house_id == self.house.id)
        names = {number: name for name, number in self.numbers.items()}
        told = [(names.get(each.number), each.template) for each in sorted(found, key=lambda each: each.made_at)]
        return [each for each in told if not templates or each[1] in templates]

    def steps(self, shift: Shift) -> list[tuple[str, str | None, str]]:
        """(step, whom, how) of all that was done about a shift, in order."""
        found = rows(ShiftStep, ShiftStep.about_id == shift.id)
        return [(each.step, self.who(each.told_id), each.how) for each in sorted(found, key=lambda each: each.at)]

    def read(self, shift: Shift) -> Shift:
        db.session.rollback()
        found = db.session.get_one(Shift, shift.id, populate_existing=True)
        db.session.rollback()
        return found

    def goes_by(self, begin: datetime, end: datetime, every: timedelta = MINUTE) -> None:
        """The clock sweeps each minute, as it does each second in a house."""
        at = begin
        while at <= end:
            sweep(at)
            at += every

    def says(self, name: str, body: str, at: datetime) -> None:
        says(body, self.numbers[name], at=at)

    def code(self, name: str) -> str:
        """The number in the last text to somebody."""
        found = rows(Message, Message.number_index.is_not(None), Message.house_id == self.house.id)
        bodies = [m.body for m in sorted(found, key=lambda m: m.made_at) if m.number == self.numbers[name]]
        return next(word[1:].strip(".,") for body in reversed(bodies) for word in body.split() if word[:1] == "Y"
                    and word[1:].strip(".,").isdigit())  # fmt: skip


def night_in(house: House) -> Night:
    night = Night(house)
    night.joins("eli", Role.COORDINATOR)
    for name in ("ana", "ben", "cleo", "dee"):
        night.joins(name)
    night.on_call("cleo", 0)
    night.on_call("dee", 1)
    return night


@pytest.fixture
def night(app: Any) -> Night:
    house = open_house(COMMAND, name="Juniper House", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY)
    return night_in(house)


MakeNight = Callable[..., Night]


def due_at(shift: Shift, kind: str = "staffing.shift.watch") -> datetime | None:
    from respite.core.due import Due

    db.session.rollback()
    at = db.session.scalar(sa.select(Due.due_at).where(Due.subject == shift.id, Due.kind == kind))
    db.session.rollback()
    return at
