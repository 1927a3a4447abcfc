"""Who waits, as far as it matters for one bed: read behind the house's lock, or by a page that shows it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.guests.models import BedOffer, Reach, Waiting
from respite.guests.policy.extension import free_nights
from respite.guests.policy.offer_clock import AnswerHours, opens_at
from respite.guests.policy.offers import Ended, InLine
from respite.guests.policy.return_rule import NightsUsed, nights_allowed
from respite.guests.service.ground import Ground, nights_used
from respite.guests.service.nights import any_here
from respite.guests.service.offer_ends import open_offers
from respite.houses.models import Bed, BedNight, House
from respite.messaging.models import Consent, Correspondent
from respite.messaging.models.people import PersonState
from respite.messaging.policy.hours import Hours, next_open, zones_for
from respite.messaging.purposes import Purpose
from respite.messaging.service.correspondents import correspondent_of
from respite.messaging.service.ground import stop_on


@dataclass(frozen=True, slots=True)
class Place:
    """A bed from a night on, and which of its nights others have."""

    bed: Bed
    first: date
    taken: Collection[date]

    def nights_open(self, most: int) -> int:
        return free_nights(self.first, most, self.taken)


def place_of(session: Session, bed: Bed, first: date, now: datetime, without: uuid.UUID | None = None) -> Place:
    """The bed as it is from a night on; what ran out was let go before."""
    rows = sa.select(BedNight.night).where(BedNight.bed_id == bed.id, BedNight.night >= first)
    if without is not None:
        rows = rows.where(BedNight.claim_id != without)
    return Place(bed, first, frozenset(session.scalars(rows)))


def waiting_in_order(session: Session, house_id: uuid.UUID) -> list[Waiting]:
    found = sa.select(Waiting).where(Waiting.house_id == house_id, Waiting.ended_at.is_(None))
    return list(session.scalars(found.order_by(Waiting.since, Waiting.id)))


def line_for(
    session: Session, here: Ground, place: Place, nights: int | None, now: datetime, line_id: uuid.UUID | None = None
) -> list[InLine]:
    """Everybody who waits, with what speaks against asking them about this bed now.

    `nights` is for whom no wish is written down. Of a line that goes on, whoever was asked in it has answered, or has
    not; else whoever was asked about this bed for the same night.
    """
    house = here.house
    asked_now = {each.waiting_id for each in open_offers(session, BedOffer.house_id == house.id)}
    answers = _answers(session, place, line_id)
    return [
        _in_line(session, here, place, row, nights, now, row.id in asked_now, answers.get(row.id))
        for row in waiting_in_order(session, house.id)
    ]


def nights_for(session: Session, here: Ground, place: Place, waiting: Waiting, nights: int | None) -> int:
    """How many nights of this bed somebody could have: their wish, as far as the bed and the house's rules go."""
    wish = waiting.nights or nights or here.rules.longest_stay
    used = NightsUsed()
    if waiting.guest_id is not None:
        if any_here(session, waiting.guest_id):
            return 0
        used = nights_used(session, waiting.guest_id, now=here.at)
    return min(place.nights_open(wish), nights_allowed(place.first, wish, used, here.nights_rule))


def by_text(session: Session, waiting: Waiting) -> Correspondent | None:
    """Whom a text about a bed may reach: they said yes to that, at this number, and would not rather be called."""
    if waiting.reach not in (None, Reach.TEXT):
        return None
    person = correspondent_of(session, waiting.house_id, waiting.guest_id) if waiting.guest_id else None
    if person is None or person.number_index is None or person.number_bad or not person.safe_to_text:
        return None
    if person.state != PersonState.OPEN or stop_on(session, person.number_index):
        return None
    given = sa.select(Consent.id).where(
        Consent.correspondent_id == person.id,
        Consent.purpose == Purpose.STAY,
        Consent.number_index == person.number_index,
        Consent.ended_at.is_(None),
    )
    return person if session.scalar(given.limit(1)) is not None else None


def hours_of(waiting: Waiting, person: Correspondent | None, house: House) -> tuple[AnswerHours, str]:
    """When somebody can answer, and by which clock: as they said, else for a text when it may reach them."""
    own = AnswerHours(waiting.answer_from, waiting.answer_until)
    if not own.always or person is None:
        return own, house.timezone
    return AnswerHours(person.hours_from, person.hours_until), person.timezone or house.timezone


def clock_begins(waiting: Waiting, person: Correspondent | None, house: House, now: datetime) -> datetime | None:
    """From when an offer's minutes count: once they can be asked. None where no text may ever leave."""
    hours, zone = hours_of(waiting, person, house)
    at = opens_at(now, hours, zone)
    if person is None:
        return at
    assert person.number is not None
    texting = Hours(person.hours_from, person.hours_until)
    leaves = next_open(at, texting, zones_for(person.timezone, person.number, house.timezone))
    return opens_at(leaves, hours, zone) if leaves is not None else None


def _answers(session: Session, place: Place, line_id: uuid.UUID | None) -> dict[uuid.UUID, Ended]:
    same = BedOffer.first_night == place.first if line_id is None else BedOffer.line_id == line_id
    rows = session.execute(
        sa.select(BedOffer.waiting_id, BedOffer.ended_how)
        .where(BedOffer.bed_id == place.bed.id, same, BedOffer.ended_at.is_not(None))
        .order_by(BedOffer.ended_at)
    )
    return {waiting_id: Ended(how) for waiting_id, how in rows if how is not None}


def _in_line(
    session: Session,
    here: Ground,
    place: Place,
    row: Waiting,
    nights: int | None,
    now: datetime,
    asked_now: bool,
    answered: Ended | None,
) -> InLine:
    person = by_text(session, row)
    begins = clock_begins(row, person, here.house, now) or clock_begins(row, None, here.house, now)
    assert begins is not None
    return InLine(
        waiting_id=row.id,
        since=row.since,
        nights=nights_for(session, here, place, row, nights),
        can_answer_at=begins,
        answered=answered,
        asked_now=asked_now,
        number=row.guest is not None and row.guest.phone is not None,
        will_call=row.reach == Reach.WILL_CALL,
        by_text=person is not None,
    )
