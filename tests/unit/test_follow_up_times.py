"""When somebody is asked after a stay: the right local day, their hours, and never a heap."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from respite.followup.policy.steps import SHIPPED, Asks, Step, covers, templates_of
from respite.followup.policy.times import (
    APART,
    LATE,
    Ask,
    Miss,
    Move,
    Theirs,
    lasts,
    planned_at,
    quiet,
    turn,
    wall_offset,
)
from respite.houses.policy.house_time import local
from respite.messaging.policy.hours import Hours, is_open

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZONES = ("America/Denver", "America/New_York", "America/Phoenix", "America/Anchorage", "Pacific/Honolulu")
AFTERS = tuple(step.after for step in SHIPPED)
#: Around both nights on which the clocks change, and between.
MOMENTS = st.datetimes(datetime(2026, 2, 1), datetime(2027, 4, 1)).map(lambda at: at.replace(tzinfo=UTC))
OPENS = st.builds(
    lambda begin, long: Hours(clock_time(begin), clock_time((begin + long) % 24)),
    st.integers(0, 22),
    st.integers(1, 13),
)


def day_of(at: datetime, zone: str) -> object:
    return local(at, zone).date()


@given(MOMENTS, st.sampled_from(AFTERS), st.sampled_from(ZONES), OPENS, st.uuids())
def test_it_is_on_that_day_where_they_are_and_in_their_hours(
    left_at: datetime, after: int, zone: str, hours: Hours, seed: uuid.UUID
) -> None:
    theirs = Theirs(hours, (zone,))
    at = planned_at(left_at, after, theirs, seed.bytes)
    assert is_open(at, hours, (zone,))
    assert (local(at, zone).date() - local(left_at, zone).date()).days == after // 24
    assert at == planned_at(left_at, after, theirs, seed.bytes)
    wall = local(wall_offset(left_at, after, zone), zone)
    room = timedelta(hours=2)
    if all(is_open(wall + shift, hours, (zone,)) for shift in (-room, timedelta(), room)):
        assert abs(at - wall) <= 40 * MINUTE


def test_the_nights_with_a_changed_clock() -> None:
    """Due at 02:30 in the night that has none it is 03:30; of 01:30 that comes twice the first; a day is a day."""
    denver = ZoneInfo("America/Denver")
    spring = datetime(2027, 3, 12, 2, 30, tzinfo=denver).astimezone(UTC)
    assert wall_offset(spring, 48, "America/Denver").astimezone(denver).strftime("%d %H:%M") == "14 03:30"
    autumn = datetime(2026, 10, 30, 1, 30, tzinfo=denver).astimezone(UTC)
    assert wall_offset(autumn, 48, "America/Denver") == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
    ten = datetime(2026, 10, 31, 10, tzinfo=denver).astimezone(UTC)
    assert wall_offset(ten, 48, "America/Denver") == ten + 49 * HOUR


@given(
    left_at=MOMENTS,
    zone=st.sampled_from(ZONES),
    down=st.lists(st.tuples(st.integers(0, 2400), st.integers(1, 800)), max_size=4),
    seeds=st.lists(st.uuids(), min_size=8, max_size=8, unique=True),
    afters=st.lists(st.integers(1, 184).map(lambda halves: 12 * halves), min_size=1, max_size=8, unique=True),
    back=st.tuples(st.integers(0, 2400), st.integers(0, 400)),
)
def test_missed_windows_move_and_never_burst(
    left_at: datetime,
    zone: str,
    down: list[tuple[int, int]],
    seeds: list[uuid.UUID],
    afters: list[int],
    back: tuple[int, int],
) -> None:
    """However often and long nobody looks: each once at most, in hours, in time, apart, and none while they are in a
    house."""
    theirs = Theirs(Hours(), (zone,))
    spans = [(left_at + begin * HOUR, left_at + (begin + long) * HOUR) for begin, long in down]
    inside = (left_at + back[0] * HOUR, left_at + (back[0] + back[1]) * HOUR)

    def looked_at(at: datetime) -> datetime:
        for begin, end in sorted(spans):
            at = end if begin <= at < end else at
        return at

    waits = {}
    for after, seed in zip(sorted(afters), seeds, strict=False):
        at = planned_at(left_at, after, theirs, seed.bytes)
        waits[after] = (at, at + lasts(after), seed)
    first = {after: due for after, (due, *_rest) in waits.items()}
    asked: list[datetime] = []
    done = set()
    for _step in range(5000):
        if not waits:
            break
        after, (due, last, seed) = min(waits.items(), key=lambda each: (looked_at(each[1][0]), each[1][0]))
        now = looked_at(due)
        before, moved = max(asked, default=None), due != first[after]
        paused = inside[0] <= now < inside[1]
        what = turn(now, due, last, theirs, seed.bytes, asked_before=before, paused=paused, moved=moved)
        if isinstance(what, Move):
            assert now < what.at < last
            assert is_open(what.at, theirs.hours, theirs.zones)
            waits[after] = (what.at, last, seed)
            continue
        del waits[after]
        if isinstance(what, Ask):
            assert after not in done
            assert not paused
            assert is_open(now, theirs.hours, theirs.zones)
            assert now < last
            assert all(abs(now - each) >= APART for each in asked)
            assert now - due <= LATE or due != first[after]
            asked.append(now)
            done.add(after)
        else:
            assert isinstance(what, Miss)
    assert not waits
    if not spans and inside[0] == inside[1] and sorted(afters) == sorted(set(AFTERS) & set(afters)):
        assert len(done) == len(afters)


def test_what_ships_leaves_whole_where_nothing_goes_wrong() -> None:
    left_at = datetime(2026, 11, 23, 17, tzinfo=UTC)
    theirs, last_asked = Theirs(Hours(), ("America/Denver",)), None
    for after in AFTERS:
        at = planned_at(left_at, after, theirs, b"one")
        what = turn(at, at, at + lasts(after), theirs, b"one", asked_before=last_asked, paused=False, moved=False)
        assert isinstance(what, Ask)
        last_asked = at
    assert [Step(after).window for after in (12, 48, 72, 96, 168, 2160)] == ["h12", "h48", "h72", "d4", "d7", "d90"]


def test_three_unanswered_are_enough_and_one_answer_begins_anew() -> None:
    assert [quiet(answers) for answers in ([], [False] * 2, [False] * 3, [True, False, False], [False, True])] == [
        False,
        False,
        True,
        False,
        False,
    ]
    assert not quiet([False, False, True, False, False])
    assert quiet([True, False, False, False])


def test_the_first_says_when_texts_are_read_and_the_last_that_it_is_the_last() -> None:
    how, call = Asks.HOW, Asks.CALL
    assert templates_of([how]) == ["follow-up-1"]
    assert templates_of([how, how, call, how]) == ["follow-up-1", "follow-up-2", "follow-up-call", "follow-up-4"]
    assert templates_of([how] * 5)[1:4] == ["follow-up-2", "follow-up-3", "follow-up-2"]


def test_a_yes_to_one_month_is_no_yes_to_three() -> None:
    assert [covers(1, 24 * days) for days in (2, 31, 32, 90)] == [True, True, False, False]
    assert covers(2, 24 * 90)
