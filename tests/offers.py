"""An open shift, and people who could take it: what tests of offers begin with."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from respite.accounts.actor import Actor
from respite.accounts.roles import Role
from respite.core.db import db, transaction
from respite.core.due import Due, sweep
from respite.houses.models import House
from respite.messaging.models import Correspondent, Message, ReplyCode
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service.ground import number_mark
from respite.staffing.models import OfferAsked, Shift, ShiftOffer
from respite.staffing.service.shifts import put_on
from tests.places import SUNDAY
from tests.texts_in import person_at, rows, says

BOTH = (Purpose.SHIFTS, Purpose.DUTY)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: Nobody reads it on the first of them.
TODAY = date(2026, 11, 22)


class Crew:
    """A house, who keeps its shifts, and peers with telephones: `crew.peer("Ana")`."""

    def __init__(self, house: House, actor_in: Callable[..., Actor]) -> None:
        self.house, self.actor_in = house, actor_in
        self.lead = actor_in(house.id)
        self.names: dict[uuid.UUID, str] = {}
        self.numbers: dict[str, str] = {}
        self.ids: dict[str, uuid.UUID] = {}

    def peer(self, name: str, *, consents: tuple[Purpose, ...] = BOTH, role: Role = Role.PEER, **more: Any) -> Actor:
        """Somebody who works here; may be texted at any hour for what is in `consents`, unless said otherwise."""
        actor = self.actor_in(self.house.id, role, name)
        number = f"+1303555{len(self.names) + 1000:04d}"
        hours = {"hours_from": time(0), "hours_until": time(0)}
        person_at(
            self.house, number, kind=CorrespondentKind.PEER, subject_id=actor.id, consents=consents, **(hours | more)
        )
        self.names[actor.id], self.numbers[name], self.ids[name] = name, number, actor.id
        return actor

    def shift(self, person: Actor | None = None, *, day: int = 0, begins: int = 16, ends: int = 22) -> Shift:
        """From four to ten of today by the house's clock, unless said otherwise; it is half past two."""
        person_id = person.id if person else None
        at = {"day": TODAY + timedelta(days=day), "begins": time(begins), "ends": time(ends)}
        return put_on(self.lead, self.house.id, person_id=person_id, kind="floor", **at, now=SUNDAY)

    def says(self, name: str, body: str, at: datetime = SUNDAY, **more: Any) -> str | None:
        """A peer texts; the template of what they are answered with, or none where a person reads it."""
        text = says(body, self.numbers[name], at=at, **more)
        found = rows(Message, Message.dedupe_key.startswith(f"auto:{text.sid}:"))
        return found[0].template if found else None

    def code(self, offer: ShiftOffer) -> int:
        return rows(ReplyCode, ReplyCode.subject_id == offer.id)[0].number

    def texted(self, template: str | None = None, *, waiting: bool = False) -> list[str]:
        """Whom texts stand for, by name and in the order of their writing; those called back are left out."""
        states = (State.QUEUED, State.SCHEDULED) if waiting else tuple(set(State) - {State.CANCELED})
        found = rows(Message, Message.correspondent_id.is_not(None), Message.state.in_(states))
        people = {each.id: each.subject_id for each in rows(Correspondent)}
        return [
            self.names[people[each.correspondent_id]]
            for each in sorted(found, key=lambda each: (each.made_at, each.not_before))
            if people[each.correspondent_id] in self.names and template in (None, each.template)
        ]

    def delivered(self, *names: str) -> None:
        """The texts that these people have now."""
        marks = [number_mark(self.numbers[name]) for name in names]
        with transaction() as session:
            session.execute(
                sa.update(Message)
                .where(Message.number_index.in_(marks), Message.state.in_((State.QUEUED, State.SCHEDULED)))
                .values(state=State.DELIVERED, next_at=None)
            )

    def asked(self, offer: ShiftOffer) -> dict[str, str | None]:
        """Who was asked for an offer, and what they said."""
        found = rows(OfferAsked, OfferAsked.offer_id == offer.id)
        return {self.names[each.person_id]: each.answer for each in sorted(found, key=lambda each: each.wave)}


def stands(offer: ShiftOffer) -> ShiftOffer:
    return rows(ShiftOffer, ShiftOffer.id == offer.id)[0]  # type: ignore[no-any-return]


def has(shift: Shift) -> uuid.UUID | None:
    db.session.rollback()
    found = db.session.get_one(Shift, shift.id, populate_existing=True).person_id
    db.session.rollback()
    return found


def moves_at() -> datetime | None:
    """When the offers of all houses go on next; other things of the house are due at times of their own."""
    at = db.session.scalar(sa.select(sa.func.min(Due.due_at)).where(Due.kind.startswith("staffing.offer.")))
    db.session.rollback()
    return at


def time_goes(until: datetime, since: datetime = SUNDAY, step: timedelta = MINUTE) -> None:
    """The clock sweeps every so often until then."""
    at = since
    while at <= until:
        sweep(at)
        at += step
