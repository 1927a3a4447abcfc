"""Three shifts a day around every change of the clocks: no gap, no overlap, hours as they pass."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.core.db import db
from respite.houses.policy.house_time import instant_of
from respite.houses.service.opening import open_house
from respite.staffing.models import Shift
from respite.staffing.policy.patterns import Starter, starters
from respite.staffing.service.patterns import make_patterns

ActorIn = Callable[..., Actor]
THREE = starters(Starter.THREE, ("Day", "Evening", "Night"))


def stand(*where: sa.ColumnElement[bool]) -> list[Shift]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Shift).where(*where).order_by(Shift.starts_at)))


ZONES = (
    "America/New_York", "America/Denver", "America/Phoenix", "America/Anchorage", "Pacific/Honolulu",
    "America/Chicago", "America/Los_Angeles", "Australia/Lord_Howe", "America/Havana", "Africa/Cairo",
)  # fmt: skip
#: Sundays on which some of these change their clocks, and Cairo's Fridays and Lord Howe's Sundays.
CHANGES = (
    date(2026, 3, 8), date(2026, 11, 1), date(2026, 4, 5), date(2026, 10, 4), date(2026, 4, 24), date(2026, 10, 30),
)  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_weeks_of_changed_clocks_have_no_gap_and_no_overlap(app: Flask, zone: str, actor_in: ActorIn) -> None:
    lengths: set[timedelta] = set()
    for change in CHANGES:
        first = change - timedelta(days=3)
        now = instant_of(datetime.combine(first, time(0)), zone)
        place = open_house(COMMAND, name=f"At {change}", kind="respite", timezone=zone, beds=1, now=now)
        make_patterns(actor_in(place.id), place.id, THREE, first_day=first, now=now)
        found = stand(Shift.house_id == place.id, Shift.day < first + timedelta(days=7), Shift.seat == 0)
        assert len(found) == 21
        assert all(before.ends_at == after.starts_at for before, after in pairwise(found))
        begin = instant_of(datetime.combine(first, time(7)), zone)
        end = instant_of(datetime.combine(first + timedelta(days=7), time(7)), zone)
        assert (found[0].starts_at, found[-1].ends_at) == (begin, end)
        assert sum((s.ends_at - s.starts_at for s in found), timedelta()) == end - begin
        lengths |= {s.ends_at - s.starts_at for s in found}
    hour = timedelta(hours=1)
    changed: dict[str, set[timedelta]] = {
        "America/Phoenix": set(), "Pacific/Honolulu": set(), "Australia/Lord_Howe": {7.5 * hour, 8.5 * hour},
    }  # fmt: skip
    assert lengths == {8 * hour} | changed.get(zone, {7 * hour, 9 * hour})
