"""Bed-nights: who was here at the house's census hour, against the beds that were open that night."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from respite.audit.models import Event
from respite.guests.models import Stay
from respite.houses import events
from respite.houses.models import Bed, BedNight, ClaimKind
from respite.houses.policy.house_time import census_instant
from respite.houses.queries import rules_now
from respite.reports.counting.asked import Asked
from respite.reports.policy.atoms import Atoms

ONE_DAY = timedelta(days=1)


def count(asked: Asked) -> Atoms:
    censuses = _censuses(asked)
    if not censuses:
        return Atoms()
    slept = _slept(asked, censuses)
    closed, doors = _closed(asked, censuses), _doors(asked)
    numbers: Counter[str] = Counter({"night.slept": sum(slept.values()), "night.counted": len(censuses)})
    for night, at in censuses:
        in_use = sum(any(begin <= at < end for begin, end in spans) for spans in doors.values())
        shut = min(closed[night], in_use)
        # Who slept in a bed that is taken out or shut by now slept in an open one.
        numbers["night.open"] += max(in_use - shut, slept[night])
        numbers["night.closed"] += shut
    return Atoms(numbers)


def _censuses(asked: Asked) -> list[tuple[date, datetime]]:
    """The nights of the period whose census is over, each with its instant."""
    rules = rules_now(asked.session, asked.house.id)
    nights = (asked.period.first + n * ONE_DAY for n in range(asked.period.days))
    found = [
        (night, census_instant(night, asked.house.timezone, rules.census_at, rules.night_turns_at)) for night in nights
    ]
    return [(night, at) for night, at in found if asked.house.made_at <= at <= asked.now]


def _slept(asked: Asked, censuses: list[tuple[date, datetime]]) -> Counter[date]:
    first, last = censuses[0][1], censuses[-1][1]
    spans = asked.session.execute(
        sa.select(Stay.arrived_at, Stay.left_at).where(
            Stay.house_id == asked.house.id,
            Stay.arrived_at <= last,
            sa.or_(Stay.left_at.is_(None), Stay.left_at >= first),
        )
    ).all()
    slept: Counter[date] = Counter()
    for arrived_at, left_at in spans:
        if arrived_at is not None:
            slept.update(night for night, at in censuses if arrived_at <= at and (left_at is None or at <= left_at))
    return slept


def _closed(asked: Asked, censuses: list[tuple[date, datetime]]) -> Counter[date]:
    nights = asked.session.scalars(
        sa.select(BedNight.night).where(
            BedNight.house_id == asked.house.id,
            BedNight.kind == ClaimKind.CLOSURE,
            BedNight.night >= censuses[0][0],
            BedNight.night <= censuses[-1][0],
        )
    )
    return Counter(nights)


Spans = list[tuple[datetime, datetime]]


def _doors(asked: Asked) -> dict[uuid.UUID, Spans]:
    """When each door was in use, from the log: since the house was opened, unless it was added later."""
    told: dict[uuid.UUID, list[tuple[str, datetime]]] = defaultdict(list)
    for subject, kind, at in _told(asked):
        told[subject].append((kind, at))
    beds = asked.session.scalars(sa.select(Bed.id).where(Bed.house_id == asked.house.id))
    return {bed_id: list(_spans(told[bed_id], asked)) for bed_id in beds}


def _told(asked: Asked) -> Iterable[tuple[uuid.UUID, str, datetime]]:
    rows = asked.session.execute(
        sa.select(Event.subject, Event.kind, Event.at)
        .where(
            Event.stream == asked.house.id,
            Event.kind.in_((events.BED_ADDED, events.BED_RETIRED, events.BED_BACK)),
        )
        .order_by(Event.version)
    )
    return [(subject, kind, at) for subject, kind, at in rows if subject is not None]


def _spans(told: list[tuple[str, datetime]], asked: Asked) -> Iterable[tuple[datetime, datetime]]:
    added = told and told[0][0] == events.BED_ADDED
    begin: datetime | None = None if added else asked.house.made_at
    for kind, at in told:
        if kind == events.BED_RETIRED:
            if begin is not None:
                yield begin, at
            begin = None
        elif begin is None:
            begin = at
    if begin is not None:
        yield begin, max(asked.now, begin) + ONE_DAY
