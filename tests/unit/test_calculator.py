"""The nights calculator: rules and beds together, for staff and for a guest."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from respite.guests.policy.calculator import LOOK_AHEAD, for_guest, for_staff
from respite.guests.policy.return_rule import (
    MOST_COUNTED,
    DaysSinceLeaving,
    NightsRule,
    NightsUsed,
    NoReturnRule,
    RollingWindow,
    full_stay,
    full_stay_opens_on,
    may_stay,
)

JAN_31 = date(2026, 1, 31)
SEVEN_IN_THIRTY = NightsRule(RollingWindow(7, 30), 7)
TWO_PARTS = NightsUsed(nights=frozenset(date(2026, 1, day) for day in (1, 2, 3, 10, 11, 12, 13)))
NOBODY: frozenset[date] = frozenset()


def span(first: date, count: int) -> frozenset[date]:
    return frozenset(first + timedelta(days=n) for n in range(count))


def test_three_nights_are_open_now_and_a_full_stay_from_february_6() -> None:
    told = for_guest(JAN_31, TWO_PARTS, SEVEN_IN_THIRTY, {"Willow": NOBODY})
    assert (told.nights_now, told.opens_on, told.nights_then) == (3, JAN_31, 3)
    assert (told.full_stay, told.full_stay_on) == (7, date(2026, 2, 6))
    assert not told.full_stay_now


def test_a_guest_new_to_an_empty_house_is_told_that_a_full_stay_is_open_now() -> None:
    told = for_guest(JAN_31, NightsUsed(), SEVEN_IN_THIRTY, {"Willow": NOBODY})
    assert told.nights_now == 7
    assert told.full_stay_now


def test_a_full_stay_is_one_bed_for_the_whole_of_it() -> None:
    beds = {"Willow": span(JAN_31 + timedelta(days=4), 3), "Cedar": span(JAN_31, 5)}
    told = for_guest(JAN_31, NightsUsed(), SEVEN_IN_THIRTY, beds)
    assert told.nights_now == 4
    assert told.full_stay_on == date(2026, 2, 5)


def test_a_full_house_tells_when_the_first_night_opens() -> None:
    beds = {"Willow": span(JAN_31, 3), "Cedar": span(JAN_31, 2) | span(date(2026, 2, 3), 9)}
    told = for_guest(JAN_31, NightsUsed(), SEVEN_IN_THIRTY, beds)
    assert (told.nights_now, told.opens_on, told.nights_then) == (0, date(2026, 2, 2), 1)
    assert told.full_stay_on == date(2026, 2, 3)


def test_a_house_closed_for_long_gives_no_date() -> None:
    told = for_guest(JAN_31, NightsUsed(), SEVEN_IN_THIRTY, {"Willow": span(JAN_31, LOOK_AHEAD)})
    assert (told.nights_now, told.opens_on, told.nights_then, told.full_stay_on) == (0, None, 0, None)
    assert for_guest(JAN_31, NightsUsed(), SEVEN_IN_THIRTY, {}).opens_on is None


def test_a_house_without_limits_has_no_full_stay_to_wait_for() -> None:
    told = for_guest(JAN_31, NightsUsed(), NightsRule(NoReturnRule(), None), {"Willow": NOBODY})
    assert (told.nights_now, told.full_stay, told.full_stay_on) == (MOST_COUNTED, None, None)


def test_staff_see_every_bed_the_longest_run_first() -> None:
    beds = {"Cedar": span(JAN_31, 5), "Willow": span(JAN_31 + timedelta(days=2), 3), "Fern": NOBODY}
    told = for_staff(JAN_31, TWO_PARTS, SEVEN_IN_THIRTY, beds)
    assert told.by_rules.nights_open == 3
    assert [(run.bed, run.free_nights, run.nights_open) for run in told.beds] == [
        ("Fern", MOST_COUNTED, 3),
        ("Willow", 2, 2),
        ("Cedar", 0, 0),
    ]


few_nights = st.frozensets(st.integers(0, 40).map(lambda n: JAN_31 + timedelta(days=n)), max_size=20)
rules = st.builds(
    NightsRule,
    st.builds(RollingWindow, st.integers(1, 8), st.integers(1, 30))
    | st.builds(DaysSinceLeaving, st.integers(0, 30))
    | st.just(NoReturnRule()),
    st.integers(1, 10),
)
histories = st.integers(1, 30).map(
    lambda ago: NightsUsed.of_stays([(JAN_31 - timedelta(days=ago + 3), JAN_31 - timedelta(days=ago))])
)


@settings(max_examples=60)
@given(histories, rules, st.dictionaries(st.integers(1, 4), few_nights, min_size=1))
def test_a_date_told_is_the_first_with_a_bed_and_the_rules_for_it(
    used: NightsUsed, rule: NightsRule, beds: dict[int, frozenset[date]]
) -> None:
    def open_by_hand(first: date, count: int) -> bool:
        bed_free = any(not span(first, count) & taken for taken in beds.values())
        return bed_free and may_stay(first, count, used, rule)

    told = for_guest(JAN_31, used, rule, beds)
    full = full_stay(rule)
    assert full is not None
    assert told.opens_on is not None
    assert told.full_stay_on is not None
    for day, count in ((told.opens_on, 1), (told.full_stay_on, full)):
        assert open_by_hand(day, count)
        earlier = (JAN_31 + timedelta(days=n) for n in range((day - JAN_31).days))
        assert not any(open_by_hand(other, count) for other in earlier)
    assert told.nights_now == max((n for n in range(1, full + 1) if open_by_hand(JAN_31, n)), default=0)
    assert told.full_stay_on >= full_stay_opens_on(JAN_31, used, rule)


@given(histories, rules, st.dictionaries(st.integers(1, 4), few_nights, min_size=1))
def test_a_guest_is_told_the_best_of_what_staff_see(
    used: NightsUsed, rule: NightsRule, beds: dict[int, frozenset[date]]
) -> None:
    staff = for_staff(JAN_31, used, rule, beds)
    assert {run.bed for run in staff.beds} == set(beds)
    assert staff.beds[0].nights_open == for_guest(JAN_31, used, rule, beds).nights_now
