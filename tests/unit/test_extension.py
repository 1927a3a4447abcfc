"""Making a stay longer: every rule in the way is named, and what is possible instead is told."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respite.guests.policy.extension import (
    ExtensionAnswer,
    ExtensionAsk,
    ExtensionRule,
    ExtensionStop,
    free_nights,
    may_extend,
)
from respite.guests.policy.return_rule import NightsRule, NightsUsed, NoReturnRule, RollingWindow

FIRST = date(2026, 5, 1)
LEAVING = date(2026, 5, 4)
SO_FAR = frozenset(FIRST + timedelta(days=n) for n in range(3))
ONCE_BY_THREE = ExtensionRule(most_times=1, most_nights_each=3, granted_by=frozenset({"coordinator", "director"}))
SEVEN = NightsRule(NoReturnRule(), longest_stay=7)
COORDINATOR = frozenset({"coordinator"})


def ask(
    nights: int,
    *,
    times_before: int = 0,
    roles: frozenset[str] = COORDINATOR,
    rule: ExtensionRule = ONCE_BY_THREE,
    nights_rule: NightsRule = SEVEN,
    used: frozenset[date] = frozenset(),
    taken: frozenset[date] = frozenset(),
) -> ExtensionAnswer:
    return may_extend(
        ExtensionAsk(LEAVING, nights, times_before, roles),
        rule,
        nights_rule,
        NightsUsed(nights=used, this_stay=SO_FAR),
        taken,
    )


def test_nights_within_every_rule_are_allowed() -> None:
    answer = ask(3)
    assert answer.allowed
    assert answer.possible_in_this_bed == 3
    assert answer.leaves_then == date(2026, 5, 7)


def test_who_may_grant_it_is_asked_last_and_the_nights_stay_possible() -> None:
    answer = ask(2, roles=frozenset({"peer"}))
    assert answer.stops == (ExtensionStop.NOT_THEIRS_TO_GRANT,)
    assert answer.possible_in_this_bed == 2
    both = ask(9, roles=frozenset({"peer"}))
    assert both.stops[-1] is ExtensionStop.NOT_THEIRS_TO_GRANT
    assert len(both.stops) > 1


def test_more_at_once_than_the_house_gives_is_cut_to_what_it_gives() -> None:
    answer = ask(4)
    assert answer.stops == (ExtensionStop.TOO_MANY_AT_ONCE,)
    assert answer.possible_in_this_bed == 3


def test_a_second_time_where_once_is_the_rule_leaves_nothing() -> None:
    answer = ask(1, times_before=1)
    assert answer.stops == (ExtensionStop.TIMES_USED_UP,)
    assert answer.possible_in_this_bed == answer.possible_in_another_bed == 0
    assert answer.leaves_then == LEAVING


def test_the_longest_stay_counts_the_nights_so_far() -> None:
    open_handed = ExtensionRule(None, None, frozenset({"coordinator"}))
    answer = ask(6, rule=open_handed)
    assert answer.stops == (ExtensionStop.LONGEST_STAY,)
    assert answer.possible_in_this_bed == 4


def test_the_return_rule_counts_earlier_nights_too() -> None:
    earlier = frozenset(date(2026, 4, 20) + timedelta(days=n) for n in range(3))
    answer = ask(3, nights_rule=NightsRule(RollingWindow(7, 30), 7), used=earlier)
    assert answer.stops == (ExtensionStop.RETURN_RULE,)
    assert answer.possible_in_this_bed == 1


def test_the_next_claim_on_the_bed_stops_and_another_bed_would_do() -> None:
    answer = ask(3, taken=frozenset({date(2026, 5, 5), date(2026, 5, 6)}))
    assert answer.stops == (ExtensionStop.BED_TAKEN,)
    assert (answer.possible_in_this_bed, answer.possible_in_another_bed) == (1, 3)


def test_nights_taken_before_the_leaving_day_are_nobodys_trouble() -> None:
    assert ask(3, taken=SO_FAR).allowed


def test_every_rule_in_the_way_is_named() -> None:
    answer = ask(5, times_before=1, taken=frozenset({LEAVING}))
    assert answer.stops == (
        ExtensionStop.TIMES_USED_UP,
        ExtensionStop.TOO_MANY_AT_ONCE,
        ExtensionStop.LONGEST_STAY,
        ExtensionStop.BED_TAKEN,
    )


@pytest.mark.parametrize("nights", [0, -1])
def test_longer_by_no_night_is_no_ask(nights: int) -> None:
    with pytest.raises(ValueError):
        ask(nights)


def test_a_rule_without_meaning_is_no_rule() -> None:
    with pytest.raises(ValueError):
        ExtensionRule(-1, 3, COORDINATOR)
    with pytest.raises(ValueError):
        ExtensionRule(1, 0, COORDINATOR)


@given(
    nights=st.integers(1, 12),
    times_before=st.integers(0, 3),
    roles=st.frozensets(st.sampled_from(["peer", "coordinator", "director"])),
    rule=st.builds(
        ExtensionRule,
        st.none() | st.integers(0, 3),
        st.none() | st.integers(1, 7),
        st.frozensets(st.sampled_from(["peer", "coordinator"])),
    ),
    nights_rule=st.builds(
        NightsRule,
        st.just(NoReturnRule()) | st.builds(RollingWindow, st.integers(1, 14), st.integers(1, 30)),
        st.none() | st.integers(1, 14),
    ),
    taken=st.frozensets(st.integers(-5, 20).map(lambda n: LEAVING + timedelta(days=n))),
)
def test_what_is_called_possible_is_granted_when_asked_for(
    nights: int,
    times_before: int,
    roles: frozenset[str],
    rule: ExtensionRule,
    nights_rule: NightsRule,
    taken: frozenset[date],
) -> None:
    def answer(wanted: int) -> ExtensionAnswer:
        return ask(wanted, times_before=times_before, roles=roles, rule=rule, nights_rule=nights_rule, taken=taken)

    told = answer(nights)
    not_theirs = {ExtensionStop.NOT_THEIRS_TO_GRANT} if not roles & rule.granted_by else set()
    assert told.allowed == (told.possible_in_this_bed == nights and not not_theirs)
    assert told.possible_in_this_bed <= told.possible_in_another_bed <= nights
    if told.possible_in_this_bed:
        assert set(answer(told.possible_in_this_bed).stops) == not_theirs
    if told.possible_in_this_bed < nights:
        assert set(answer(told.possible_in_this_bed + 1).stops) > not_theirs
    new = {LEAVING + timedelta(days=n) for n in range(told.possible_in_this_bed)}
    assert not new & taken


def test_a_bed_taken_later_is_free_until_then() -> None:
    assert free_nights(FIRST, 5, frozenset({LEAVING})) == 3
    assert free_nights(LEAVING, 5, frozenset({LEAVING})) == 0
    assert free_nights(LEAVING + timedelta(days=1), 5, frozenset({LEAVING})) == 5
