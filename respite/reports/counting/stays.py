"""Stays that began and ended, how they ended, and how many guests came who had not come before in the year.

A stay keeps its dates and the kind of its end when its guest is forgotten. Whose it was is gone then: it is counted
among the stays, and as a stay without a guest on file, not as a guest.
"""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import datetime

import sqlalchemy as sa

from respite.guests.models import Stay
from respite.houses.policy.house_time import day_begins, local
from respite.reports.counting.asked import Asked
from respite.reports.policy.atoms import Atoms
from respite.reports.policy.periods import year_of


def count(asked: Asked) -> Atoms:
    numbers: Counter[str] = Counter()
    nights: list[int] = []
    zone, end = asked.house.timezone, min(asked.end, asked.now)
    for guest_id, arrived_at, left_at, how in _stays(asked, asked.begin, end):
        if arrived_at >= asked.begin:
            numbers["stay.began"] += 1
            numbers["stay.nobody"] += guest_id is None
        if left_at is not None and asked.begin <= left_at < end:
            numbers[f"ended.{how}"] += 1
            nights.append((local(left_at, zone).date() - local(arrived_at, zone).date()).days)
    numbers["guest.new"] = new_guests(asked)
    return Atoms(numbers, {"stay.nights": nights})


def guests_in(asked: Asked) -> set[uuid.UUID]:
    """The guests on file who were in the house at some time of the period: of one period alone, since they do not add
    up."""
    return _guests(asked, asked.begin, min(asked.end, asked.now))


def new_guests(asked: Asked) -> int:
    """How many of them were not in the house before in the same year; a period may touch more than one year."""
    found = 0
    year = year_of(asked.period.first, asked.year_begins)
    while year.first < asked.period.until:
        year_begin, year_end = (
            day_begins(year.first, asked.house.timezone),
            day_begins(year.until, asked.house.timezone),
        )
        begin = max(year_begin, asked.begin)
        end = min(year_end, asked.end, asked.now)
        if begin < end:
            before = _guests(asked, year_begin, begin) if year_begin < begin else set()
            found += len(_guests(asked, begin, end) - before)
        year = year_of(year.until, asked.year_begins)
    return found


def _guests(asked: Asked, begin: datetime, end: datetime) -> set[uuid.UUID]:
    return {guest_id for guest_id, _arrived, _left, _how in _stays(asked, begin, end) if guest_id is not None}


Found = tuple[uuid.UUID | None, datetime, datetime | None, str | None]


def _stays(asked: Asked, begin: datetime, end: datetime) -> list[Found]:
    """Who was in the house at some time from `begin`, before `end`."""
    rows = asked.session.execute(
        sa.select(Stay.guest_id, Stay.arrived_at, Stay.left_at, Stay.ended_how).where(
            Stay.house_id == asked.house.id,
            Stay.arrived_at.is_not(None),
            Stay.arrived_at < end,
            sa.or_(Stay.left_at.is_(None), Stay.left_at >= begin),
        )
    )
    return [(guest_id, at, left_at, how) for guest_id, at, left_at, how in rows if at is not None]
