"""Living room visits: a chair, minutes, no nights; going on to a bed is one act."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import DueRow, clear_due, set_due, take
from respite.core.errors import Invalid, NotFound
from respite.guests import due_kinds, events
from respite.guests.errors import AlreadyHere, ChairTaken, NoChairFree, VisitOver
from respite.guests.models import Stay, Visit
from respite.guests.policy.apart import What
from respite.guests.policy.stay_states import StayState
from respite.guests.policy.visits import next_notice, visit_minutes
from respite.guests.service.apart_who import Comes
from respite.guests.service.arriving import come_in, nights_of, tell_began
from respite.guests.service.bed_fit import NOTHING_SAID, Fit, must_suit_house
from respite.guests.service.conversation import Talk, keep_talk, must_have_talked
from respite.guests.service.ground import Ground, door, ground
from respite.guests.service.nights import must_have_nights
from respite.guests.service.people import Known, Nameless, Who, guest_of
from respite.guests.service.saving import bed_for
from respite.guests.service.undo import undoing
from respite.guests.service.yes_first import must_have_a_yes
from respite.houses.models import Chair, ClaimKind, HouseRules
from respite.houses.queries import chairs_of
from respite.houses.service.claims import claim

_PARTS = ("chairs", "summary", "notices")


def begin_visit(
    actor: Actor,
    house_id: uuid.UUID,
    *,
    who: Who | None,
    chair_id: uuid.UUID | None = None,
    at: datetime | None = None,
    now: datetime,
) -> Visit:
    """Somebody comes to the living room; a name is theirs to give. Raises ChairTaken or NoChairFree."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        here = ground(session, house_id, at=at, now=now)
        guest, is_new = (None, False)
        if who is not None and not isinstance(who, Nameless):
            guest, is_new = guest_of(session, actor, who, here.rules, house_id, now)
        if guest is not None and not is_new and _in_a_chair(session, guest.id):
            raise AlreadyHere(_("This guest is in the living room already."))
        must_have_a_yes(session, actor, here, Comes(What.CHAIR, guest, here.tonight, here.tonight))
        chair = _chair_for(session, house_id, chair_id)
        with undoing(session, actor, house_id, events.VISIT_BEGAN) as undo:
            visit = Visit(
                house_id=house_id,
                chair_id=chair.id,
                in_chair_id=chair.id,
                guest_id=guest.id if guest else None,
                rules_id=here.rules.id,
                arrived_at=here.at,
            )
            session.add(visit)
            session.flush()
            _set_notice(session, visit, here.rules, now)
            undo.made = [visit, guest] if is_new and guest is not None else [visit]
            undo.parts = _PARTS
        record(
            session,
            house_id,
            events.VISIT_BEGAN,
            subject=visit.id,
            actor=actor,
            at=here.at,
            parts=_PARTS,
            chair_id=chair.id,
        )
    return visit


def end_visit(
    actor: Actor, visit_id: uuid.UUID, *, at: datetime | None = None, version_seen: int | None = None, now: datetime
) -> Visit:
    """A visitor goes. Raises VisitOver."""
    with transaction() as session:
        visit = locked_row(session, actor, Visit, visit_id, May.KEEP_BEDS, version_seen)
        if visit.left_at is not None:
            raise VisitOver
        here = ground(session, visit.house_id, at=at, now=now)
        _must_follow(visit, here)
        with undoing(session, actor, visit.house_id, events.VISIT_ENDED, visit) as undo:
            undo.parts = _PARTS
            _end(session, visit, here.at)
        record(
            session,
            visit.house_id,
            events.VISIT_ENDED,
            subject=visit.id,
            actor=actor,
            at=here.at,
            parts=_PARTS,
            chair_id=visit.chair_id,
            minutes=visit_minutes(visit.arrived_at, visit.left_at, now),
        )
    return visit


def go_on_to_bed(
    actor: Actor,
    visit_id: uuid.UUID,
    *,
    nights: int,
    who: Who | None = None,
    bed_id: uuid.UUID | None = None,
    agreed: bool = False,
    talk: Talk | None = None,
    fit: Fit = NOTHING_SAID,
    version_seen: int | None = None,
    now: datetime,
) -> Stay:
    """From the chair to a bed in one act: the visit ends and the stay begins, or neither.

    A rule of the house that is answered with no is gone past only where `fit` says so. Raises RuleSaysNo.
    """
    with transaction() as session:
        visit = locked_row(session, actor, Visit, visit_id, May.KEEP_BEDS, version_seen)
        if visit.left_at is not None:
            raise VisitOver
        here = ground(session, visit.house_id, at=None, now=now)
        if not 0 <= nights <= 366:
            raise Invalid(fields={"nights": _("Please give a number of nights from 0 to 366.")})
        named: Who = Known(visit.guest_id) if visit.guest_id is not None else (who or Nameless())
        guest, is_new = guest_of(session, actor, named, here.rules, visit.house_id, now)
        must_have_nights(session, guest, here.tonight, nights, here)
        must_have_talked(session, guest, here, talk)
        must_suit_house(session, actor, guest, here, fit, now)
        leaves = here.tonight + timedelta(days=nights)
        must_have_a_yes(session, actor, here, Comes(What.BED, guest, here.tonight, leaves))
        bed = bed_for(session, here, bed_id, here.tonight, nights)
        parts = (*_PARTS, *door(bed.id))
        with undoing(session, actor, visit.house_id, events.VISIT_WENT_ON, visit, bed) as undo:
            stay = Stay(
                house_id=visit.house_id,
                guest_id=guest.id if guest else None,
                bed_id=bed.id,
                rules_id=here.rules.id,
                state=StayState.HELD,
                first_night=here.tonight,
                until=here.tonight + timedelta(days=nights),
                saved_at=now,
            )
            session.add(stay)
            session.flush()
            claim(session, bed, nights_of(stay), ClaimKind.STAY, stay.id)
            come_in(session, here, stay, bed, agreed)
            _end(session, visit, now)
            visit.went_to_stay_id = stay.id
            visit.guest_id = stay.guest_id
            undo.made = [stay, guest] if is_new and guest is not None else [stay]
            undo.parts = parts
        if talk is not None and guest is not None:
            keep_talk(session, actor, guest, talk, here.house, here.rules, now)
        record(
            session,
            visit.house_id,
            events.VISIT_WENT_ON,
            subject=visit.id,
            actor=actor,
            at=now,
            parts=_PARTS,
            stay_id=stay.id,
        )
        tell_began(session, here, stay, actor, parts)
    return stay


def put_notice_away(actor: Actor, visit_id: uuid.UUID, minutes: int, *, now: datetime) -> Visit:
    """A peer saw the quiet notice."""
    with transaction() as session:
        visit = locked_row(session, actor, Visit, visit_id, May.KEEP_BEDS)
        if not 0 <= minutes <= 100_000:
            raise Invalid
        with undoing(session, actor, visit.house_id, events.VISIT_NOTICE_SEEN, visit) as undo:
            undo.parts = ("notices",)
            visit.notices_seen = max(visit.notices_seen, minutes)
        record(
            session,
            visit.house_id,
            events.VISIT_NOTICE_SEEN,
            subject=visit.id,
            actor=actor,
            at=now,
            parts=("notices",),
            minutes=minutes,
        )
    return visit


def give_notice(row: DueRow, now: datetime) -> None:
    """The house's hour of a visit has come: the desk says so quietly, the wall never."""
    with transaction() as session:
        assert row.house_id is not None
        lock_house(session, CLOCK, row.house_id, May.KEEP_BEDS)
        if not take(session, row):
            return
        visit = session.get(Visit, row.subject, populate_existing=True)
        if visit is None or visit.left_at is not None:
            return
        rules = session.get_one(HouseRules, visit.rules_id)
        _set_notice(session, visit, rules, row.due_at)
        record(
            session,
            visit.house_id,
            events.VISIT_NOTICE,
            subject=visit.id,
            actor=CLOCK,
            at=row.due_at,
            parts=("notices",),
            minutes=visit_minutes(visit.arrived_at, None, row.due_at),
        )


def _in_a_chair(session: Session, guest_id: uuid.UUID) -> bool:
    return session.scalar(sa.select(Visit.id).where(Visit.guest_id == guest_id, Visit.left_at.is_(None))) is not None


def _chair_for(session: Session, house_id: uuid.UUID, chair_id: uuid.UUID | None) -> Chair:
    in_use = set(
        session.scalars(sa.select(Visit.in_chair_id).where(Visit.house_id == house_id, Visit.left_at.is_(None)))
    )
    if chair_id is not None:
        chair = session.get(Chair, chair_id)
        if chair is None or chair.house_id != house_id or chair.retired_at is not None:
            raise NotFound
        if chair.id in in_use:
            raise ChairTaken
        return chair
    free = next((chair for chair in chairs_of(session, house_id) if chair.id not in in_use), None)
    if free is None:
        raise NoChairFree
    return free


def _set_notice(session: Session, visit: Visit, rules: HouseRules, after: datetime) -> None:
    notice = next_notice(visit.arrived_at, rules.visit_notices, after)
    if notice is None:
        clear_due(session, visit.id, due_kinds.VISIT_NOTICE)
    else:
        set_due(session, due_kinds.VISIT_NOTICE, visit.id, notice.due_at, visit.house_id)


def _must_follow(visit: Visit, here: Ground) -> None:
    if here.at < visit.arrived_at:
        raise Invalid(fields={"at": _("That is before this visit began.")})


def _end(session: Session, visit: Visit, at: datetime) -> None:
    visit.left_at = at
    visit.in_chair_id = None
    clear_due(session, visit.id, due_kinds.VISIT_NOTICE)
