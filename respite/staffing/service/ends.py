"""One's own shift ends later or earlier than it was to, within the house's rules; its rest opens for others."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.houses.models import House
from respite.houses.policy.house_time import local, span_of
from respite.staffing import events
from respite.staffing.errors import AlreadyOn, RestTooShort, ShiftOver
from respite.staffing.models import Shift
from respite.staffing.policy.shifts import LONGEST_SHIFT
from respite.staffing.queries.resting import next_floor_shift, rest_wanted
from respite.staffing.service.offers import open_offer
from respite.staffing.service.shifts import give_to, overlaps, own_shift, settle


def stay_longer(actor: Actor, shift_id: uuid.UUID, *, until: time, now: datetime) -> Shift:
    """Make one's own shift longer, until the house's clock shows `until`.

    Raises ShiftOver, AlreadyOn, RestTooShort where their next shift would come too soon, and Invalid beyond what the
    house allows at once.
    """
    with transaction() as session:
        shift = own_shift(session, actor, shift_id)
        end = _end(session, shift, until, now)
        house = session.get_one(House, shift.house_id)
        most = timedelta(minutes=rest_wanted(session, house, actor.id, now).duty.longest_extension)
        if not timedelta(0) < end - shift.ends_at <= most or end - shift.starts_at > LONGEST_SHIFT:
            hours = int(most.total_seconds() // 3600)
            raise Invalid(
                fields={"until": _("This must be later than your shift's end, by up to %(n)s hours.", n=hours)}
            )
        if overlaps(session, shift, actor.id, shift.kind, shift.starts_at, end):
            raise AlreadyOn
        coming = next_floor_shift(session, actor.id, end)
        if coming is not None and coming.starts_at - end < rest_wanted(session, house, actor.id, now).rest:
            raise RestTooShort
        _ends_at(session, shift, end, actor, now)
    return shift


def leave_early(actor: Actor, shift_id: uuid.UUID, *, at: time, now: datetime) -> Shift:
    """ "I have to go at 4": one's own shift ends then, and the rest of it is open for others from now on.

    Returns the open rest. Nobody asks why. Raises ShiftOver, and Invalid where it is not inside the shift.
    """
    with transaction() as session:
        shift = own_shift(session, actor, shift_id)
        end = _end(session, shift, at, now)
        if not max(now, shift.starts_at) < end < shift.ends_at:
            raise Invalid(fields={"until": _("This must be before your shift's end, and after now.")})
        rest = Shift(house_id=shift.house_id, kind=shift.kind, starts_at=end, ends_at=shift.ends_at, published_at=now)
        _ends_at(session, shift, end, actor, now)
        session.add(rest)
        settle(session, rest, None, events.SHIFT_SET, actor, now)
        open_offer(session, rest, actor, now)
    return rest


def open_for_others(actor: Actor, shift_id: uuid.UUID, *, now: datetime) -> Shift:
    """Whoever keeps shifts opens one that somebody has, as when their rest would be too short."""
    with transaction() as session:
        shift = locked_row(session, actor, Shift, shift_id, May.KEEP_SHIFTS)
        if shift.ends_at <= now:
            raise ShiftOver
        if shift.person_id is not None:
            give_to(session, shift, None, actor, now)
            open_offer(session, shift, actor, now)
    return shift


def _end(session: Session, shift: Shift, wall: time, now: datetime) -> datetime:
    """The next instant at which the house's clock shows this, after the shift's begin and after now."""
    if shift.ends_at <= now or shift.went_at is not None:
        raise ShiftOver
    zone = session.get_one(House, shift.house_id).timezone
    here = local(max(now, shift.starts_at), zone)
    return span_of(here.date(), here.time(), wall, zone)[1]


def _ends_at(session: Session, shift: Shift, end: datetime, actor: Actor, now: datetime) -> None:
    shift.ends_at = end
    settle(session, shift, shift.person_id, events.SHIFT_CHANGED, actor, now)
