"""What may be done with a stay, how it ends, and what a door is now."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respite.guests.policy.stay_states import (
    SAVED,
    BedState,
    EndFact,
    EndKind,
    NotNow,
    StayAct,
    StayState,
    after,
    bed_state,
    check_facts,
    facts_needed,
    hold_stands,
    refuse,
    state_at,
    usual_end,
)

SIX_PM = datetime(2026, 5, 4, 22, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)

FITS = {
    ("held", "confirm"): "held",
    ("held", "hold-longer"): "held",
    ("held", "move"): "held",
    ("held", "extend"): "held",
    ("held", "arrive"): "here",
    ("held", "let-go"): "let-go",
    ("held", "run-out"): "ran-out",
    ("offered", "let-go"): "not-taken",
    ("offered", "run-out"): "not-taken",
    ("here", "move"): "here",
    ("here", "extend"): "here",
    ("here", "leave"): "left",
}
WHY_NOT = {
    "held": NotNow.NOT_HERE_YET,
    "offered": NotNow.ONLY_OFFERED,
    "here": NotNow.ALREADY_HERE,
    "left": NotNow.HAS_LEFT,
    "let-go": NotNow.WAS_LET_GO,
    "ran-out": NotNow.HAS_RUN_OUT,
    "not-taken": NotNow.WAS_LET_GO,
}


@pytest.mark.parametrize("state, act", list(product(StayState, StayAct)))
def test_every_act_fits_or_is_refused_for_the_state_it_meets(state: StayState, act: StayAct) -> None:
    if (state, act) in FITS:
        assert refuse(state, act) is None
        assert after(state, act) == FITS[state, act]
    else:
        assert refuse(state, act) is WHY_NOT[state]
        with pytest.raises(ValueError, match="does not fit"):
            after(state, act)


@given(st.lists(st.sampled_from(StayAct)))
def test_what_has_ended_never_begins_again(acts: list[StayAct]) -> None:
    state, ended = StayState.HELD, False
    for act in acts:
        if refuse(state, act) is None:
            assert not ended
            state = after(state, act)
        ended = state in {StayState.LEFT, StayState.LET_GO, StayState.RAN_OUT}


def test_a_saved_bed_runs_out_on_its_instant_without_any_sweep() -> None:
    assert state_at(StayState.HELD, SIX_PM, SIX_PM - A_MOMENT) is StayState.HELD
    assert state_at(StayState.HELD, SIX_PM, SIX_PM) is StayState.RAN_OUT
    assert not hold_stands(SIX_PM, SIX_PM)


def test_a_confirmed_bed_does_not_run_out() -> None:
    assert state_at(StayState.HELD, None, SIX_PM + timedelta(days=99)) is StayState.HELD
    assert hold_stands(None, SIX_PM)


def test_an_offered_bed_is_nobody_s_from_its_instant_on() -> None:
    assert state_at(StayState.OFFERED, SIX_PM, SIX_PM - A_MOMENT) is StayState.OFFERED
    assert state_at(StayState.OFFERED, SIX_PM, SIX_PM) is StayState.NOT_TAKEN


@pytest.mark.parametrize("state", [s for s in StayState if s not in SAVED])
def test_only_a_saved_bed_can_run_out(state: StayState) -> None:
    assert state_at(state, SIX_PM, SIX_PM + timedelta(days=1)) is state


def test_confirming_what_has_run_out_is_too_late() -> None:
    assert refuse(state_at(StayState.HELD, SIX_PM, SIX_PM), StayAct.CONFIRM) is NotNow.HAS_RUN_OUT


@pytest.mark.parametrize(
    "kind, needed",
    [
        ("as-planned", set()),
        ("sooner-own-choice", set()),
        ("asked-to-leave", {"rule-number", "decided-by", "how-to-ask-again", "may-return-on"}),
        ("taken-by-ambulance", {"who-called", "chosen-by-guest"}),
        ("taken-by-police", {"who-called", "chosen-by-guest"}),
    ],
)
def test_each_end_is_written_down_with_its_own_facts(kind: str, needed: set[str]) -> None:
    end = EndKind(kind)
    assert facts_needed(end) == needed
    assert check_facts(end, facts_needed(end)).complete
    for fact in EndFact:
        if fact in needed:
            assert check_facts(end, facts_needed(end) - {fact}).missing == {fact}
        else:
            assert check_facts(end, facts_needed(end) | {fact}).out_of_place == {fact}


def test_leaving_sooner_is_supposed_to_be_the_guests_own_choice() -> None:
    planned = date(2026, 5, 8)
    assert usual_end(date(2026, 5, 7), planned) is EndKind.SOONER_OWN_CHOICE
    assert usual_end(planned, planned) is usual_end(date(2026, 5, 9), planned) is EndKind.AS_PLANNED


@pytest.mark.parametrize("occupied, closed, readying, held", list(product([True, False], repeat=4)))
def test_a_door_shows_the_first_that_is_true(occupied: bool, closed: bool, readying: bool, held: bool) -> None:
    expected = (
        "occupied" if occupied else "closed" if closed else "readying" if readying else "held" if held else "free"
    )
    state = bed_state(occupied=occupied, closed_tonight=closed, readying=readying, held_now=held)
    assert state == BedState(expected)


def test_the_order_of_door_states_is_the_contract() -> None:
    assert [*BedState] == ["occupied", "closed", "readying", "held", "free"]
