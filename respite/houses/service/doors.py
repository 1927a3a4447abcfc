"""Doors that close for some nights, open again, and get ready after someone left."""

from __future__ import annotations

import json
import uuid
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.models import Event
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.houses import events
from respite.houses.errors import BedNotReady, BedRetired, NotClosed, StillInUse
from respite.houses.models import Bed, ClaimKind, Closure, House
from respite.houses.policy.house_time import nights_between
from respite.houses.queries import rules_now, tonight
from respite.houses.service.claims import claim, make_room, release
from respite.houses.service.furnishing import somebody_there

LONGEST_CLOSURE = 366  # nights
LONGEST_REASON = 80


def close_bed(
    actor: Actor,
    bed_id: uuid.UUID,
    *,
    first_night: date,
    until: date,
    reason: str,
    version_seen: int | None = None,
    now: datetime,
) -> Closure:
    """Close a door for nights from `first_night`, before `until`. Raises BedTaken when one is claimed."""
    with transaction() as session:
        bed = locked_row(session, actor, Bed, bed_id, May.CLOSE_BEDS, version_seen)
        house, rules = session.get_one(House, bed.house_id), rules_now(session, bed.house_id)
        _check_closure(first_night, until, reason, tonight(house, rules, now))
        if bed.retired_at is not None:
            raise BedRetired
        make_room(session, house.id, now)
        closure = Closure(house_id=house.id, bed_id=bed.id, first_night=first_night, until=until, reason=reason.strip())
        session.add(closure)
        session.flush()
        claim(session, bed, nights_between(first_night, until), ClaimKind.CLOSURE, closure.id)
        record(
            session,
            house.id,
            events.BED_CLOSED,
            subject=bed.id,
            actor=actor,
            at=now,
            parts=(f"door-{bed.id}", "summary"),
            closure_id=closure.id,
            first_night=first_night,
            until=until,
        )
    return closure


def open_bed_again(actor: Actor, closure_id: uuid.UUID, *, version_seen: int | None = None, now: datetime) -> Closure:
    """End a closure from tonight on. Raises NotClosed when it has been opened before."""
    with transaction() as session:
        closure = locked_row(session, actor, Closure, closure_id, May.CLOSE_BEDS, version_seen)
        if closure.opened_at is not None:
            raise NotClosed
        closure.opened_at = now
        house, rules = session.get_one(House, closure.house_id), rules_now(session, closure.house_id)
        release(session, closure.id, from_night=tonight(house, rules, now))
        record(
            session,
            closure.house_id,
            events.BED_OPENED,
            subject=closure.bed_id,
            actor=actor,
            at=now,
            parts=(f"door-{closure.bed_id}", "summary"),
            closure_id=closure.id,
        )
    return closure


def close_bed_again(actor: Actor, closure_id: uuid.UUID, *, now: datetime) -> Closure:
    """Take an opening back: the closure's nights from tonight on are claimed anew. Raises BedTaken."""
    with transaction() as session:
        closure = locked_row(session, actor, Closure, closure_id, May.CLOSE_BEDS)
        if closure.opened_at is None:
            return closure
        bed = session.get_one(Bed, closure.bed_id)
        house, rules = session.get_one(House, closure.house_id), rules_now(session, closure.house_id)
        make_room(session, house.id, now)
        closure.opened_at = None
        first = min(max(closure.first_night, tonight(house, rules, now)), closure.until)
        claim(session, bed, nights_between(first, closure.until), ClaimKind.CLOSURE, closure.id)
        record(
            session,
            house.id,
            events.BED_CLOSED,
            subject=bed.id,
            actor=actor,
            at=now,
            parts=(f"door-{bed.id}", "summary"),
            closure_id=closure.id,
            first_night=first,
            until=closure.until,
        )
    return closure


def make_ready(actor: Actor, bed_id: uuid.UUID, *, version_seen: int | None = None, now: datetime) -> Bed:
    """One tap after someone left: the door is free again. Raises BedNotReady when it was not getting ready."""
    with transaction() as session:
        bed = locked_row(session, actor, Bed, bed_id, May.KEEP_BEDS, version_seen)
        if bed.getting_ready_since is None:
            raise BedNotReady
        since, bed.getting_ready_since = bed.getting_ready_since, None
        record(
            session,
            bed.house_id,
            events.BED_READY,
            subject=bed.id,
            actor=actor,
            at=now,
            parts=(f"door-{bed.id}", "summary"),
            since=since,
        )
    return bed


def not_ready_after_all(actor: Actor, bed_id: uuid.UUID, *, now: datetime) -> Bed:
    """Take `make_ready` back: the door is getting ready again, since when it was.

    Raises StillInUse when somebody is behind the door by now.
    """
    with transaction() as session:
        bed = locked_row(session, actor, Bed, bed_id, May.KEEP_BEDS)
        if bed.getting_ready_since is not None:
            return bed
        if somebody_there(session, bed.id):
            raise StillInUse
        bed.getting_ready_since = _last_ready_since(session, bed) or now
        record(
            session,
            bed.house_id,
            events.BED_NOT_READY,
            subject=bed.id,
            actor=actor,
            at=now,
            parts=(f"door-{bed.id}", "summary"),
        )
    return bed


def _last_ready_since(session: Session, bed: Bed) -> datetime | None:
    data = session.scalar(
        sa.select(Event.data)
        .where(Event.stream == bed.house_id, Event.subject == bed.id, Event.kind == events.BED_READY)
        .order_by(Event.version.desc())
        .limit(1)
    )
    since = json.loads(data).get("since") if data else None
    return datetime.fromisoformat(since) if since else None


def _check_closure(first_night: date, until: date, reason: str, tonight_is: date) -> None:
    wrong: dict[str, str] = {}
    if first_night < tonight_is:
        wrong["from"] = _("A door can close from tonight on, not for nights that are over.")
    if until <= first_night:
        wrong["until"] = _("The day it opens again must come after the first night.")
    elif (until - first_night).days > LONGEST_CLOSURE:
        wrong["until"] = _("A door can close for up to %(most)s nights at a time.", most=LONGEST_CLOSURE)
    if len(reason.strip()) > LONGEST_REASON:
        wrong["reason"] = _("Please keep the reason to %(most)s letters.", most=LONGEST_REASON)
    if wrong:
        raise Invalid(fields=wrong)
