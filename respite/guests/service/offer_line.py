"""Who waits, as far as it matters for one bed: read behind the house's lock, or by a page that shows it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.guests.models import BedOffer, Reach, Stay, Waiting
from respite.guests.policy.bed_fit import Judged, Says, noes
from respite.guests.policy.extension import free_nights
from respite.guests.policy.offer_clock import AnswerHours, opens_at
from respite.guests.policy.offers import Ended, InLine
from respite.guests.policy.return_rule import NightsUsed, nights_allowed
from respite.guests.policy.stay_states import StayState
from respite.guests.service.bed_fit import judged_of
from respite.guests.service.ground import Ground, nights_used, nights_used_of
from respite.guests.service.nights import any_here
from respite.guests.service.offer_ends import open_offers
from respite.houses.models import Bed, BedNight, House
from respite.messaging.models import Consent, Correspondent, NumberStop
from respite.messaging.models.people import PersonState
from respite.messaging.policy.hours import Hours, next_open, zones_for
from respite.messaging.purposes import Purpose


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
    rows = waiting_in_order(session, here.house.id)
    guest_ids = [row.guest_id for row in rows if row.guest_id is not None]
    known = _Known(
        asked_now={each.waiting_id for each in open_offers(session, BedOffer.house_id == here.house.id)},
        answers=_answers(session, place, line_id),
        texted=texted(session, here.house.id, rows),
        used=nights_used_of(session, guest_ids, here.at),
        here_now=set(session.scalars(sa.select(Stay.guest_id).where(_is_here, Stay.guest_id.in_(guest_ids)))),
        judged=judged_of(session, here, guest_ids),
    )
    return [_in_line(here, place, row, nights, now, known) for row in rows]


def nights_for(session: Session, here: Ground, place: Place, waiting: Waiting, nights: int | None) -> int:
    """How many nights of this bed somebody could have: their wish, as far as the bed and the house's rules go."""
    used = NightsUsed()
    if waiting.guest_id is not None:
        if any_here(session, waiting.guest_id):
            return 0
        used = nights_used(session, waiting.guest_id, now=here.at)
    return _nights_left(here, place, waiting, nights, used)


def _nights_left(here: Ground, place: Place, waiting: Waiting, nights: int | None, used: NightsUsed) -> int:
    wish = waiting.nights or nights or here.rules.longest_stay
    return min(place.nights_open(wish), nights_allowed(place.first, wish, used, here.nights_rule))


def by_text(session: Session, waiting: Waiting) -> Correspondent | None:
    """Whom a text about a bed may reach: they said yes to that, at this number, and would not rather be called."""
    return texted(session, waiting.house_id, [waiting]).get(waiting.id)


def texted(session: Session, house_id: uuid.UUID, rows: Sequence[Waiting]) -> dict[uuid.UUID, Correspondent]:
    """`by_text` for all of them in one go, by their place on the list."""
    asked = {row.guest_id: row.id for row in rows if row.guest_id is not None and row.reach in (None, Reach.TEXT)}
    people = session.scalars(
        sa.select(Correspondent).where(
            Correspondent.house_id == house_id,
            Correspondent.subject_id.in_(asked),
            Correspondent.number_index.is_not(None),
            Correspondent.number_bad.is_(None),
            Correspondent.safe_to_text.is_(True),
            Correspondent.state == PersonState.OPEN,
            sa.exists().where(
                Consent.correspondent_id == Correspondent.id,
                Consent.purpose == Purpose.STAY,
                Consent.number_index == Correspondent.number_index,
                Consent.ended_at.is_(None),
            ),
            ~sa.exists().where(NumberStop.number_index == Correspondent.number_index, NumberStop.ended_at.is_(None)),
        )
    )
    return {asked[person.subject_id]: person for person in people}


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


_is_here = Stay.state == StayState.HERE


@dataclass(frozen=True, slots=True)
class _Known:
    """What the house knows of all who wait, each of it read once."""

    asked_now: set[uuid.UUID]
    answers: Mapping[uuid.UUID, Ended]
    texted: Mapping[uuid.UUID, Correspondent]
    used: Mapping[uuid.UUID, NightsUsed]
    here_now: set[uuid.UUID | None]
    judged: Mapping[uuid.UUID, list[Judged]]


def _in_line(here: Ground, place: Place, row: Waiting, nights: int | None, now: datetime, known: _Known) -> InLine:
    person = known.texted.get(row.id)
    begins = clock_begins(row, person, here.house, now) or clock_begins(row, None, here.house, now)
    assert begins is not None
    assert row.guest_id is not None, "who waits is somebody"
    judged = known.judged[row.guest_id]
    against = [each.number for each in noes(judged) if each.rule is not None]
    return InLine(
        waiting_id=row.id,
        since=row.since,
        nights=0
        if row.guest_id in known.here_now
        else _nights_left(here, place, row, nights, known.used[row.guest_id]),
        can_answer_at=begins,
        answered=known.answers.get(row.id),
        asked_now=row.id in known.asked_now,
        number=row.guest is not None and row.guest.phone is not None,
        will_call=row.reach == Reach.WILL_CALL,
        by_text=person is not None,
        rule_says_no=next(iter(against), None),
        rules_not_asked=sum(each.says == Says.NOT_ASKED for each in judged),
    )
