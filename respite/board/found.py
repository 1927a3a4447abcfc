"""What the board is made of, as it stands in the database: some eleven reads, each by a key."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from respite.accounts.models import Person
from respite.activities.policy import FOR_GUESTS
from respite.activities.queries import On, anything_on, on_between
from respite.guests.ask_queries import how_many_open
from respite.guests.models import BedOffer, Guest, LeftLine, Stay, Visit, Waiting, YesAsk
from respite.guests.policy.stay_states import SAVED, StayState
from respite.handoff.queries import given_and_not_taken, paper_printed_for
from respite.houses.models import Bed, BedNight, Chair, ClaimKind, Closure, Gathering, House, HouseRules
from respite.houses.policy.house_time import local, night_of
from respite.houses.queries import beds_of
from respite.messaging.counts import Unread, unread_in
from respite.moments.farewells.queries import how_many_untold
from respite.moments.queries import how_many_open as moments_open
from respite.promises.models import Promise
from respite.promises.policy import State
from respite.promises.queries import PromiseRow, row_of, soonest_first
from respite.staffing.queries.night import ALL_IS_WELL, Night, anything_to_watch, watched_now
from respite.staffing.queries.shifts import OnShift, live_between

NEXT_SHIFT_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Found:
    house: House
    rules: HouseRules
    yes_asked: int
    moments: int
    to_tell: int
    tonight: date
    left_line: str | None
    beds: Sequence[Bed]
    claims: Mapping[uuid.UUID, Sequence[BedNight]]
    closures: Mapping[uuid.UUID, Closure]
    stays: Mapping[uuid.UUID, Stay]
    ask_minutes: Mapping[uuid.UUID, int]
    """For each of them how long before its end somebody is asked to call, by the rules under which its clock began."""
    seats: Sequence[tuple[Chair, Visit | None]]
    shifts: Sequence[OnShift]
    waiting: Sequence[Waiting]
    offers: Sequence[BedOffer]
    """Those who are being asked about a bed."""
    gatherings: Sequence[Gathering]
    activities: Sequence[On]
    """What is on for guests within a day and is not over."""
    texts: Unread
    night: Night
    promises: Sequence[PromiseRow]
    asks: int
    """How much of what guests asked has no answer yet."""
    handoff_given_at: datetime | None
    """When the newest handoff was given, while nobody has taken it."""
    printed_for: date | None
    """The night for which the sheet was printed last."""


def find(session: Session, house: House, now: datetime) -> Found:
    begin, end = _days_around(house, now)
    rules, line, watched, asks, yes_asked, handoff, printed_for, moments, to_tell, anything = _at_hand(
        session, house.id, now, anything_on(house.id, begin, end)
    )
    night = night_of(now, house.timezone, rules.night_turns_at)
    waits = _waiting(session, house.id, now)
    stays = _live_stays(session, house.id)
    claims, closures = _claims(session, house.id, night)
    return Found(
        house=house,
        rules=rules,
        yes_asked=yes_asked,
        handoff_given_at=handoff,
        printed_for=printed_for,
        moments=moments,
        to_tell=to_tell,
        tonight=night,
        left_line=line.words if line else None,
        beds=beds_of(session, house.id),
        claims=claims,
        closures=closures,
        stays={stay.id: stay for stay, _minutes in stays},
        ask_minutes={stay.id: minutes for stay, minutes in stays},
        seats=_seats(session, house.id),
        shifts=live_between(session, house.id, now, now + NEXT_SHIFT_WITHIN),
        waiting=list(dict.fromkeys(row for row, _offer in waits)),
        offers=[offer for _row, offer in waits if offer is not None],
        gatherings=_gatherings(session, house.id, now),
        activities=_activities(session, house, now) if anything else [],
        texts=unread_in(session, house.id, now),
        night=watched_now(session, house, now) if watched else ALL_IS_WELL,
        promises=_promises(session, house.id),
        asks=asks,
    )


def _at_hand(
    session: Session, house_id: uuid.UUID, now: datetime, anything: sa.ColumnElement[bool]
) -> tuple[HouseRules, LeftLine | None, bool, int, int, datetime | None, date | None, int, int, bool]:
    """The rules in force, the newest line that somebody left, whether anything of the night is to be watched, how
    much of what guests asked is open, and waits for a coordinator's yes, when a handoff was given that nobody took,
    for which night the sheet was printed last, how many hard moments are not talked over, how many people are to be
    told something in person, and whether anything may be on."""
    watched, asks = anything_to_watch(house_id, now), how_many_open(house_id)
    standing = sa.and_(LeftLine.house_id == HouseRules.house_id, LeftLine.taken_down_at.is_(None))
    row = session.execute(
        sa.select(
            HouseRules,
            LeftLine,
            watched,
            asks,
            _yes_asked(house_id),
            given_and_not_taken(house_id),
            paper_printed_for(house_id),
            moments_open(house_id),
            how_many_untold(house_id),
            anything,
        )
        .outerjoin(LeftLine, standing)
        .where(HouseRules.house_id == house_id)
        .order_by(HouseRules.number.desc(), LeftLine.at.desc())
        .limit(1)
    ).first()
    if row is None:
        raise LookupError(f"house {house_id} has no rules")
    return row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9]


def _yes_asked(house_id: uuid.UUID) -> sa.ScalarSelect[int]:
    open_asks = sa.select(sa.func.count(YesAsk.id)).where(YesAsk.house_id == house_id, YesAsk.answer.is_(None))
    return open_asks.scalar_subquery()


def _claims(
    session: Session, house_id: uuid.UUID, tonight: date
) -> tuple[dict[uuid.UUID, list[BedNight]], dict[uuid.UUID, Closure]]:
    """Claims on each bed from tonight on, in order, and the closures among them by id."""
    closing = sa.and_(Closure.id == BedNight.claim_id, BedNight.kind == ClaimKind.CLOSURE)
    rows = session.execute(
        sa.select(BedNight, Closure)
        .outerjoin(Closure, closing)
        .where(BedNight.house_id == house_id, BedNight.night >= tonight)
        .order_by(BedNight.night)
    ).all()
    claims: dict[uuid.UUID, list[BedNight]] = {}
    for claim, _closure in rows:
        claims.setdefault(claim.bed_id, []).append(claim)
    closures: list[Closure | None] = [closure for _claim, closure in rows]
    return claims, {closure.id: closure for closure in closures if closure is not None}


def _live_stays(session: Session, house_id: uuid.UUID) -> list[tuple[Stay, int]]:
    """Saved and offered beds, and guests in the house; each with its minutes of `ask_minutes`."""
    rows = session.execute(
        sa.select(Stay, HouseRules.ask_minutes_before)
        .join(HouseRules, HouseRules.id == Stay.rules_id)
        .where(Stay.house_id == house_id, Stay.state.in_([*SAVED, StayState.HERE]))
        .options(joinedload(Stay.companions))
    )
    return [(stay, minutes) for stay, minutes in rows.unique()]


def _seats(session: Session, house_id: uuid.UUID) -> list[tuple[Chair, Visit | None]]:
    rows = session.execute(
        sa.select(Chair, Visit)
        .outerjoin(Visit, Visit.in_chair_id == Chair.id)
        .where(Chair.house_id == house_id, Chair.retired_at.is_(None))
        .order_by(Chair.position, Chair.name)
    )
    return [(chair, visit) for chair, visit in rows.unique()]


def _waiting(session: Session, house_id: uuid.UUID, now: datetime) -> list[tuple[Waiting, BedOffer | None]]:
    """Who waits, the longest first, each with what they are being asked about; an offer whose time is over is none."""
    asked = sa.and_(BedOffer.waiting_id == Waiting.id, BedOffer.ended_at.is_(None), BedOffer.runs_out_at > now)
    rows = session.execute(
        sa.select(Waiting, BedOffer)
        .outerjoin(BedOffer, asked)
        .where(Waiting.house_id == house_id, Waiting.ended_at.is_(None))
        .order_by(Waiting.since, Waiting.id, BedOffer.made_at)
    )
    return [(row, offer) for row, offer in rows]


def _gatherings(session: Session, house_id: uuid.UUID, now: datetime) -> list[Gathering]:
    rows = session.scalars(
        sa.select(Gathering)
        .where(Gathering.house_id == house_id, Gathering.ends_at > now, Gathering.starts_at < now + timedelta(days=1))
        .order_by(Gathering.starts_at)
        .limit(6)
    )
    return list(rows)


def _activities(session: Session, house: House, now: datetime) -> list[On]:
    on = on_between(session, house, *_days_around(house, now), FOR_GUESTS)
    return [each for each in on if not each.off and each.ends_at > now and each.starts_at < now + timedelta(days=1)]


def _days_around(house: House, now: datetime) -> tuple[date, date]:
    """From yesterday, whose evening may not be over, to the end of tomorrow."""
    today = local(now, house.timezone).date()
    return today - timedelta(days=1), today + timedelta(days=2)


def _promises(session: Session, house_id: uuid.UUID) -> list[PromiseRow]:
    """What is promised, with who does it and whom it is for, in one read."""
    rows: Iterable[Any] = session.execute(
        sa.select(Promise, Person.name, Guest, Waiting)
        .outerjoin(Person, Person.id == Promise.owner_id)
        .outerjoin(Guest, sa.and_(Guest.id == Promise.subject_id, Promise.subject_kind == "guest"))
        .outerjoin(Waiting, sa.and_(Waiting.id == Promise.subject_id, Promise.subject_kind == "waiting"))
        .where(Promise.house_id == house_id, Promise.state == State.OPEN)
    )
    return soonest_first(
        row_of(promise, owner, for_whom.name if for_whom is not None else None)
        for promise, owner, for_whom in ((p, owner, guest or waiting) for p, owner, guest, waiting in rows)
    )
