"""An offer's minutes count only in the hours in which somebody said they can answer, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from respite.guests.policy.offer_clock import ALWAYS, AnswerHours, can_answer, opens_at, runs_out_at

ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Anchorage",
    "America/Phoenix",
    "Pacific/Honolulu",
)
DENVER = "America/Denver"
MINUTE = timedelta(minutes=1)
CHANGES = (date(2026, 3, 8), date(2026, 11, 1))

zones = st.sampled_from(ZONES)
instants = st.builds(
    lambda day, seconds: datetime.combine(day, time(), UTC) + timedelta(seconds=seconds),
    st.sampled_from([*CHANGES, date(2026, 6, 15), date(2026, 12, 31)]),
    st.integers(-100_000, 200_000),
)
wall_times = st.integers(0, 1439).map(lambda m: time(m // 60, m % 60))
some_hours = st.builds(AnswerHours, wall_times, wall_times).filter(lambda hours: not hours.always)
lengths = st.integers(1, 3000)


def at(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("made", "minutes", "hours", "ends"),
    [
        ((2026, 11, 22, 14, 32), 120, ALWAYS, (2026, 11, 22, 16, 32)),
        ((2026, 11, 22, 14, 32), 120, AnswerHours(time(9), time(20)), (2026, 11, 22, 16, 32)),
        ((2026, 11, 22, 19, 0), 120, AnswerHours(time(9), time(20)), (2026, 11, 23, 10, 0)),
        ((2026, 11, 22, 18, 0), 120, AnswerHours(time(9), time(20)), (2026, 11, 22, 20, 0)),  # the last minute counts
        ((2026, 11, 22, 20, 0), 120, AnswerHours(time(9), time(20)), (2026, 11, 23, 11, 0)),
        ((2026, 11, 22, 7, 0), 120, AnswerHours(time(9), time(20)), (2026, 11, 22, 11, 0)),
        ((2026, 11, 22, 23, 30), 120, AnswerHours(time(22), time(1)), (2026, 11, 23, 22, 30)),  # over midnight
        ((2026, 11, 23, 0, 30), 45, AnswerHours(time(22), time(1)), (2026, 11, 23, 22, 15)),
        ((2026, 11, 22, 9, 0), 120, AnswerHours(time(12), time(12, 30)), (2026, 11, 25, 12, 30)),  # half an hour a day
        ((2026, 10, 31, 23, 0), 240, ALWAYS, (2026, 11, 1, 2, 0)),  # the long night: two ones o'clock
        ((2026, 3, 7, 23, 0), 240, ALWAYS, (2026, 3, 8, 4, 0)),  # the short one
        ((2026, 3, 8, 0, 0), 30, AnswerHours(time(2, 10), time(2, 50)), (2026, 3, 9, 2, 40)),  # jumped over whole
        ((2026, 11, 1, 0, 30), 90, AnswerHours(time(1), time(2)), (2026, 11, 1, 1, 30)),  # an hour that comes twice
    ],
)
def test_by_the_house_s_clock(made: tuple[int, ...], minutes: int, hours: AnswerHours, ends: tuple[int, ...]) -> None:
    fold = 1 if ends == (2026, 11, 1, 1, 30) else 0
    assert runs_out_at(at(DENVER, *made), minutes, hours, DENVER) == at(DENVER, *ends, fold=fold)


@given(instants, lengths, zones, wall_times)
def test_without_hours_every_minute_counts(made: datetime, minutes: int, zone: str, same: time) -> None:
    for hours in (ALWAYS, AnswerHours(same, None), AnswerHours(None, same), AnswerHours(same, same)):
        assert runs_out_at(made, minutes, hours, zone) == made + minutes * MINUTE
        assert can_answer(made, hours, zone)


@given(instants, lengths, some_hours, zones)
@example(at(DENVER, 2026, 3, 8, 1, 0), 90, AnswerHours(time(1, 30), time(3, 30)), DENVER)
@example(at(DENVER, 2026, 11, 1, 0, 50), 90, AnswerHours(time(1), time(2)), DENVER)
def test_exactly_so_many_minutes_of_their_hours_and_never_early(
    made: datetime, minutes: int, hours: AnswerHours, zone: str
) -> None:
    end = runs_out_at(made, minutes, hours, zone)
    assert end >= made + minutes * MINUTE
    assert end.tzinfo is UTC
    # Counted another way: minute by minute, by whether it is one of theirs.
    assume(end - made < timedelta(days=4))
    whole = made.replace(second=0) + MINUTE if made.second else made
    began = sum((min(whole, end) - made for _once in [0] if can_answer(made, hours, zone)), timedelta())
    minutes_open = sum(can_answer(whole + n * MINUTE, hours, zone) for n in range(int((end - whole) / MINUTE)))
    rest = timedelta(seconds=end.second) if end > whole and end.second else timedelta()
    assert began + minutes_open * MINUTE + rest == minutes * MINUTE


@given(instants, lengths, some_hours, zones)
def test_it_runs_out_inside_their_hours(made: datetime, minutes: int, hours: AnswerHours, zone: str) -> None:
    """The last instant before it runs out is one at which they can answer."""
    end = runs_out_at(made, minutes, hours, zone)
    assert can_answer(end - timedelta(seconds=1), hours, zone)


@given(instants, lengths, lengths, some_hours, zones)
def test_longer_is_later(made: datetime, minutes: int, more: int, hours: AnswerHours, zone: str) -> None:
    assert runs_out_at(made, minutes, hours, zone) < runs_out_at(made, minutes + more, hours, zone)


@given(instants, st.integers(0, 200_000), lengths, some_hours, zones)
def test_made_later_never_runs_out_earlier(
    made: datetime, seconds: int, minutes: int, hours: AnswerHours, zone: str
) -> None:
    later = made + timedelta(seconds=seconds)
    assert runs_out_at(made, minutes, hours, zone) <= runs_out_at(later, minutes, hours, zone)


@given(instants, some_hours, zones)
def test_the_first_fit_instant(made: datetime, hours: AnswerHours, zone: str) -> None:
    opens = opens_at(made, hours, zone)
    assert opens >= made
    assert can_answer(opens, hours, zone)
    gap = int((opens - made) / (7 * MINUTE))
    assert not any(can_answer(made + n * 7 * MINUTE, hours, zone) for n in range(gap) if made + n * 7 * MINUTE < opens)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", CHANGES)
def test_both_odd_nights(zone: str, day: date) -> None:
    """Ten to seven in the evening before, with an hour of theirs left: the rest counts from nine the next morning."""
    evening = at(zone, day.year, day.month, day.day, 18, 50) - timedelta(days=1)
    wall = evening.astimezone(ZoneInfo(zone)).replace(hour=18, minute=50)
    end = runs_out_at(wall.astimezone(UTC), 120, AnswerHours(time(9), time(20)), zone)
    assert end.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.combine(day, time(9, 50))
