"""195 real stays of a shelter with four beds, and a few made up: what fits is taken, what does not is told."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from respite.accounts.models import ApiToken
from respite.accounts.roles import Role
from respite.audit.service import broken_links
from respite.board.roster_bars import Viewer, roster_of
from respite.core.clock import StillClock, machine_now
from respite.core.crypto import digest
from respite.core.db import db, transaction
from respite.houses.models import House
from tests.api_client import Program, document_of
from tests.replay import Counted, Replayed, Written, counted, read, replay

STAYS = Path(__file__).resolve().parents[3] / "shared" / "data" / "stays-replay" / "stays.csv"
WINDOW = 30
ONE_DAY = timedelta(days=1)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


def _nights(told: Replayed) -> list[date]:
    return sorted(told.board_on)


def _by_api(app: Flask, told: Replayed) -> dict[date, int]:
    """How many doors were claimed, night by night, as the API tells it a year at a time."""
    with transaction() as session:
        session.add(
            ApiToken(
                house_id=told.house.id, role=Role.PEER, name="Count", token_hash=digest("count"), made_at=machine_now()
            )
        )
    program = Program(app, document_of(app), "count")
    nights, found = _nights(told), {}
    for first in nights[::366]:
        until = min(first + 366 * ONE_DAY, nights[-1] + ONE_DAY)
        answer = program.get(f"/houses/bar-house/beds?from={first}&until={until}").get_json()
        doors = len(answer["beds"])
        found |= {date.fromisoformat(each["night"]): doors - each["count"] for each in answer["free"]}
    return found


def _by_roster(told: Replayed, clock: StillClock) -> dict[date, int]:
    """The same as the roster draws it, thirty nights at a time."""
    found: dict[date, int] = {}
    for first in _nights(told)[::WINDOW]:
        house = db.session.get_one(House, told.house.id)
        roster = roster_of(house, first, WINDOW, Viewer(names=True, role=Role.COORDINATOR), clock.now())
        found |= {night: len(roster.rows) - free for night, free in zip(roster.nights, roster.free, strict=True)}
    return {night: count for night, count in found.items() if night in told.board_on}


def _must_agree(app: Flask, clock: StillClock, told: Replayed, expected: Counted) -> None:
    assert told.refused == dict.fromkeys(expected.refused, "bed-taken")
    assert told.half_written == []
    by_count = {night: expected.guests_on[night] for night in told.board_on}
    assert told.board_on == by_count
    assert _by_api(app, told) == by_count
    assert _by_roster(told, clock) == by_count
    assert list(broken_links()) == []


@pytest.mark.slow
def test_195_real_stays_in_four_beds(app: Flask, clock: StillClock) -> None:
    if not STAYS.exists():
        pytest.skip("the list of real stays is not on this machine")
    written = read(STAYS)
    assert len(written) == 195
    expected = counted(written, beds=4)
    assert len(expected.refused) == 47
    told = replay(clock, written, 4, expected.refused)
    _must_agree(app, clock, told, expected)
    assert told.ended == {"as-planned": 148}


def _made_up() -> list[Written]:
    """Six weeks in two beds: too many at times, stays of no nights among them, some guests twice."""
    chance = random.Random(7)
    monday = date(2026, 10, 19)  # the clocks go back on the second Sunday
    days = sorted(monday + chance.randrange(42) * ONE_DAY for _ in range(40))
    stays = [Written(n, n, day, day + chance.choice([0, 1, 2, 3, 5]) * ONE_DAY) for n, day in enumerate(days, 1)]
    again = stays[0]
    return [*stays, Written(41, again.guest, stays[-1].left_on, stays[-1].left_on + ONE_DAY)]


def test_stays_made_up_in_two_beds(app: Flask, clock: StillClock) -> None:
    written = _made_up()
    expected = counted(written, beds=2)
    assert 5 < len(expected.refused) < 20
    assert any(not stay.nights for stay in written)
    told = replay(clock, written, 2, expected.refused)
    _must_agree(app, clock, told, expected)


def test_a_count_of_our_own_counts() -> None:
    """The yardstick itself: three for two beds, one of them for no night."""
    monday = date(2026, 10, 19)
    written = [
        Written(1, 1, monday, monday + 2 * ONE_DAY),
        Written(2, 2, monday, monday),
        Written(3, 3, monday, monday + ONE_DAY),
        Written(4, 4, monday, monday),
        Written(5, 5, monday + ONE_DAY, monday + 2 * ONE_DAY),
    ]
    told = counted(written, beds=2)
    assert told.refused == [4]
    assert told.guests_on == {monday: 2, monday + ONE_DAY: 2}
