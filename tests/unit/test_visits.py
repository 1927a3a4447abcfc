"""Visits are minutes; a notice to staff comes at the house's hours and is past from then on."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respite.guests.policy.visits import next_notice, quiet_notices, visit_minutes

BEGAN = datetime(2026, 5, 4, 14, tzinfo=UTC)
HOURS_20_AND_22 = [1320, 1200]


def later(minutes: float) -> datetime:
    return BEGAN + timedelta(minutes=minutes)


def test_a_visit_is_counted_in_whole_minutes() -> None:
    assert visit_minutes(BEGAN, None, later(0)) == 0
    assert visit_minutes(BEGAN, None, later(59.99)) == 59
    assert visit_minutes(BEGAN, later(90), later(500)) == 90


def test_the_hour_that_comes_twice_is_counted_twice() -> None:
    zone = ZoneInfo("America/New_York")
    evening = datetime(2026, 10, 31, 22, tzinfo=zone).astimezone(UTC)
    morning = datetime(2026, 11, 1, 6, tzinfo=zone).astimezone(UTC)
    assert visit_minutes(evening, morning, morning) == 9 * 60


def test_a_visit_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError):
        visit_minutes(BEGAN, later(-1), BEGAN)


def test_notices_come_in_order_and_are_past_from_their_minute_on() -> None:
    notices = quiet_notices(BEGAN, HOURS_20_AND_22, later(1200))
    assert [(n.minutes, n.due_at, n.past) for n in notices] == [
        (1200, later(1200), True),
        (1320, later(1320), False),
    ]
    assert not any(n.past for n in quiet_notices(BEGAN, HOURS_20_AND_22, later(1199.99)))


def test_a_visit_that_has_ended_asks_for_nothing_more() -> None:
    ended = later(1250)
    assert [n.minutes for n in quiet_notices(BEGAN, HOURS_20_AND_22, later(5000), ended)] == [1200]
    assert quiet_notices(BEGAN, HOURS_20_AND_22, later(5000), later(1200)) == ()


def test_the_next_notice_is_the_first_that_is_not_past() -> None:
    coming = next_notice(BEGAN, HOURS_20_AND_22, later(1200))
    assert coming is not None
    assert coming.minutes == 1320
    assert next_notice(BEGAN, HOURS_20_AND_22, later(1320)) is None
    assert next_notice(BEGAN, [], BEGAN) is None


def test_a_notice_before_the_visit_is_none() -> None:
    with pytest.raises(ValueError):
        quiet_notices(BEGAN, [0], BEGAN)


@given(st.lists(st.integers(1, 3000), max_size=6), st.integers(0, 3500))
def test_what_is_past_and_what_is_next_make_up_all_notices(minutes: list[int], now: int) -> None:
    notices = quiet_notices(BEGAN, minutes, later(now))
    assert [n.minutes for n in notices] == sorted(set(minutes))
    assert [n.minutes for n in notices if n.past] == sorted({m for m in minutes if m <= now})
    coming = next_notice(BEGAN, minutes, later(now))
    assert (coming.minutes if coming else None) == min((m for m in minutes if m > now), default=None)
