"""How many nights a guest may have, and from when: the published vectors, and a count by brute force."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respite.guests.policy.return_rule import (
    DaysSinceLeaving,
    NightsLimit,
    NightsRule,
    NightsUsed,
    NoReturnRule,
    RollingWindow,
    full_stay,
    full_stay_opens_on,
    may_stay,
    nights_allowed,
    nights_answer,
    opens_on,
    return_rule_of,
    what_limits,
)

SEVEN_IN_THIRTY = NightsRule(RollingWindow(nights=7, days=30), longest_stay=7)
THIRTY_AFTER_LEAVING = NightsRule(DaysSinceLeaving(30), longest_stay=7)
JAN_1 = date(2026, 1, 1)


def jan(day: int) -> date:
    """A day counted from January 1; 32 is February 1."""
    return JAN_1 + timedelta(days=day - 1)


def nights(*days: int) -> NightsUsed:
    return NightsUsed(nights=frozenset(jan(day) for day in days))


WEEK = nights(*range(1, 8))
TWO_PARTS = nights(1, 2, 3, 10, 11, 12, 13)

few_nights = st.frozensets(st.integers(0, 50).map(lambda n: JAN_1 + timedelta(days=n)), max_size=25)
first_nights = st.integers(-5, 90).map(lambda n: JAN_1 + timedelta(days=n))
windows = st.builds(RollingWindow, nights=st.integers(1, 12), days=st.integers(1, 35))
longest = st.none() | st.integers(1, 28)
rules = st.builds(
    NightsRule, windows | st.builds(DaysSinceLeaving, st.integers(0, 40)) | st.just(NoReturnRule()), longest
)
wanted = st.integers(1, 30)


@st.composite
def other_stays(draw: st.DrawFn) -> list[tuple[date, date]]:
    """Up to five stays of a guest, one after the other, as (first night, leaving day)."""
    day, stays = JAN_1, []
    for _ in range(draw(st.integers(0, 5))):
        first = day + timedelta(days=draw(st.integers(0, 20)))
        day = first + timedelta(days=draw(st.integers(1, 9)))
        stays.append((first, day))
    return stays


histories = other_stays().map(NightsUsed.of_stays)


def keeps_the_window(stay: Iterable[date], used: Iterable[date], window: RollingWindow) -> bool:
    """The oracle: no run of `days` days that holds a night of the stay holds more than `nights` in all."""
    asked = set(stay)
    all_nights = asked | set(used)
    if not asked:
        return True
    for offset in range((max(asked) - min(asked)).days + 2 * window.days):
        last = min(asked) + timedelta(days=offset)
        days = {last - timedelta(days=n) for n in range(window.days)}
        if days & asked and len(days & all_nights) > window.nights:
            return False
    return True


def run(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]


# The vectors of the reference, to the day.


def test_a_full_week_used_refuses_january_30_and_opens_a_full_stay_on_january_31() -> None:
    assert nights_allowed(jan(30), 1, WEEK, SEVEN_IN_THIRTY) == 0
    assert nights_allowed(jan(31), 7, WEEK, SEVEN_IN_THIRTY) == 7
    assert opens_on(jan(8), WEEK, SEVEN_IN_THIRTY) == jan(31)
    assert full_stay_opens_on(jan(8), WEEK, SEVEN_IN_THIRTY) == jan(31)


def test_two_parts_used_allow_three_nights_from_january_31_and_a_full_stay_from_february_6() -> None:
    assert nights_allowed(jan(31), 7, TWO_PARTS, SEVEN_IN_THIRTY) == 3
    assert may_stay(jan(31), 3, TWO_PARTS, SEVEN_IN_THIRTY)
    assert not may_stay(jan(31), 4, TWO_PARTS, SEVEN_IN_THIRTY)
    assert full_stay_opens_on(jan(31), TWO_PARTS, SEVEN_IN_THIRTY) == date(2026, 2, 6)
    answer = nights_answer(jan(31), TWO_PARTS, SEVEN_IN_THIRTY)
    assert (answer.nights_open, answer.opens_on) == (3, jan(31))
    assert (answer.full_stay, answer.full_stay_opens_on) == (7, date(2026, 2, 6))


def test_a_guest_with_no_nights_behind_them_has_a_full_stay_today() -> None:
    answer = nights_answer(jan(5), NightsUsed(), SEVEN_IN_THIRTY)
    assert (answer.nights_open, answer.opens_on, answer.full_stay_opens_on) == (7, jan(5), jan(5))


def test_the_leap_day_is_a_day_of_the_window() -> None:
    used = NightsUsed(nights=frozenset(run(date(2028, 2, 1), 7)))
    assert full_stay_opens_on(date(2028, 2, 8), used, SEVEN_IN_THIRTY) == date(2028, 3, 2)
    used = NightsUsed(nights=frozenset(run(date(2027, 2, 1), 7)))
    assert full_stay_opens_on(date(2027, 2, 8), used, SEVEN_IN_THIRTY) == date(2027, 3, 3)


def test_a_stay_saved_further_on_keeps_its_nights() -> None:
    saved = nights(*range(20, 26))
    assert nights_allowed(jan(10), 7, saved, SEVEN_IN_THIRTY) == 1
    assert full_stay_opens_on(jan(10), saved, SEVEN_IN_THIRTY) == jan(49)


def test_a_night_that_is_already_the_guests_is_not_had_twice() -> None:
    saved = nights(20, 21)
    free = NightsRule(NoReturnRule(), None)
    assert nights_allowed(jan(20), 1, saved, free) == 0
    assert nights_allowed(jan(18), 5, saved, free) == 2
    assert what_limits(jan(18), 5, saved, free) is NightsLimit.OWN_OTHER_STAY
    assert opens_on(jan(20), saved, free) == jan(22)


# Days since leaving.


def test_thirty_days_after_leaving_a_stay_opens_whole() -> None:
    used = NightsUsed.of_stays([(jan(1), jan(4))])
    assert nights_allowed(jan(33), 7, used, THIRTY_AFTER_LEAVING) == 0
    assert nights_allowed(jan(34), 7, used, THIRTY_AFTER_LEAVING) == 7
    assert opens_on(jan(5), used, THIRTY_AFTER_LEAVING) == jan(34)
    assert full_stay_opens_on(jan(5), used, THIRTY_AFTER_LEAVING) == jan(34)


def test_no_days_since_leaving_means_the_same_day() -> None:
    used = NightsUsed.of_stays([(jan(1), jan(4))])
    assert may_stay(jan(4), 7, used, NightsRule(DaysSinceLeaving(0), 7))


def test_a_short_stay_fits_before_one_saved_further_on_and_its_pause() -> None:
    used = NightsUsed.of_stays([(jan(41), jan(44))])
    assert nights_allowed(jan(9), 7, used, THIRTY_AFTER_LEAVING) == 2
    assert nights_allowed(jan(12), 7, used, THIRTY_AFTER_LEAVING) == 0


def test_leaving_days_count_even_for_a_stay_of_no_nights() -> None:
    used = NightsUsed.of_stays([(jan(3), jan(3))])
    assert opens_on(jan(3), used, THIRTY_AFTER_LEAVING) == jan(33)


# Making a stay longer.


def test_the_nights_of_the_stay_itself_count_in_the_longest_stay() -> None:
    here = NightsUsed(this_stay=frozenset(run(jan(1), 5)))
    assert nights_allowed(jan(6), 4, here, NightsRule(NoReturnRule(), 7)) == 2
    assert what_limits(jan(6), 4, here, NightsRule(NoReturnRule(), 7)) is NightsLimit.LONGEST_STAY


def test_the_nights_of_the_stay_itself_count_in_the_window() -> None:
    here = NightsUsed(nights=frozenset(run(jan(1), 3)), this_stay=frozenset(run(jan(10), 3)))
    assert nights_allowed(jan(13), 3, here, SEVEN_IN_THIRTY) == 1
    assert what_limits(jan(13), 3, here, SEVEN_IN_THIRTY) is NightsLimit.RETURN_RULE


def test_a_pause_after_an_earlier_stay_does_not_stop_one_that_has_begun() -> None:
    here = NightsUsed(left_on=frozenset([jan(1)]), this_stay=frozenset(run(jan(10), 3)))
    assert nights_allowed(jan(13), 2, here, THIRTY_AFTER_LEAVING) == 2


def test_when_a_new_stay_opens_is_not_asked_in_the_middle_of_one() -> None:
    with pytest.raises(ValueError, match="new stay"):
        opens_on(jan(4), NightsUsed(this_stay=frozenset([jan(3)])), SEVEN_IN_THIRTY)


# Limits and wrong values.


def test_a_full_stay_is_the_most_that_both_rules_leave() -> None:
    assert full_stay(NightsRule(RollingWindow(7, 30), 10)) == 7
    assert full_stay(NightsRule(RollingWindow(14, 30), 10)) == 10
    assert full_stay(NightsRule(RollingWindow(14, 30), None)) == 14
    assert full_stay(NightsRule(RollingWindow(30, 30), None)) is None
    assert full_stay(NightsRule(NoReturnRule(), None)) is None
    assert full_stay(NightsRule(DaysSinceLeaving(30), 5)) == 5


def test_a_house_without_limits_has_none() -> None:
    free = NightsRule(NoReturnRule(), None)
    assert nights_allowed(jan(8), 10_000, WEEK, free) == 10_000
    assert full_stay_opens_on(jan(8), WEEK, free) == jan(8)
    assert what_limits(jan(8), 10_000, WEEK, free) is None


@pytest.mark.parametrize(
    "make",
    [
        lambda: RollingWindow(0, 30),
        lambda: RollingWindow(7, 0),
        lambda: DaysSinceLeaving(-1),
        lambda: NightsRule(NoReturnRule(), 0),
        lambda: nights_allowed(jan(1), 0, NightsUsed(), SEVEN_IN_THIRTY),
    ],
)
def test_a_rule_without_meaning_is_no_rule(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError):
        make()


@pytest.mark.parametrize(
    "kind, rule",
    [("rolling", RollingWindow(7, 30)), ("since-leaving", DaysSinceLeaving(30)), ("none", NoReturnRule())],
)
def test_the_settings_of_a_house_name_its_rule(kind: str, rule: object) -> None:
    assert return_rule_of(kind, nights=7, days=30) == rule


# Properties.


@given(first_nights, wanted, few_nights, windows, longest)
def test_a_window_allows_exactly_what_a_count_by_hand_allows(
    first: date, want: int, used: frozenset[date], window: RollingWindow, longest_stay: int | None
) -> None:
    most = want if longest_stay is None else min(want, longest_stay)
    by_hand = max(
        n for n in range(most + 1) if keeps_the_window(run(first, n), used, window) and not used & set(run(first, n))
    )
    assert nights_allowed(first, want, NightsUsed(used), NightsRule(window, longest_stay)) == by_hand


@given(first_nights, wanted, few_nights, windows)
def test_behind_the_guest_every_night_looks_back_over_its_own_window(
    first: date, want: int, used: frozenset[date], window: RollingWindow
) -> None:
    past = frozenset(night for night in used if night < first)
    allowed = nights_allowed(first, want, NightsUsed(past), NightsRule(window, None))

    def in_window(night: date, had: AbstractSet[date]) -> int:
        return sum(night - timedelta(days=window.days) < other <= night for other in had)

    had = past | set(run(first, allowed))
    assert all(in_window(night, had) <= window.nights for night in run(first, allowed))
    if allowed < want:
        following = first + timedelta(days=allowed)
        assert in_window(following, had | {following}) > window.nights


@given(first_nights, wanted, histories, rules)
def test_what_may_be_had_grows_with_what_is_wanted_and_never_beyond(
    first: date, want: int, used: NightsUsed, rule: NightsRule
) -> None:
    allowed = nights_allowed(first, want, used, rule)
    assert 0 <= allowed <= want
    assert nights_allowed(first, want + 1, used, rule) in {allowed, want + 1 if allowed == want else allowed}
    assert all(may_stay(first, n, used, rule) == (n <= allowed) for n in range(1, want + 1))
    assert (what_limits(first, want, used, rule) is None) == (allowed == want)


@given(first_nights, wanted, few_nights, few_nights, windows)
def test_a_night_more_behind_never_opens_a_night_more(
    first: date, want: int, used: frozenset[date], more: frozenset[date], window: RollingWindow
) -> None:
    rule = NightsRule(window, None)
    assert nights_allowed(first, want, NightsUsed(used | more), rule) <= nights_allowed(
        first, want, NightsUsed(used), rule
    )


@given(first_nights, wanted, few_nights, windows)
def test_a_kinder_window_never_allows_less(
    first: date, want: int, used: frozenset[date], window: RollingWindow
) -> None:
    allowed = nights_allowed(first, want, NightsUsed(used), NightsRule(window, None))
    for kinder in (
        RollingWindow(window.nights + 1, window.days),
        RollingWindow(window.nights, max(1, window.days - 1)),
    ):
        assert nights_allowed(first, want, NightsUsed(used), NightsRule(kinder, None)) >= allowed


@given(first_nights, histories, rules)
def test_the_dates_told_are_the_first_on_which_they_are_true(asked: date, used: NightsUsed, rule: NightsRule) -> None:
    answer = nights_answer(asked, used, rule)
    full = answer.full_stay or 1
    assert asked <= answer.opens_on <= answer.full_stay_opens_on
    assert may_stay(answer.opens_on, 1, used, rule)
    assert may_stay(answer.full_stay_opens_on, full, used, rule)
    for day in run(asked, (answer.opens_on - asked).days):
        assert not may_stay(day, 1, used, rule)
    for day in run(asked, (answer.full_stay_opens_on - asked).days):
        assert not may_stay(day, full, used, rule)
    assert (answer.nights_open > 0) == (answer.opens_on == asked)


@given(first_nights, wanted, other_stays(), st.integers(0, 40))
def test_days_since_leaving_keeps_the_pause_on_both_sides(
    first: date, want: int, stays: list[tuple[date, date]], days: int
) -> None:
    def keeps_the_pause(count: int) -> bool:
        leaving, pause = first + timedelta(days=count), timedelta(days=days)
        return all(first >= left + pause or leaving + pause <= begins for begins, left in stays)

    by_hand = max((n for n in range(1, want + 1) if keeps_the_pause(n)), default=0)
    rule = NightsRule(DaysSinceLeaving(days), None)
    assert nights_allowed(first, want, NightsUsed.of_stays(stays), rule) == by_hand


@given(first_nights, st.integers(1, 10), st.integers(1, 10), few_nights, windows)
def test_asking_in_two_parts_gives_no_more_than_asking_at_once(
    first: date, part: int, more: int, used: frozenset[date], window: RollingWindow
) -> None:
    rule = NightsRule(window, 12)
    at_once = nights_allowed(first, part + more, NightsUsed(used), rule)
    had = nights_allowed(first, part, NightsUsed(used), rule)
    if had == part:
        begun = NightsUsed(used, this_stay=frozenset(run(first, had)))
        had += nights_allowed(first + timedelta(days=had), more, begun, rule)
    assert had == at_once
