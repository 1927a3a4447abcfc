"""An offer as it is made: from which night, with which clock, with the bed kept for it, and asked by text."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from respite.accounts.actor import Actor
from respite.audit.service import record
from respite.core.due import set_due
from respite.guests import due_kinds, events
from respite.guests.errors import (
    BedOffered,
    NotByText,
    SomebodyBehindTheDoor,
)
from respite.guests.models import BedOffer, Stay, Waiting
from respite.guests.policy.offer_clock import runs_out_at
from respite.guests.policy.stay_states import StayState
from respite.guests.service.ground import Ground, occupant_of
from respite.guests.service.nights import must_have_nights
from respite.guests.service.offer_ends import (
    BED_OFFER,
    kept_for_an_offer,
    parts_of,
    text_of,
)
from respite.guests.service.offer_line import Place, clock_begins, hours_of, nights_for
from respite.guests.service.offer_words import answer_by
from respite.houses.models import Bed, ClaimKind
from respite.houses.policy.house_time import night_of, nights_between
from respite.houses.service.claims import claim, taken
from respite.messaging.models import Correspondent
from respite.messaging.purposes import Purpose
from respite.messaging.service.codes import code_for
from respite.messaging.service.wordings import house_fields
from respite.messaging.service.writing import write


def tonight_at(here: Ground, at: datetime) -> date:
    return night_of(at, here.house.timezone, here.rules.night_turns_at)


def first_night_of(
    here: Ground, waiting: Waiting, person: Correspondent | None, wished: date | None, now: datetime
) -> date:
    """The first night that can be theirs: the one that was meant, or that of the hour in which they can be asked.

    A text says "from tonight" and names no day, so what begins later is asked by telephone. Raises NotByText.
    """
    begins = clock_begins(waiting, person, here.house, now)
    if begins is None:
        raise NotByText
    tonight = tonight_at(here, begins)
    if person is not None and wished is not None and wished > tonight:
        raise NotByText(_("A text names no day. For a night that is still to come, please call them."))
    return max(wished or tonight, tonight)


def nights_as_wished(session: Session, here: Ground, place: Place, waiting: Waiting) -> int:
    """Their wish as far as it goes; one night where nothing is open, so that the refusal says why."""
    return max(1, nights_for(session, here, place, waiting, None))


def make_offer(
    here: Ground,
    bed: Bed,
    waiting: Waiting,
    person: Correspondent | None,
    first: date,
    nights: int,
    now: datetime,
) -> BedOffer:
    hours, zone = hours_of(waiting, person, here.house)
    begins = clock_begins(waiting, person, here.house, now) or now
    minutes = here.rules.offer_minutes
    offer = BedOffer(
        house_id=here.house.id,
        waiting_id=waiting.id,
        bed_id=bed.id,
        first_night=first,
        nights=nights,
        minutes=minutes,
        made_at=now,
        runs_out_at=runs_out_at(begins, minutes, hours, zone),
    )
    offer.line_id = offer.id
    return offer


def keep_bed(
    session: Session, here: Ground, bed: Bed, waiting: Waiting, offer: BedOffer, actor: Actor, now: datetime
) -> Stay:
    """Claim the nights for the offer, which is nobody's stay yet."""
    if offer.first_night == here.tonight and occupant_of(session, bed.id) is not None:
        raise SomebodyBehindTheDoor
    must_have_nights(session, waiting.guest, offer.first_night, offer.nights, here)
    stay = Stay(
        house_id=here.house.id,
        guest_id=None,
        bed_id=bed.id,
        rules_id=here.rules.id,
        state=StayState.OFFERED,
        first_night=offer.first_night,
        until=offer.first_night + timedelta(days=offer.nights),
        saved_at=now,
        saved_until=offer.runs_out_at,
    )
    session.add(stay)
    session.flush()
    nights = nights_between(stay.first_night, stay.until)
    if kept_for_an_offer(session, bed.id, taken(session, bed.id, nights)):
        raise BedOffered
    claim(session, bed, nights, ClaimKind.HELD, stay.id)
    offer.stay_id, offer.made_by = stay.id, actor.ref
    session.add(offer)
    flag_modified(waiting, "since")  # who saw them before they were asked is told so
    session.flush()
    set_due(session, due_kinds.OFFER_RUNS_OUT, offer.id, offer.runs_out_at, here.house.id)
    record(
        session,
        here.house.id,
        events.BED_OFFERED,
        subject=offer.id,
        actor=actor,
        at=now,
        parts=parts_of(offer),
        bed_id=bed.id,
        waiting_id=waiting.id,
        first_night=offer.first_night,
        until=stay.until,
        how=offer.how,
        minutes=offer.minutes,
        runs_out_at=offer.runs_out_at,
        passed_over=offer.passed_over,
    )
    return stay


def ask_by_text(
    session: Session, here: Ground, offer: BedOffer, person: Correspondent, actor: Actor, now: datetime
) -> None:
    waiting = session.get_one(Waiting, offer.waiting_id)
    begins = clock_begins(waiting, person, here.house, now) or now
    code = code_for(session, here.house.id, BED_OFFER, offer.id, now)
    write(
        session,
        here.house.id,
        number=person.number,
        purpose=Purpose.STAY,
        template="bed-offered",
        fields=house_fields(session, here.house.id)
        | {"code": str(code), "time_words": answer_by(offer.runs_out_at, here.house, person.language, begins)},
        language=person.language,
        dedupe_key=text_of(offer),
        made_by=actor.ref,
        not_before=begins if begins > now else None,
        not_after=offer.runs_out_at,
        correspondent_id=person.id,
        now=now,
    )
