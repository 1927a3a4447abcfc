"""A house's own clock: nights, quiet hours and the two odd nights of the year."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from respite.houses.policy import house_time as ht

NEW_YORK = "America/New_York"
US_ZONES = (
    NEW_YORK,
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "Pacific/Honolulu",
)
WITH_DST = tuple(zone for zone in US_ZONES if zone not in {"America/Phoenix", "Pacific/Honolulu"})
ODD_ZONES = (
    "Australia/Lord_Howe",  # half an hour of summer time
    "America/Havana",  # clocks change at midnight
    "America/St_Johns",  # changed one minute after midnight until 2011
    "Pacific/Apia",  # had no 30 December 2011
)
SIX = time(6)
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)

zones = st.sampled_from(US_ZONES + ODD_ZONES)
instants = st.datetimes(datetime(2005, 1, 3), datetime(2035, 12, 29), timezones=st.just(UTC))
times = st.times().map(lambda t: t.replace(microsecond=0))
near_a_change = st.builds(
    lambda day, seconds: datetime.combine(day, time(), UTC) + timedelta(seconds=seconds),
    st.sampled_from([SPRING, AUTUMN, date(2011, 12, 30), date(2010, 11, 7), date(2026, 4, 5)]),
    st.integers(-90_000, 180_000),
)
any_instant = instants | near_a_change


def at(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize("zone", US_ZONES)
@pytest.mark.parametrize("evening", [date(2026, 3, 7), SPRING, date(2026, 10, 31), AUTUMN, date(2028, 2, 28)])
def test_until_six_tonight_is_still_yesterdays(zone: str, evening: date) -> None:
    morning = evening + timedelta(days=1)
    six = at(zone, morning.year, morning.month, morning.day, 6)
    assert ht.night_of(six - timedelta(microseconds=1), zone, SIX) == evening
    assert ht.night_of(six, zone, SIX) == morning
    assert ht.night_turns(evening, zone, SIX) == six == ht.night_begins(morning, zone, SIX)


@pytest.mark.parametrize(
    "zone, spring_hours, autumn_hours",
    [(zone, 23, 25) if zone in WITH_DST else (zone, 24, 24) for zone in US_ZONES],
)
def test_a_night_in_which_the_clocks_change_has_its_own_length(zone: str, spring_hours: int, autumn_hours: int) -> None:
    def hours(night: date) -> float:
        return (ht.night_turns(night, zone, SIX) - ht.night_begins(night, zone, SIX)) / timedelta(hours=1)

    assert hours(SPRING - timedelta(days=1)) == spring_hours
    assert hours(AUTUMN - timedelta(days=1)) == autumn_hours
    assert hours(SPRING) == hours(AUTUMN) == 24


@pytest.mark.parametrize("zone", WITH_DST)
def test_a_skipped_wall_time_is_the_first_instant_after_the_jump(zone: str) -> None:
    three = at(zone, 2026, 3, 8, 3)
    for minute in (0, 1, 30, 59):
        for fold in (0, 1):
            assert ht.instant_of(datetime(2026, 3, 8, 2, minute, 7, 9), zone, fold=fold) == three
    assert ht.instant_of(datetime(2026, 3, 8, 1, 59, 59), zone) == three - timedelta(seconds=1)


@pytest.mark.parametrize("zone", WITH_DST)
def test_a_repeated_wall_time_is_its_first_occurrence_unless_asked(zone: str) -> None:
    wall = datetime(2026, 11, 1, 1, 30)
    assert ht.instant_of(wall, zone) == at(zone, 2026, 11, 1, 1, 30)
    assert ht.instant_of(wall, zone, fold=1) == ht.instant_of(wall, zone) + timedelta(hours=1)


@pytest.mark.parametrize("zone", ["America/Phoenix", "Pacific/Honolulu"])
@pytest.mark.parametrize("wall", [datetime(2026, 3, 8, 2, 30), datetime(2026, 11, 1, 1, 30)])
def test_where_clocks_never_change_no_time_is_odd(zone: str, wall: datetime) -> None:
    offset = {"America/Phoenix": 7, "Pacific/Honolulu": 10}[zone]
    expected = (wall + timedelta(hours=offset)).replace(tzinfo=UTC)
    assert ht.instant_of(wall, zone) == ht.instant_of(wall, zone, fold=1) == expected


def test_a_jump_at_midnight_and_a_lost_day() -> None:
    assert ht.instant_of(datetime(2026, 3, 8, 0, 20), "America/Havana") == at("America/Havana", 2026, 3, 8, 1)
    assert ht.instant_of(datetime(2011, 12, 30, 14), "Pacific/Apia") == at("Pacific/Apia", 2011, 12, 31)


@given(any_instant, zones, times)
@example(at("America/St_Johns", 2010, 11, 6, 23, 30, fold=1), "America/St_Johns", time(0))
@example(at(NEW_YORK, 2026, 11, 1, 1, 10, fold=1), NEW_YORK, time(1, 30))
@example(at(NEW_YORK, 2026, 3, 8, 3, 0), NEW_YORK, time(2, 30))
def test_every_instant_is_in_exactly_one_night(instant: datetime, zone: str, turns_at: time) -> None:
    night = ht.night_of(instant, zone, turns_at)
    assert ht.night_begins(night, zone, turns_at) <= instant < ht.night_turns(night, zone, turns_at)


@given(any_instant, st.timedeltas(timedelta(), timedelta(days=3)), zones, times)
def test_a_later_instant_is_never_in_an_earlier_night(
    instant: datetime, later: timedelta, zone: str, turns_at: time
) -> None:
    assert ht.night_of(instant, zone, turns_at) <= ht.night_of(instant + later, zone, turns_at)


@given(any_instant, zones)
def test_an_instant_survives_the_way_to_the_wall_and_back(instant: datetime, zone: str) -> None:
    wall = ht.local(instant, zone)
    assert ht.instant_of(wall.replace(tzinfo=None, fold=0), zone, fold=wall.fold) == instant


def test_a_day_later_is_the_same_wall_time() -> None:
    for day, hours in ((date(2026, 3, 7), 23), (date(2026, 10, 31), 25), (date(2026, 6, 1), 24)):
        left = at(NEW_YORK, day.year, day.month, day.day, 15)
        assert ht.same_wall_time_days_later(left, NEW_YORK, 1) - left == timedelta(hours=hours)
    leap = at(NEW_YORK, 2028, 2, 28, 10)
    assert ht.same_wall_time_days_later(leap, NEW_YORK, 1) == at(NEW_YORK, 2028, 2, 29, 10)
    assert ht.same_wall_time_days_later(leap, NEW_YORK, -1) == at(NEW_YORK, 2028, 2, 27, 10)
    skipped = at(NEW_YORK, 2026, 3, 7, 2, 30)
    assert ht.same_wall_time_days_later(skipped, NEW_YORK, 1) == at(NEW_YORK, 2026, 3, 8, 3)


@given(any_instant, zones)
@example(at(NEW_YORK, 2026, 11, 1, 1, 30, fold=1), NEW_YORK)
def test_no_days_later_is_now(instant: datetime, zone: str) -> None:
    assert ht.same_wall_time_days_later(instant, zone, 0) == instant


@pytest.mark.parametrize("zone", US_ZONES)
@pytest.mark.parametrize("day", [SPRING, AUTUMN, date(2026, 7, 4)])
def test_quiet_hours_cross_midnight_and_end_on_the_minute(zone: str, day: date) -> None:
    def is_quiet(hour: int, minute: int = 0) -> bool:
        instant = at(zone, day.year, day.month, day.day, hour, minute)
        return ht.quiet(instant, zone, time(22), time(8))

    assert [is_quiet(*t) for t in ((21, 59), (22, 0), (23, 59), (0, 0), (7, 59), (8, 0))] == [
        False,
        True,
        True,
        True,
        True,
        False,
    ]


def test_quiet_hours_that_end_in_the_repeated_hour_end_once() -> None:
    first, again = at(NEW_YORK, 2026, 11, 1, 1, 30), at(NEW_YORK, 2026, 11, 1, 1, 10, fold=1)
    assert ht.quiet(first - timedelta(minutes=1), NEW_YORK, time(22), time(1, 30))
    assert not ht.quiet(first, NEW_YORK, time(22), time(1, 30))
    assert not ht.quiet(again, NEW_YORK, time(22), time(1, 30))


@given(any_instant, zones)
def test_a_house_without_quiet_hours_is_never_quiet(instant: datetime, zone: str) -> None:
    assert not ht.quiet(instant, zone, time(22), time(22))
    assert ht.quiet_turns(instant, zone, time(22), time(22)) is None


@given(any_instant, zones, times, times)
def test_quiet_does_not_change_before_it_says_it_turns(
    instant: datetime, zone: str, quiet_from: time, quiet_until: time
) -> None:
    turn = ht.quiet_turns(instant, zone, quiet_from, quiet_until)
    before = ht.quiet(instant, zone, quiet_from, quiet_until)
    if turn is None:
        assert quiet_from == quiet_until
        return
    assert instant < turn
    assert ht.quiet(turn - timedelta(microseconds=1), zone, quiet_from, quiet_until) == before
    middle = instant + (turn - instant) / 2
    assert ht.quiet(middle, zone, quiet_from, quiet_until) == before


@pytest.mark.parametrize("zone", US_ZONES)
@pytest.mark.parametrize("night", [date(2026, 3, 7), date(2026, 10, 31), date(2026, 12, 31), date(2028, 2, 28)])
def test_a_census_after_midnight_counts_the_night_of_its_evening(zone: str, night: date) -> None:
    late = ht.census_instant(night, zone, time(3), SIX)
    assert ht.local(late, zone).date() == night + timedelta(days=1)
    evening = ht.census_instant(night, zone, time(23), SIX)
    assert ht.local(evening, zone).replace(tzinfo=None) == datetime.combine(night, time(23))


@given(
    st.dates(date(2005, 1, 1), date(2035, 1, 1)) | st.sampled_from([SPRING, AUTUMN]),
    st.sampled_from(US_ZONES),
    times,
    st.integers(4, 12).map(time),
)
@example(date(2026, 5, 4), NEW_YORK, SIX, SIX)
def test_the_census_falls_inside_its_night(night: date, zone: str, census: time, turns_at: time) -> None:
    assert ht.night_of(ht.census_instant(night, zone, census, turns_at), zone, turns_at) == night


def test_nights_are_half_open_and_the_leap_day_is_one() -> None:
    assert ht.nights_between(date(2028, 2, 28), date(2028, 3, 1)) == (date(2028, 2, 28), date(2028, 2, 29))
    assert ht.nights_between(date(2027, 2, 28), date(2027, 3, 1)) == (date(2027, 2, 28),)
    assert ht.nights_between(date(2026, 5, 1), date(2026, 5, 1)) == ()
    with pytest.raises(ValueError, match="before it begins"):
        ht.nights_between(date(2026, 5, 2), date(2026, 5, 1))


def test_one_leaves_in_the_morning_another_comes_in_the_afternoon() -> None:
    change = date(2026, 5, 4)
    first = set(ht.nights_between(date(2026, 5, 1), change))
    second = set(ht.nights_between(change, date(2026, 5, 6)))
    assert not first & second
    assert len(first | second) == 5


@pytest.mark.parametrize(
    "hour, part",
    [(5, "night"), (6, "morning"), (12, "afternoon"), (18, "evening"), (21, "evening"), (22, "night")],
)
def test_the_parts_of_a_day(hour: int, part: str) -> None:
    assert ht.part_of_day(at(NEW_YORK, 2026, 5, 4, hour), NEW_YORK) == part


def test_a_time_without_zone_is_no_instant_and_a_wall_time_has_none() -> None:
    with pytest.raises(ValueError, match="time zone"):
        ht.local(datetime(2026, 1, 1), NEW_YORK)
    with pytest.raises(ValueError, match="time zone"):
        ht.instant_of(datetime(2026, 1, 1, tzinfo=UTC), NEW_YORK)


@pytest.mark.parametrize(
    "day, begins, ends, hours",
    [
        (date(2026, 5, 4), time(8), time(16), 8),
        (date(2026, 5, 4), time(22), time(6), 8),
        (date(2026, 5, 4), time(9), time(9), 24),
        (SPRING - timedelta(days=1), time(22), time(6), 7),
        (AUTUMN - timedelta(days=1), time(22), time(6), 9),
        (SPRING, time(2, 10), time(2, 50), 0),
    ],
)
def test_what_crosses_midnight_is_as_long_as_that_night(day: date, begins: time, ends: time, hours: int) -> None:
    start, end = ht.span_of(day, begins, ends, NEW_YORK)
    assert end - start == timedelta(hours=hours)


@given(st.dates(date(2005, 1, 3), date(2035, 1, 1)), times, times, zones)
def test_a_span_never_ends_before_it_begins(day: date, begins: time, ends: time, zone: str) -> None:
    start, end = ht.span_of(day, begins, ends, zone)
    assert timedelta(0) <= end - start <= timedelta(days=2, hours=1)
    assert start >= ht.day_begins(day, zone)
