"""Texts leave at a fit hour where the person is, on the right day, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from respite.messaging.policy.hours import Hours, closes_at, is_open, next_open, on_day, spread, zones_for

DENVER, NEW_YORK, SAN_JUAN = "America/Denver", "America/New_York", "America/Puerto_Rico"
GUAM, HONOLULU = "Pacific/Guam", "Pacific/Honolulu"
DAY = Hours()
MINUTE = timedelta(minutes=1)

zones = st.sampled_from([DENVER, NEW_YORK, SAN_JUAN])
some_zones = st.lists(st.sampled_from([DENVER, NEW_YORK, SAN_JUAN, HONOLULU, GUAM]), min_size=1, max_size=3)
CHANGES = [date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14), date(2027, 11, 7)]
instants = st.builds(
    lambda day, seconds: datetime.combine(day, time(), UTC) + timedelta(seconds=seconds),
    st.sampled_from([*CHANGES, date(2026, 6, 15), date(2026, 12, 31)]),
    st.integers(-100_000, 200_000),
)
minutes = st.integers(0, 1439).map(lambda m: time(m // 60, m % 60))
hours = st.just(DAY) | st.just(Hours(time(22), time(1, 30))) | st.builds(Hours, minutes, minutes)


def at(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)  # type: ignore[misc, arg-type]


def odd(instant: datetime, zone: str) -> bool:
    """Is the wall clock near a change? There the house's rule decides, and it has its own tests."""
    here = instant.astimezone(ZoneInfo(zone))
    return any(abs(here.date() - day) <= timedelta(days=1) for day in CHANGES)


@given(instants, hours, zones)
def test_open_is_what_the_wall_clock_says(instant: datetime, hours: Hours, zone: str) -> None:
    if odd(instant, zone):
        return
    wall = instant.astimezone(ZoneInfo(zone)).time()
    fit = hours.start <= wall < hours.end
    if hours.end <= hours.start:
        fit = wall >= hours.start or wall < hours.end
    assert is_open(instant, hours, [zone]) is fit


@given(instants, hours, some_zones)
@example(at(NEW_YORK, 2026, 11, 1, 1, 10, fold=1), Hours(time(22), time(1, 30)), [NEW_YORK])
@example(at(NEW_YORK, 2026, 3, 8, 1, 59), Hours(time(2, 30), time(3, 30)), [NEW_YORK])
def test_the_next_fit_instant_is_fit_and_none_before_it_is(instant: datetime, hours: Hours, zones: list[str]) -> None:
    found = next_open(instant, hours, zones)
    if found is None:
        assert not any(is_open(instant + n * 20 * MINUTE, hours, zones) for n in range(9 * 24))
        return
    assert found >= instant
    assert is_open(found, hours, zones)
    assert (found == instant) is is_open(instant, hours, zones)
    if found > instant:
        assert not is_open(found - timedelta(microseconds=1), hours, zones)
        for part in range(1, 40):
            assert not is_open(instant + (found - instant) * part / 40, hours, zones)


@given(instants, hours, some_zones)
def test_hours_end_where_they_say(instant: datetime, hours: Hours, zones: list[str]) -> None:
    until = closes_at(instant, hours, zones)
    assert (until == instant) is not is_open(instant, hours, zones)
    if until == instant:
        return
    assert is_open(until - timedelta(microseconds=1), hours, zones)
    if hours.start == hours.end:
        assert until - instant >= timedelta(days=1)
    else:
        assert not is_open(until, hours, zones)
    for part in range(40):
        assert is_open(instant + (until - instant) * part / 40, hours, zones)


def test_an_unknown_zone_is_open_only_where_all_that_it_may_be_are() -> None:
    both = (NEW_YORK, DENVER)
    assert not is_open(at(NEW_YORK, 2026, 6, 1, 9), DAY, both)
    assert next_open(at(NEW_YORK, 2026, 6, 1, 9), DAY, both) == at(DENVER, 2026, 6, 1, 9)
    assert closes_at(at(NEW_YORK, 2026, 6, 1, 15), DAY, both) == at(NEW_YORK, 2026, 6, 1, 20)
    assert next_open(at(NEW_YORK, 2026, 6, 1, 9), DAY, ("America/Los_Angeles", "Asia/Kolkata")) is None


def test_the_minute_before_closing() -> None:
    late = at(DENVER, 2026, 6, 1, 19, 59, 58)
    assert closes_at(late, DAY, [DENVER]) - late == timedelta(seconds=2)
    assert next_open(at(DENVER, 2026, 6, 1, 20), DAY, [DENVER]) == at(DENVER, 2026, 6, 2, 9)


def test_hours_that_end_in_the_repeated_hour_end_once() -> None:
    night = Hours(time(22), time(1, 30))
    assert is_open(at(NEW_YORK, 2026, 11, 1, 1, 29), night, [NEW_YORK])
    assert not is_open(at(NEW_YORK, 2026, 11, 1, 1, 10, fold=1), night, [NEW_YORK])


@pytest.mark.parametrize("zone", [DENVER, NEW_YORK, SAN_JUAN])
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("days", [1, 3, 7, 30])
@pytest.mark.parametrize("hour", [0, 1, 3, 10, 23])
def test_a_day_later_has_the_same_wall_clock_across_every_change(zone: str, change: date, days: int, hour: int) -> None:
    for back in range(days + 1):
        left = at(zone, *(change - timedelta(days=back)).timetuple()[:3], hour, 30)
        later = on_day(left, days, zone).astimezone(ZoneInfo(zone))
        assert later.date() == change + timedelta(days=days - back)
        assert later.time() == time(hour, 30)
        assert later.fold == 0


@given(instants, st.integers(0, 60), zones)
def test_the_wall_clock_is_kept_unless_it_does_not_exist(left: datetime, days: int, zone: str) -> None:
    here = left.astimezone(ZoneInfo(zone))
    later = on_day(left, days, zone).astimezone(ZoneInfo(zone))
    wanted = here.replace(tzinfo=None, fold=0) + timedelta(days=days)
    moved = later.replace(tzinfo=None, fold=0) - wanted
    skipped = wanted.date() in (CHANGES[0], CHANGES[2]) and wanted.hour == 2 and zone != SAN_JUAN
    assert moved == (timedelta(hours=1) if skipped else timedelta())


def test_the_two_odd_times() -> None:
    assert on_day(at(NEW_YORK, 2026, 3, 7, 2, 30), 1, NEW_YORK) == at(NEW_YORK, 2026, 3, 8, 3, 30)
    assert on_day(at(NEW_YORK, 2026, 10, 31, 1, 30), 1, NEW_YORK) == at(NEW_YORK, 2026, 11, 1, 1, 30, fold=0)
    # Twenty-four hours after ten on the eve would be eleven, or nine.
    assert on_day(at(NEW_YORK, 2026, 3, 7, 10), 1, NEW_YORK) - at(NEW_YORK, 2026, 3, 7, 10) == timedelta(hours=23)
    assert on_day(at(NEW_YORK, 2026, 10, 31, 10), 1, NEW_YORK) - at(NEW_YORK, 2026, 10, 31, 10) == timedelta(hours=25)


@pytest.mark.parametrize(
    "zone, number, found",
    [
        (SAN_JUAN, "+13035550123", (SAN_JUAN,)),
        (None, "+13035550123", (NEW_YORK, DENVER)),
        ("Mars/Olympus", "+13035550123", (NEW_YORK, DENVER)),
        ("America", "+12125550123", (NEW_YORK,)),
        (None, "+12085550123", (NEW_YORK, "America/Boise", "America/Los_Angeles")),
        (None, "+15555550123", (NEW_YORK,)),  # an area code that says nothing
        (None, "no number", (NEW_YORK,)),
    ],
)
def test_where_somebody_may_be(zone: str | None, number: str, found: tuple[str, ...]) -> None:
    assert zones_for(zone, number, NEW_YORK) == found


@given(instants, st.binary(), st.integers(0, 90))
def test_a_spread_is_small_and_always_the_same(instant: datetime, seed: bytes, most: int) -> None:
    moved = spread(instant, seed, most)
    assert abs(moved - instant) <= most * MINUTE
    assert moved == spread(instant, seed, most)


def test_a_spread_spreads() -> None:
    noon = at(DENVER, 2026, 6, 1, 12)
    moved = [(spread(noon, b"%d" % n) - noon) / MINUTE for n in range(1000)]
    assert min(moved) < -35
    assert max(moved) > 35
    assert len({round(each) for each in moved}) > 60
