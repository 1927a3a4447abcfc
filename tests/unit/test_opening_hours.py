"""When a service is open: by the clock on its wall, through nights, special days and changes of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from respite.resources.finding.hours import (
    DAY,
    Closing,
    Hours,
    minutes,
    on_day,
    open_until,
    open_within,
    opens_next,
    rule_names,
    tonight,
    wall,
    week_of,
)
from respite.resources.finding.reading import lines_of
from respite.resources.models import Schedule

ZONE = "America/Chicago"
MONDAY = date(2026, 11, 23)
# Around both nights on which the clocks change in 2026, minute by minute.
CHANGING = st.sampled_from([datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)])
MOMENTS = st.builds(lambda begin, m: begin + timedelta(minutes=m), CHANGING, st.integers(-DAY, 3 * DAY))
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
LINES = st.lists(
    st.builds(
        lambda span, weekday: Hours(opens=span[0], closes=span[1], weekday=weekday),
        st.builds(minutes, TIMES, TIMES),
        st.integers(0, 6),
    ),
    max_size=5,
)


@given(LINES, MOMENTS)
@example([Hours(opens=22 * 60, closes=DAY + 360, weekday=6)], datetime(2026, 3, 9, 10, 59, tzinfo=UTC))
def test_open_is_what_the_clock_on_the_wall_says(lines: list[Hours], now: datetime) -> None:
    """A model of its own: the wall's clock without its zone, between the begin and the end of some line."""
    there = now.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
    expected = any(
        line.weekday == day.weekday()
        and datetime.combine(day, time.min) + timedelta(minutes=line.opens) <= there
        and there < datetime.combine(day, time.min) + timedelta(minutes=line.closes)
        for line in lines
        for day in (there.date() - timedelta(days=1), there.date())
    )
    day, minute = wall(now, ZONE, None)
    assert open_within(lines, day, minute, minute + 1) is expected
    closing = open_until(lines, day, minute)
    assert (closing is not None) is expected
    if closing is not None and closing.day is not None:
        after = datetime.combine(closing.day, time.min) + timedelta(minutes=closing.minute)
        assert after > datetime.combine(day, time.min) + timedelta(minutes=minute)
        assert not open_within(lines, after.date(), after.hour * 60 + after.minute, after.hour * 60 + after.minute + 1)
        last = after - timedelta(minutes=1)
        assert open_within(lines, last.date(), last.hour * 60 + last.minute, last.hour * 60 + last.minute + 1)
    following = opens_next(lines, day, minute)
    if following is not None:
        assert open_within(lines, following[0], following[1], following[1] + 1)


def test_special_days_stand_in_place_of_the_usual_ones() -> None:
    usual = Hours(opens=540, closes=1020, weekday=0)
    shut = Hours(first=MONDAY, last=MONDAY, instead=True, closed=True)
    short = Hours(opens=600, closes=660, first=MONDAY, last=MONDAY, instead=True)
    week = timedelta(days=7)
    assert on_day([usual, shut], MONDAY) == []
    assert on_day([usual, shut], MONDAY + week) == [usual]
    assert on_day([usual, short], MONDAY) == [short]
    assert open_until([usual, shut], MONDAY, 600) is None
    assert opens_next([usual, shut], MONDAY - timedelta(days=1), 600) is None


def test_spans_that_follow_each_other_are_one() -> None:
    morning, rest = Hours(opens=480, closes=720, weekday=0), Hours(opens=720, closes=DAY, weekday=0)
    assert open_until([morning, rest], MONDAY, 500) == Closing(MONDAY, DAY)
    night = Hours(opens=0, closes=360, weekday=1)
    assert open_until([morning, rest, night], MONDAY, 500) == Closing(MONDAY + timedelta(days=1), 360)
    assert open_until([Hours(weekday=n) for n in range(7)], MONDAY, 500) == Closing(None, 0)


def test_times_as_sources_write_them() -> None:
    assert minutes(time(9), time(17)) == (540, 1020)
    assert minutes(time(20), time(6)) == (1200, DAY + 360)
    assert minutes(time(0), time(23, 59)) == (0, DAY)
    assert minutes(time(0), time(0)) == (0, DAY)
    assert minutes(None, None) == (0, DAY)


def test_rules_name_their_days_and_one_that_cannot_be_read_names_none() -> None:
    first = date(2026, 1, 1)
    assert rule_names("FREQ=MONTHLY;BYDAY=2TU", first, date(2026, 11, 10))
    assert not rule_names("FREQ=MONTHLY;BYDAY=2TU", first, date(2026, 11, 17))
    assert rule_names("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", MONDAY, MONDAY + timedelta(days=14))
    assert not rule_names("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", MONDAY, MONDAY + timedelta(days=7))
    assert not rule_names("FREQ=SOMETIMES", first, MONDAY)


def test_tonight_is_the_evening_and_after_midnight_until_six() -> None:
    assert tonight(MONDAY, 12 * 60) == (MONDAY, 20 * 60, DAY)
    assert tonight(MONDAY, 23 * 60) == (MONDAY, 23 * 60, DAY)
    assert tonight(MONDAY, 60) == (MONDAY, 60, 360)


def test_a_source_that_names_hours_ahead_means_the_houses_clock_where_it_is_that_far() -> None:
    noon = datetime(2026, 7, 1, 17, tzinfo=UTC)  # noon in Chicago, in summer
    assert wall(noon, ZONE, None) == wall(noon, ZONE, -6.0) == wall(noon, ZONE, -5.0) == (date(2026, 7, 1), 720)
    assert wall(noon, ZONE, -8.0) == (date(2026, 7, 1), 540)
    assert wall(noon, ZONE, 5.5) == (date(2026, 7, 1), 22 * 60 + 30)


def test_a_rule_holds_from_the_day_on_which_its_source_says_so() -> None:
    """Every other Monday is counted from `dtstart`, and it is open from `valid_from` on alone."""
    row = Schedule(freq="WEEKLY", interval=2, byday="MO", opens_at=time(9), closes_at=time(17))
    row.dtstart, row.valid_from = MONDAY, MONDAY + timedelta(days=21)
    open_on = [n for n in range(0, 70, 7) if on_day(lines_of(row), MONDAY + timedelta(days=n))]
    assert open_on == [28, 42, 56]
    row.valid_from = None
    assert [n for n in range(0, 35, 7) if on_day(lines_of(row), MONDAY + timedelta(days=n))] == [0, 14, 28]


def test_a_usual_week_is_that_of_the_season() -> None:
    winter = Hours(opens=600, closes=840, weekday=0, first=date(2026, 9, 1), last=date(2027, 5, 31))
    summer = Hours(opens=540, closes=1020, weekday=0, first=date(2027, 6, 1), last=date(2027, 8, 31))
    assert week_of([winter, summer], MONDAY)[0] == [(600, 840)]
    assert week_of([winter, summer], date(2027, 7, 5))[0] == [(540, 1020)]
    assert week_of([summer], date(2027, 5, 28))[0] == [(540, 1020)], "from next Tuesday on"
