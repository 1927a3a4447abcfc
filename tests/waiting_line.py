"""People who wait for a bed, and the beds they are asked about: what tests of offers begin with."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from respite.accounts.actor import Actor
from respite.audit.models import Event
from respite.core.db import db, transaction
from respite.core.due import Due, sweep
from respite.guests.models import BedOffer, Guest, Stay, Waiting
from respite.guests.policy.offers import How
from respite.guests.service.offering import offer_bed
from respite.guests.service.people import Known, Named
from respite.guests.service.waiting import Asked, add_waiting
from respite.houses.models import BedNight, House
from respite.houses.queries import beds_of
from respite.messaging.models import Consent, Correspondent, Message, ReplyCode
from respite.messaging.purposes import Purpose
from respite.messaging.service.correspondents import correspondent_of
from tests.places import SUNDAY
from tests.texts_in import rows, says

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Line:
    """A house, its beds, and who waits for one: `line.waits("Ana")`; whoever is named first asked first."""

    def __init__(self, house: House, actor_in: Callable[..., Actor]) -> None:
        self.house, self.dana = house, actor_in(house.id)
        self.house_id = house.id
        self.beds = [bed.id for bed in beds_of(db.session(), house.id)]
        self.names: dict[uuid.UUID, str] = {}
        self.numbers: dict[str, str] = {}
        db.session.rollback()

    def waits(self, name: str, *, text: bool = True, nights: int | None = 2, **more: Any) -> Waiting:
        """Somebody waits since the minute after whoever came before; they may be texted about it, at any hour."""
        number = f"+1303555{len(self.names) + 2000:04d}"
        since = SUNDAY - DAY + len(self.names) * MINUTE
        asked = Asked(nights=nights, **more)
        row = add_waiting(self.dana, self.house_id, who=Named(name, number), asked=asked, since=since, now=since)
        if text:
            with transaction() as session:
                may_be_texted(session.get_one(Guest, row.guest_id), since)
        self.names[row.id], self.numbers[name] = name, number
        return row

    def waits_known(self, guest_id: uuid.UUID, at: datetime = SUNDAY) -> Waiting:
        """A guest whom the house knows already waits."""
        return add_waiting(self.dana, self.house_id, who=Known(guest_id), since=at, now=at)

    def offers(
        self, waiting: Waiting, bed: int = 0, *, how: How = How.TEXT, at: datetime = SUNDAY, **more: Any
    ) -> BedOffer:
        return offer_bed(
            self.dana, self.house.id, bed_id=self.beds[bed], waiting_id=waiting.id, how=how, now=at, **more
        )

    def says(self, name: str, body: str, at: datetime = SUNDAY + MINUTE) -> str | None:
        """They text; the template of what they are answered with, or none where a person reads it."""
        text = says(body, self.numbers[name], at=at)
        found = rows(Message, Message.dedupe_key.startswith(f"auto:{text.sid}:"))
        return found[0].template if found else None

    def code(self, offer: BedOffer) -> int:
        number: int = rows(ReplyCode, ReplyCode.subject_id == offer.id)[0].number
        return number

    def asked(self) -> list[tuple[str, str | None]]:
        """Who was asked, in order, and what became of it."""
        found = sorted(rows(BedOffer), key=lambda each: each.made_at)
        return [(self.names.get(each.waiting_id, "nobody"), each.ended_how) for each in found]

    def waiting(self) -> list[str]:
        found = sorted(rows(Waiting, Waiting.ended_at.is_(None)), key=lambda each: each.since)
        return [self.names[each.id] for each in found]

    def saved(self) -> list[tuple[str, str]]:
        """Saved and offered beds: for whom, and the state."""
        found = rows(Stay, Stay.state.in_(("held", "offered")))
        return sorted((self._of(stay.guest_id), stay.state) for stay in found)

    def claimed(self, bed: int = 0) -> int:
        return len(rows(BedNight, BedNight.bed_id == self.beds[bed]))

    def texted(self) -> list[tuple[str, str, str]]:
        """Texts about beds: to whom, which, and their state."""
        found = rows(Message, Message.purpose == Purpose.STAY)
        people = {each.id: each.name for each in rows(Correspondent)}
        return [
            (people[each.correspondent_id], each.template, each.state)
            for each in sorted(found, key=lambda each: each.made_at)
        ]

    def kinds(self) -> list[str]:
        found = sorted(rows(Event, Event.stream == self.house.id), key=lambda each: each.version)
        return [event.kind for event in found]

    def _of(self, guest_id: uuid.UUID | None) -> str:
        return rows(Guest, Guest.id == guest_id)[0].name if guest_id else "nobody"


def may_be_texted(guest: Guest, at: datetime) -> None:
    """They said yes to texts about a bed, at any hour; inside the caller's transaction."""
    session = db.session()
    session.flush()
    person = correspondent_of(session, guest.house_id, guest.id)
    assert person is not None
    assert person.number_index is not None
    person.hours_from = person.hours_until = time(0)
    person.timezone = "America/Denver"
    session.add(
        Consent(
            house_id=guest.house_id,
            correspondent_id=person.id,
            purpose=Purpose.STAY,
            number_index=person.number_index,
            wording=1,
            method="phone",
            given_at=at,
            recorded_by="person:test",
        )
    )


def stands(offer: BedOffer) -> BedOffer:
    return rows(BedOffer, BedOffer.id == offer.id)[0]  # type: ignore[no-any-return]


def due_kinds() -> list[str]:
    found = list(db.session.scalars(sa.select(Due.kind).where(Due.kind.startswith("guest.")).order_by(Due.kind)))
    db.session.rollback()
    return found


def time_goes(until: datetime, since: datetime = SUNDAY, step: timedelta = 10 * MINUTE) -> None:
    """The clock sweeps every so often until then."""
    at = since
    while at <= until:
        sweep(at)
        at += step
